"""What the pages ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from dashboard.store.models import Device, Lesson, Live, ReceiverState, StoredEvent
from lesson.events import LessonEvent, parse_event

#: An event after its id, in order of arrival: what ``lesson`` computes figures from.
Entry = tuple[str, LessonEvent]


@dataclass(frozen=True, slots=True)
class LessonPage:
    """Some lessons, newest first, and whether there are older ones."""

    lessons: Sequence[Lesson]
    more: bool


def device_ids(session: Session) -> Sequence[str]:
    """All devices that were ever heard, in alphabetical order."""
    return session.scalars(select(Device.id).order_by(Device.id)).all()


def live_of(session: Session, device: str) -> Live | None:
    return session.get(Live, device)


def lives_of(session: Session, devices: Collection[str]) -> dict[str, Live]:
    """The live states of these devices, by device."""
    rows = session.scalars(select(Live).where(Live.device.in_(devices)))
    return {live.device: live for live in rows}


def receiver_state(session: Session) -> ReceiverState | None:
    return session.get(ReceiverState, 1)


def lessons(
    session: Session, *, among: ColumnElement[bool], limit: int, skip: int = 0
) -> LessonPage:
    """Lessons that meet a condition, such as ``policy.seen_by(account)``."""
    statement = (
        select(Lesson).where(among).order_by(Lesson.started.desc(), Lesson.device, Lesson.id)
    )
    found = session.scalars(statement.offset(skip).limit(limit + 1)).all()
    return LessonPage(found[:limit], more=len(found) > limit)


def find_lesson(session: Session, lesson: str, device: str | None = None) -> Lesson | None:
    """The lesson with this id; two devices may share one, then the newest unless one is named."""
    statement = select(Lesson).where(Lesson.id == lesson).order_by(Lesson.started.desc())
    if device is not None:
        statement = statement.where(Lesson.device == device)
    return session.scalars(statement.limit(1)).first()


def latest_lesson(session: Session, device: str) -> Lesson | None:
    statement = select(Lesson).where(Lesson.device == device).order_by(Lesson.started.desc())
    return session.scalars(statement.limit(1)).first()


def lessons_with_counts(
    session: Session, keys: Collection[tuple[str, str]]
) -> Sequence[tuple[Lesson, int]]:
    """Of these (device, lesson) those that belong to who has the device now, and their events."""
    if not keys:
        return ()
    events = (
        select(func.count())
        .where(StoredEvent.device == Lesson.device, StoredEvent.lesson == Lesson.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Lesson, events)
        .join(Device, Device.id == Lesson.device)
        .where(
            tuple_(Lesson.device, Lesson.id).in_(list(keys)),
            Lesson.owner.is_not_distinct_from(Device.owner),
        )
    )
    return [(lesson, count) for lesson, count in rows]


def lesson_entries(session: Session, device: str, lesson: str, skip: int = 0) -> tuple[Entry, ...]:
    """The events of a lesson in order of arrival, without the first ``skip`` of them."""
    statement = (
        select(StoredEvent.id, StoredEvent.body)
        .where(StoredEvent.device == device, StoredEvent.lesson == lesson)
        .order_by(StoredEvent.number)
        .offset(skip)
    )
    return tuple((identifier, parse_event(body)) for identifier, body in session.execute(statement))
