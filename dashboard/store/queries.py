"""What the pages ask of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
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


def current_device(session: Session) -> str | None:
    """The device whose status changed last: the one to show when nobody chose."""
    statement = select(Live.device).order_by(
        Live.status_since.desc().nulls_last(), Live.received_at.desc().nulls_last(), Live.device
    )
    return (
        session.scalars(statement.limit(1)).first()
        or session.scalars(select(Device.id).order_by(Device.first_seen.desc()).limit(1)).first()
    )


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


def event_count(session: Session, device: str, lesson: str) -> int:
    statement = (
        select(func.count())
        .select_from(StoredEvent)
        .where(StoredEvent.device == device, StoredEvent.lesson == lesson)
    )
    return session.scalar(statement) or 0


def lesson_entries(session: Session, device: str, lesson: str, skip: int = 0) -> tuple[Entry, ...]:
    """The events of a lesson in order of arrival, without the first ``skip`` of them."""
    statement = (
        select(StoredEvent.id, StoredEvent.body)
        .where(StoredEvent.device == device, StoredEvent.lesson == lesson)
        .order_by(StoredEvent.number)
        .offset(skip)
    )
    return tuple((identifier, parse_event(body)) for identifier, body in session.execute(statement))
