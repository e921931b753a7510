"""Watching live by consent: asked for by a trainer, given by the teacher, over by itself (P10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dashboard.accounts.models import Account, Watch
from dashboard.accounts.policy import WATCH_FOR
from dashboard.store.insertion import insert_missing, put
from dashboard.store.models import Device


@dataclass(frozen=True, slots=True)
class Consent:
    """One device of a teacher: who may watch it until when, and who asks."""

    device: str
    viewers: Sequence[tuple[Account, datetime]]
    asking: Sequence[Account]

    @property
    def involved(self) -> set[int]:
        """Accounts that watch or ask to."""
        return {account.id for account, _ in self.viewers} | {a.id for a in self.asking}


def of_teacher(session: Session, teacher: int, now: datetime) -> Sequence[Consent]:
    """All devices of a teacher."""
    owned = session.scalars(select(Device.id).where(Device.owner == teacher).order_by(Device.id))
    return [_of_device(session, device, now) for device in owned.all()]


def ask(session: Session, teacher: int, viewer: int, now: datetime) -> None:
    """Ask for every device of a teacher; what is allowed already stays so."""
    for device in session.scalars(select(Device.id).where(Device.owner == teacher)).all():
        asked = {"device": device, "account": viewer, "asked": now, "allowed_until": None}
        if insert_missing(session, Watch, asked):
            continue
        known = session.get_one(Watch, (device, viewer))
        if known.allowed_until is None or known.allowed_until <= now:
            known.asked, known.allowed_until = now, None


def allow(session: Session, device: str, viewer: int, now: datetime) -> None:
    """Let one person watch from now on; everybody else needs a consent of their own."""
    until = now + WATCH_FOR
    allowed = {"device": device, "account": viewer, "asked": now, "allowed_until": until}
    put(session, Watch, allowed)


def end(session: Session, device: str, viewer: int | None = None) -> None:
    """Nobody, or this one person, may watch the device or asks to any longer."""
    statement = delete(Watch).where(Watch.device == device)
    if viewer is not None:
        statement = statement.where(Watch.account == viewer)
    session.execute(statement)


def _of_device(session: Session, device: str, now: datetime) -> Consent:
    rows = session.execute(
        select(Account, Watch)
        .join(Watch, Watch.account == Account.id)
        .where(Watch.device == device)
        .order_by(Account.full_name)
    ).all()
    return Consent(
        device,
        [(a, w.allowed_until) for a, w in rows if w.allowed_until and w.allowed_until > now],
        [a for a, w in rows if w.allowed_until is None],
    )
