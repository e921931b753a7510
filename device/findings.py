"""The outcome of one of ``denkpauze doctor``'s checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How much a finding matters; only a blocker keeps a lesson from being measured."""

    OK = "ok"
    ATTENTION = "attention"
    BLOCKER = "blocker"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    Attributes:
        found: what is there.
        advice: what to do, empty when all is well.
    """

    subject: str
    verdict: Verdict
    found: str
    advice: str = ""


def judged(
    subject: str, good: bool, found: str, advice: str, otherwise: Verdict = Verdict.ATTENTION
) -> Finding:
    """Well, or else the other verdict with the advice."""
    return (
        Finding(subject, Verdict.OK, found) if good else Finding(subject, otherwise, found, advice)
    )
