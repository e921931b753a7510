"""How durations are spread: median, quartiles, bins, and the median's uncertainty."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from lesson.statistics import Figure, quantile
from lesson.thresholds import BIN_LIMITS_S


class Bin(BaseModel):
    """Durations from ``from_s`` up to, not including, ``to_s`` (``None``: no limit).

    The bin before the last includes its upper limit: the last is for more than 10 s.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    from_s: float
    to_s: float | None
    count: int
    share: float | None


class Spread(BaseModel):
    """How durations are spread. ``mean_s`` is only for reading beside the median.

    Attributes:
        n: number of durations.
        median_s: median with the interval of its bootstrap distribution.
        q1_s, q3_s: first and third quartile (inclusive, linear); their difference is the IQR.
        mean_s: arithmetic mean.
        bins: number and share of durations per bin.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    n: int
    median_s: Figure
    q1_s: float | None
    q3_s: float | None
    mean_s: float | None
    bins: tuple[Bin, ...]

    @property
    def iqr_s(self) -> float | None:
        """Interquartile range."""
        if self.q1_s is None or self.q3_s is None:
            return None
        return round(self.q3_s - self.q1_s, 3)


def spread(values: Iterable[float], reason: Literal["not_measurable"] | None = None) -> Spread:
    """Describe durations in seconds; with ``reason``, say why there are none to describe."""
    ordered = sorted(() if reason else values)
    n = len(ordered)
    if n == 0:
        none = Figure(value=None, n=0, reason=reason)
        return Spread(n=0, median_s=none, q1_s=None, q3_s=None, mean_s=None, bins=_bins(ordered))
    low, high = median_interval(ordered)
    return Spread(
        n=n,
        median_s=Figure(value=round(quantile(ordered, 0.5), 3), n=n, low=low, high=high),
        q1_s=round(quantile(ordered, 0.25), 3),
        q3_s=round(quantile(ordered, 0.75), 3),
        mean_s=round(math.fsum(ordered) / n, 3),
        bins=_bins(ordered),
    )


def median_interval(ordered: Sequence[float]) -> tuple[float, float]:
    """The 2.5 % and 97.5 % points of the bootstrap distribution of the median.

    Computed exactly instead of by resampling: the r-th smallest value of a resample is at most
    the k-th smallest observation when at least r of the n draws fall among the k smallest, which
    has a binomial probability (Efron 1979). It is what endless resampling would give, so there
    is no seed. For even n the lower limit is taken from the lower of the two middle values and
    the upper from the upper.
    """
    n = len(ordered)
    lower_rank, upper_rank = (n + 1) // 2, n // 2 + 1
    return _bootstrap_point(ordered, lower_rank, 0.025), _bootstrap_point(
        ordered, upper_rank, 0.975
    )


def bootstrap_weights(n: int) -> list[float]:
    """How likely each of ``n`` sorted observations is to be the median of a resample.

    Exact, by the rule of ``median_interval``. For even n a resample's median lies between two
    observations; the weights are the mean of those of the lower and of the upper one.
    """
    ranks = ((n + 1) // 2, n // 2 + 1)
    reached = [math.fsum(_at_least(rank, n, k / n) for rank in ranks) / 2 for k in range(1, n + 1)]
    return [after - before for before, after in zip([0.0, *reached], reached, strict=False)]


def _bootstrap_point(ordered: Sequence[float], rank: int, p: float) -> float:
    low, high = 1, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if _at_least(rank, len(ordered), middle / len(ordered)) >= p:
            high = middle
        else:
            low = middle + 1
    return ordered[low - 1]


def _at_least(successes: int, n: int, p: float) -> float:
    """P(X ≥ successes) for X binomial (n, p), 0 < p ≤ 1."""
    if p >= 1:
        return 1.0
    log_p, log_q, log_n = math.log(p), math.log1p(-p), math.lgamma(n + 1)
    return math.fsum(
        math.exp(log_n - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * log_p + (n - k) * log_q)
        for k in range(successes, n + 1)
    )


def _bins(ordered: Sequence[float]) -> tuple[Bin, ...]:
    limits = BIN_LIMITS_S
    counts = [0] * (len(limits) + 1)
    for value in ordered:
        counts[bisect_right(limits, value) if value != limits[-1] else len(limits) - 1] += 1
    edges = (0.0, *limits, None)
    return tuple(
        Bin(
            from_s=edges[index] or 0.0,
            to_s=edges[index + 1],
            count=count,
            share=round(count / len(ordered), 4) if ordered else None,
        )
        for index, count in enumerate(counts)
    )
