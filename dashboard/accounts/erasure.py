"""Deleting lessons for good: database, live page, broker. Works in the caller's transaction.

Exports are made when they are asked for and never kept, so there is no folder to clean.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from dashboard.accounts.models import (
    DeletedLesson,
    Invitation,
    Login,
    Outgoing,
    Share,
    Watch,
)
from dashboard.store.models import Lesson, Live, StoredEvent
from lesson import topics


def delete_lessons(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    """Delete the lessons that meet a condition, with all that hangs on them.

    A mark stays of each (device, lesson and moment), by which ingest drops late events.

    Returns:
        How many lessons were deleted.
    """
    keys = session.execute(select(Lesson.device, Lesson.id).where(which)).all()
    for device, lesson in keys:
        _delete(session, device, lesson, now)
    return len(keys)


def clear_retained(session: Session, topic: str, now: datetime) -> None:
    """Have ingest tell the broker to forget what it keeps under a topic."""
    session.add(Outgoing(topic=topic, payload="", retain=True, created=now, expires=None))


def retain_for(session: Session, days: int, now: datetime) -> int:
    """Delete lessons older than this, and links, log-ins and requests that are over (P12)."""
    before = now - timedelta(days=days)
    deleted = delete_lessons(session, Lesson.started < before, now)
    session.execute(delete(DeletedLesson).where(DeletedLesson.deleted < before))
    session.execute(delete(Login).where(Login.expires < now))
    session.execute(delete(Invitation).where(Invitation.expires < now))
    session.execute(delete(Outgoing).where(Outgoing.expires < now))
    session.execute(delete(Watch).where(Watch.allowed_until < now))
    yesterday = now - timedelta(days=1)
    session.execute(delete(Watch).where(Watch.allowed_until.is_(None), Watch.asked < yesterday))
    return deleted


def deleted_lessons(session: Session, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (device, lesson) that were deleted."""
    lessons = {lesson for _, lesson in keys}
    rows = session.execute(
        select(DeletedLesson.device, DeletedLesson.lesson).where(DeletedLesson.lesson.in_(lessons))
    )
    return {(device, lesson) for device, lesson in rows} & set(keys)


def _delete(session: Session, device: str, lesson: str, now: datetime) -> None:
    # marked first: ingest, which may be storing an event of it, then waits or drops the event
    session.merge(DeletedLesson(device=device, lesson=lesson, deleted=now))
    session.flush()
    for table in (StoredEvent, Share):
        session.execute(delete(table).where(table.device == device, table.lesson == lesson))
    session.execute(delete(Lesson).where(Lesson.device == device, Lesson.id == lesson))
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
