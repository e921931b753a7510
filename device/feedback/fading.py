"""Which pauses are cued. Fading the signals out over the weeks fits in here."""

from __future__ import annotations

from typing import Protocol


class Fading(Protocol):
    """Asked once per pause; must be deterministic, so that a recording gives the same cues."""

    def cues(self, question_end_s: float) -> bool:
        """Whether the pause after the question that ended at ``question_end_s`` is cued."""
        ...


class Always:
    """Every pause is cued: the first weeks of coaching on the job."""

    def cues(self, question_end_s: float) -> bool:  # noqa: ARG002 - every pause is alike
        return True
