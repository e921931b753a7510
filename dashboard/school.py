"""Figures about all teachers together, for the steering group: never fewer than five in one (P8).

A figure that fewer than five teachers stand behind is left out, counts included, so that nothing
can be told of one person by what a page says about four colleagues.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.figures import lesson_summary
from dashboard.store import queries
from dashboard.store.models import Lesson

FEWEST_TEACHERS = 5


@dataclass(frozen=True, slots=True)
class AcrossTeachers:
    """One value for each teacher, as median and middle half over ``n`` teachers, in seconds."""

    n: int
    median_s: float
    q1_s: float
    q3_s: float


@dataclass(frozen=True, slots=True)
class School:
    """What can be said of the school; ``None``: too few teachers."""

    teachers: int | None
    lessons: int | None
    first_pause: AcrossTeachers | None
    latest_pause: AcrossTeachers | None
    change: AcrossTeachers | None


def school(session: Session) -> School:
    """Taking part, and the median think pause of each teacher's first and latest lesson."""
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    statement = select(Lesson).where(Lesson.owner.is_not(None)).order_by(Lesson.started)
    for lesson in session.scalars(statement):
        assert lesson.owner is not None
        lessons[lesson.owner].append(lesson)
    if len(lessons) < FEWEST_TEACHERS:
        return School(None, None, None, None, None)
    first, latest, change = [], [], []
    for of_teacher in lessons.values():
        start_s, now_s = _pause_s(session, of_teacher[0]), _pause_s(session, of_teacher[-1])
        first.append(start_s)
        latest.append(now_s)
        if len(of_teacher) > 1 and start_s is not None and now_s is not None:
            change.append(now_s - start_s)
    count = sum(len(of_teacher) for of_teacher in lessons.values())
    return School(len(lessons), count, _across(first), _across(latest), _across(change))


def _across(values: Sequence[float | None]) -> AcrossTeachers | None:
    known = [value for value in values if value is not None]
    if len(known) < FEWEST_TEACHERS:
        return None
    low, _, high = quantiles(known, n=4, method="inclusive")
    return AcrossTeachers(len(known), median(known), low, high)


def _pause_s(session: Session, lesson: Lesson) -> float | None:
    """The median think pause of a lesson, where there are enough to say one."""
    entries = queries.lesson_entries(session, lesson.device, lesson.id)
    figure = lesson_summary(entries).pauses.denkpauze_gross.median_s
    return figure.value if figure.enough else None
