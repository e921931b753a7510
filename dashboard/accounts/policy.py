"""Whose lessons and devices somebody may see: the only place that says so.

A lesson belongs to the teacher whose device measured it. Others see it while the teacher shares
it, or the goal that it is under, with them, and nobody else does, whatever their role. A device is
watched live by its teacher, and by each person whom the teacher lets watch, until the moment that
was agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from dashboard.accounts.models import GoalShare, Login, Share, Watch
from dashboard.store.models import Device, Lesson, Live

#: How long «meekijken aan» holds for one viewer: a visit with its talk, not the next day.
WATCH_FOR = timedelta(hours=3)


def owned_by(account: int) -> ColumnElement[bool]:
    """Condition on ``Lesson``: those that belong to this teacher."""
    return Lesson.owner == account


def seen_by(account: int) -> ColumnElement[bool]:
    """Condition on ``Lesson``: one's own, and those shared with this account now."""
    shared = exists().where(
        Share.device == Lesson.device, Share.lesson == Lesson.id, Share.account == account
    )
    by_goal = exists().where(GoalShare.goal == Lesson.goal, GoalShare.account == account)
    return or_(owned_by(account), shared, by_goal)


@dataclass(frozen=True, slots=True)
class Found:
    """A lesson that exists, and whether the one who asks meets the condition."""

    lesson: Lesson
    permitted: bool


def find_lesson(
    session: Session, lesson: str, device: str | None, condition: ColumnElement[bool]
) -> Found | None:
    """A lesson by its id; where two devices share one, a permitted one before the newest."""
    statement = select(Lesson, condition).where(Lesson.id == lesson)
    if device:
        statement = statement.where(Lesson.device == device)
    row = session.execute(
        statement.order_by(condition.desc(), Lesson.started.desc()).limit(1)
    ).first()
    return None if row is None else Found(row[0], bool(row[1]))


def watchable_by(account: int, now: datetime) -> ColumnElement[bool]:
    """Condition on ``Device``: one's own, and those whose teacher lets this account watch now."""
    return or_(Device.owner == account, exists().where(_allowed(now), Watch.account == account))


def devices_to_watch(session: Session, account: int, now: datetime) -> Sequence[str]:
    """Devices that this account may watch now, the one that changed last first."""
    return session.scalars(
        select(Device.id)
        .outerjoin(Live, Live.device == Device.id)
        .where(watchable_by(account, now))
        .order_by(
            Live.status_since.desc().nulls_last(),
            Live.received_at.desc().nulls_last(),
            Device.first_seen.desc(),
            Device.id,
        )
    ).all()


def viewers(session: Session, device: str, now: datetime) -> Sequence[int]:
    """Accounts beside its teacher that may watch this device now."""
    return session.scalars(
        select(Watch.account)
        .join(Device, Device.id == Watch.device)
        .where(Device.id == device, _allowed(now))
    ).all()


def still_watching(
    session: Session, tickets: Collection[tuple[str, str]], now: datetime
) -> set[tuple[str, str]]:
    """Those (digest of a log-in, device) of the tickets that may go on watching."""
    statement = (
        select(Login.digest, Device.id)
        .join(Device, or_(Device.owner == Login.account, _allowed_to_login(now)))
        .where(
            Login.expires > now,
            Login.digest.in_({login for login, _ in tickets}),
            Device.id.in_({device for _, device in tickets}),
        )
    )
    return {(login, device) for login, device in session.execute(statement)} & set(tickets)


def others(session: Session, tickets: Collection[tuple[str, str]]) -> set[tuple[str, int]]:
    """(Device, account) of those tickets whose people are not the teacher of the device."""
    devices: dict[str, set[str]] = {}
    for login, device in tickets:
        devices.setdefault(login, set()).add(device)
    rows = session.execute(
        select(Login.digest, Login.account, Device.id)
        .join(Device, Device.owner != Login.account)
        .where(Login.digest.in_(devices), Device.id.in_({device for _, device in tickets}))
    )
    return {(device, account) for login, account, device in rows if device in devices[login]}


def _allowed(now: datetime) -> ColumnElement[bool]:
    return and_(Watch.device == Device.id, Watch.allowed_until > now)


def _allowed_to_login(now: datetime) -> ColumnElement[bool]:
    return exists().where(_allowed(now), Watch.account == Login.account)
