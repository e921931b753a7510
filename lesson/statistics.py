"""Small statistics with their uncertainty, without any library. Formulas: docs/definitions.md."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from lesson.thresholds import MINIMUM_N

#: 97.5th percentile of the normal distribution, for two-sided 95 % intervals.
_Z = 1.959963984540054


class Figure(BaseModel):
    """A figure that never comes without its number of observations.

    Attributes:
        value: the figure, ``None`` when there is none.
        n: observations behind it.
        low, high: limits of its 95 % interval, where one is defined.
        reason: why there is no value, where that is not simply ``n == 0``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    reason: Literal["not_measurable", "no_roster"] | None = None

    @property
    def enough(self) -> bool:
        """Whether there is a value, over enough observations to show it."""
        return self.value is not None and self.n >= MINIMUM_N


def share(count: int, n: int) -> Figure:
    """``count`` of ``n`` with Wilson's 95 % interval."""
    if n == 0:
        return Figure(value=None, n=0)
    proportion = count / n
    centre = proportion + _Z**2 / (2 * n)
    margin = _Z * math.sqrt(proportion * (1 - proportion) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return Figure(
        value=_rounded(proportion),
        n=n,
        low=_rounded(max((centre - margin) / scale, 0.0)),
        high=_rounded(min((centre + margin) / scale, 1.0)),
    )


def ratio(numerator: float, denominator: float, n: int) -> Figure:
    """A ratio without an interval; no value when the denominator is 0."""
    return Figure(value=_rounded(numerator / denominator) if denominator else None, n=n)


def quantile(ordered: Sequence[float], p: float) -> float:
    """Inclusive, linearly interpolated quantile of at least one sorted value."""
    position = (len(ordered) - 1) * p
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def known(values: Iterable[float | None]) -> list[float]:
    """The values that are there."""
    return [value for value in values if value is not None]


def evenness(counts: Sequence[float]) -> float | None:
    """Shannon evenness H = −Σ p ln p ÷ ln n: 1 when all equal, 0 when all went to one."""
    total = math.fsum(counts)
    if len(counts) < 2 or total <= 0:
        return None
    shares = [count / total for count in counts if count > 0]
    entropy = -math.fsum(part * math.log(part) for part in shares)
    return _rounded(max(entropy, 0.0) / math.log(len(counts)))


def gini(counts: Sequence[float]) -> float | None:
    """Gini = ΣΣ|cᵢ − cⱼ| ÷ (2 n N): 0 when all equal, near 1 when all went to one."""
    n, total = len(counts), math.fsum(counts)
    if n == 0 or total <= 0:
        return None
    # over sorted counts the double sum is 2 Σ (2 rank - n - 1) c
    weighted = math.fsum(
        (2 * rank - n - 1) * count for rank, count in enumerate(sorted(counts), start=1)
    )
    return _rounded(weighted / (n * total))


def _rounded(value: float) -> float:
    return round(value, 4)
