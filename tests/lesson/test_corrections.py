"""A person's corrections, and corrections of those."""

from __future__ import annotations

import pytest
from spoken import call, question

from lesson.corrections import apply_corrections, in_order
from lesson.events import Correction, LessonEvent, Name

pytestmark = pytest.mark.unit

A, B, C, D = (f"{number:016x}-000001" for number in range(4))
FIRST, SECOND, THIRD = call(1, "p01"), call(1, "p02"), call(1, "p03")


def remove(target: str) -> Correction:
    return Correction(t=1, action="remove", target=target, by="trainer")


def replace(target: str, event: Name) -> Correction:
    return Correction(t=1, action="replace", target=target, event=event, by="trainer")


def add(event: Name) -> Correction:
    return Correction(t=1, action="add", event=event, by="teacher")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([(A, FIRST), (B, remove(A))], ()),
        ([(B, remove(A)), (A, FIRST)], ()),  # arrived the wrong way round
        ([(A, FIRST), (B, replace(A, SECOND))], (SECOND,)),
        ([(A, add(FIRST))], (FIRST,)),
        ([(None, add(FIRST))], (FIRST,)),
        ([add(FIRST)], (FIRST,)),
        # the last wins
        ([(A, FIRST), (B, remove(A)), (C, replace(A, SECOND))], (SECOND,)),
        ([(A, FIRST), (B, replace(A, SECOND)), (C, remove(A))], ()),
        # undone, and the undoing undone
        ([(A, FIRST), (B, remove(A)), (C, remove(B))], (FIRST,)),
        ([(A, FIRST), (B, remove(A)), (C, remove(B)), (D, remove(C))], ()),
        ([(A, FIRST), (B, replace(A, SECOND)), (C, remove(A)), (D, remove(C))], (SECOND,)),
        # what a correction put there is corrected
        ([(A, FIRST), (B, replace(A, SECOND)), (C, replace(B, THIRD))], (THIRD,)),
        ([(A, add(FIRST)), (B, remove(A))], ()),
        ([(A, add(FIRST)), (B, replace(A, SECOND))], (SECOND,)),
        # delivered twice
        ([(A, FIRST), (A, FIRST)], (FIRST,)),
        ([FIRST, FIRST], (FIRST,)),
    ],
)
def test_what_holds_after_corrections(
    entries: list[LessonEvent | tuple[str | None, LessonEvent]], expected: tuple[LessonEvent, ...]
) -> None:
    corrected = apply_corrections(entries)
    assert expected == corrected.events
    assert () == corrected.unresolved


def test_an_unknown_target_is_reported() -> None:
    lost = remove(B)
    corrected = apply_corrections([(A, FIRST), lost])
    assert ((FIRST,), (lost,)) == (corrected.events, corrected.unresolved)


def test_a_correction_cannot_reach_itself_or_a_later_one() -> None:
    own, circle = remove(A), remove(C)
    corrected = apply_corrections([(A, own), (B, circle), (C, remove(B))])
    assert (own,) == corrected.unresolved[:1]
    assert () == corrected.events


def test_a_device_without_ids_can_add_but_not_reach_back() -> None:
    corrected = apply_corrections([FIRST, remove(A), add(SECOND)])
    assert (in_order([FIRST, SECOND]), 1) == (corrected.events, len(corrected.unresolved))


def test_a_moved_event_takes_its_new_place() -> None:
    moved = call(9, "p01")
    corrected = apply_corrections([(A, FIRST), (B, question(2, 3)), (C, replace(A, moved))])
    assert (question(2, 3), moved) == corrected.events
