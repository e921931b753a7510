"""Deleting lessons for good: database, live page, broker. Works in the caller's transaction.

Exports are made when they are asked for and never kept, so there is no folder to clean.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from dashboard.accounts.models import (
    DeletedLesson,
    Invitation,
    Login,
    Outgoing,
    Share,
    Watch,
)
from dashboard.store.insertion import put
from dashboard.store.models import Lesson, Live, SentCommand, StoredEvent
from dashboard.talk.models import Guess, Note
from lesson import topics


def delete_lessons(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    """Delete the lessons that meet a condition, with all that hangs on them.

    A mark stays of each (device, lesson and moment), by which ingest drops late events.

    Returns:
        How many lessons were deleted.
    """
    # in the order in which ingest takes them, so that the two never wait for each other
    order = (Lesson.device, Lesson.id)
    keys = session.execute(select(*order).where(which).order_by(*order)).all()
    for device, lesson in keys:
        _delete(session, device, lesson, now)
    return len(keys)


def clear_retained(session: Session, topic: str, now: datetime) -> None:
    """Have ingest tell the broker to forget what it keeps under a topic."""
    session.add(Outgoing(topic=topic, payload="", retain=True, created=now, expires=None))


def retain_for(session: Session, days: int, now: datetime) -> int:
    """Delete lessons after this many days, and links, log-ins and requests that are over (P12).

    Counted from when the first event arrived here, because a device may have a wrong date.

    Returns:
        How many lessons were deleted.
    """
    before = now - timedelta(days=days)
    this = (StoredEvent.device == Lesson.device, StoredEvent.lesson == Lesson.id)
    arrived = select(func.min(StoredEvent.received_at)).where(*this).scalar_subquery()
    deleted = delete_lessons(session, arrived < before, now)
    yesterday = now - timedelta(days=1)
    for over in (
        delete(DeletedLesson).where(DeletedLesson.deleted < before),
        delete(Login).where(Login.expires < now),
        delete(Invitation).where(Invitation.expires < now),
        delete(Outgoing).where(Outgoing.expires < now),
        delete(SentCommand).where(SentCommand.sent < yesterday),
        delete(Watch).where(Watch.allowed_until < now),
        delete(Watch).where(Watch.allowed_until.is_(None), Watch.asked < yesterday),
    ):
        session.execute(over)
    return deleted


def _delete(session: Session, device: str, lesson: str, now: datetime) -> None:
    # locked first: what ingest is storing of it is waited for, and deleted too
    this = (Lesson.device == device, Lesson.id == lesson)
    session.execute(select(Lesson.id).where(*this).with_for_update())
    put(session, DeletedLesson, {"device": device, "lesson": lesson, "deleted": now})
    for table in (StoredEvent, Share, Note, Guess, SentCommand):
        session.execute(delete(table).where(table.device == device, table.lesson == lesson))
    session.execute(delete(Lesson).where(*this))
    clear_retained(session, topics.event(device, lesson), now)
    _forget_live(session, device, lesson, now)


def _forget_live(session: Session, device: str, lesson: str, now: datetime) -> None:
    live = session.get(Live, device)
    if live is None:
        return
    if live.status_lesson == lesson:  # the retained status names it; the next one will not
        clear_retained(session, topics.status(device), now)
    ours = Live.device == device
    session.execute(
        update(Live).where(ours, Live.status_lesson == lesson).values(status_lesson=None)
    )
    session.execute(
        update(Live)
        .where(ours, Live.lesson == lesson)
        .values(lesson=None, t=None, phase=None, think_s=None)
    )
