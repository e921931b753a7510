"""Which name-first questions somebody called deliberate."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from lesson.draft import Draft, gap_s
from lesson.episode import Order
from lesson.events import Mark
from lesson.thresholds import MARK_REACH_S, MATCH_S


def deliberate_indexes(
    marks: Iterable[Mark], drafts: Sequence[Draft], orders: Sequence[Order | None]
) -> set[int]:
    """Indexes of the drafts marked ``deliberate_name_first``.

    A mark belongs to the last name-first question that began before it, at most 60 s back; one
    set in review on the very beginning may lie up to 0.5 s before it.
    """
    name_first = [index for index, order in enumerate(orders) if order is Order.NQ]
    starts = [min(drafts[index].names[0].t, drafts[index].questions[0].t) for index in name_first]
    found = set()
    for mark in marks:
        if mark.label != "deliberate_name_first":
            continue
        position = bisect_left(starts, round(mark.t + MATCH_S, 3)) - 1
        if position >= 0 and gap_s(starts[position], mark.t) <= MARK_REACH_S:
            found.add(name_first[position])
    return found
