"""What was tried, and what came of it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


class ClaimError(Exception):
    """A claim does not hold; the text says what was found instead."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One claim.

    Attributes:
        claim: what should hold.
        found: figures, or why it does not hold.
    """

    system: str
    claim: str
    good: bool
    found: str
    took_s: float


@dataclass
class Record:
    """Tries claims one by one and says so; a failure does not keep the next from being tried."""

    system: str
    tried: list[Tried] = field(default_factory=list)

    def claim(self, text: str, check: Callable[[], str]) -> bool:
        """Try one.

        Args:
            check: returns what it found, or raises ``ClaimError``.
        """
        began_s = time.monotonic()
        try:
            good, found = True, check()
        except (ClaimError, subprocess.TimeoutExpired) as failure:
            good, found = False, " ".join(str(failure).split())[-600:]
        took_s = time.monotonic() - began_s
        self.tried.append(Tried(self.system, text, good, found, round(took_s, 1)))
        sign = "ok  " if good else "NOT "
        print(f"{sign} {self.system}: {text} ({took_s:.0f} s) {found}", flush=True)
        return good


def write(path: Path, tried: list[Tried]) -> None:
    """Everything that was tried, as JSON; what stands there of other claims stays."""
    found = {(each["system"], each["claim"]): each for each in _read(path)}
    found |= {(each.system, each.claim): asdict(each) for each in tried}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(list(found.values()), indent=1) + "\n")


def _read(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text()) if path.exists() else []


def must(good: bool, found: str) -> None:
    """Raises ``ClaimError`` when a claim does not hold."""
    if not good:
        raise ClaimError(" ".join(found.split())[-600:])
