"""Whether two lessons differ by more than chance and measuring explain (definition B11)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lesson.spread import bootstrap_weights
from lesson.statistics import Figure
from lesson.thresholds import EPSILON_S, MINIMUM_N

_Z = 1.96
#: ``too_few``: one of the two rests on too few observations to say anything.
Verdict = Literal["more", "less", "no_difference_seen", "too_few"]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two lessons.

    Attributes:
        before, after: the figures, each with its n and interval.
        difference: ``after`` minus ``before``; ``None`` when one of them is missing.
        low, high: 95 % interval of the difference.
        verdict: what may be said.
    """

    before: Figure
    after: Figure
    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict


def compare_medians(
    before: Figure, after: Figure, durations: tuple[Sequence[float], Sequence[float]]
) -> Change:
    """Two medians of durations in seconds.

    They differ when they lie further apart than 1.96 standard errors of their bootstrap
    distributions together, and by more than the tolerance of the measurement beside that.

    Args:
        before, after: the medians as they are shown.
        durations: what they are the medians of.
    """
    if not (before.enough and after.enough):
        return _too_few(before, after)
    assert before.value is not None
    assert after.value is not None
    difference = after.value - before.value
    margin = _Z * math.hypot(*(standard_error(sorted(values)) for values in durations))
    verdict: Verdict = "no_difference_seen"
    if abs(difference) > margin + EPSILON_S:
        verdict = "more" if difference > 0 else "less"
    return Change(
        before,
        after,
        round(difference, 3),
        round(difference - margin, 3),
        round(difference + margin, 3),
        verdict,
    )


def compare_shares(before: Figure, after: Figure) -> Change:
    """Two shares, each with Wilson's interval.

    The interval of the difference is Newcombe's (1998, method 10): made of both Wilson intervals,
    good for few observations and for shares near 0 and 1. They differ when it leaves out 0.
    """
    if not (before.enough and after.enough):
        return _too_few(before, after)
    p1, l1, u1 = _parts(before)
    p2, l2, u2 = _parts(after)
    difference = p2 - p1
    low = difference - math.hypot(p2 - l2, u1 - p1)
    high = difference + math.hypot(u2 - p2, p1 - l1)
    verdict: Verdict = "no_difference_seen"
    if low > 0 or high < 0:
        verdict = "more" if difference > 0 else "less"
    return Change(before, after, round(difference, 4), round(low, 4), round(high, 4), verdict)


def standard_error(ordered: Sequence[float]) -> float:
    """Standard deviation of the bootstrap distribution of the median of sorted durations."""
    if len(ordered) < MINIMUM_N:
        raise ValueError(f"{len(ordered)} durations are too few for a standard error")
    weights = bootstrap_weights(len(ordered))
    mean = math.fsum(w * x for w, x in zip(weights, ordered, strict=True))
    squares = math.fsum(w * (x - mean) ** 2 for w, x in zip(weights, ordered, strict=True))
    return math.sqrt(squares)


def _too_few(before: Figure, after: Figure) -> Change:
    difference = None
    if before.value is not None and after.value is not None:
        difference = round(after.value - before.value, 4)
    return Change(before, after, difference, None, None, "too_few")


def _parts(figure: Figure) -> tuple[float, float, float]:
    if figure.value is None or figure.low is None or figure.high is None:
        raise ValueError("a share without its interval cannot be compared")
    return figure.value, figure.low, figure.high
