"""Pairing moments of two lists, and the few statistics that the report needs."""

from __future__ import annotations

from collections.abc import Sequence


def nearest_first(
    truth: Sequence[float], found: Sequence[float], tolerance: float
) -> dict[int, int]:
    """Pair one to one, the closest pair first, never farther apart than ``tolerance``.

    Returns:
        index in ``truth`` → index in ``found``.
    """
    candidates = sorted(
        (abs(moment - other), i, j)
        for i, moment in enumerate(truth)
        for j, other in enumerate(found)
        if abs(moment - other) <= tolerance
    )
    paired: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in candidates:
        if i not in paired and j not in taken:
            paired[i] = j
            taken.add(j)
    return paired


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value at that rank, without interpolation; the last one for ranks beyond the end."""
    if not values:
        return None
    rank = min(int(percent / 100 * len(values)), len(values) - 1)
    return sorted(values)[rank]


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def share(part: float, whole: float) -> float | None:
    """``None`` where there is nothing to take a share of."""
    return part / whole if whole else None
