"""Making, finding and ending accounts. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard.accounts.identity import digest, new_secret
from dashboard.accounts.models import Account, Goal, GoalShare, Invitation, Login, Share, Watch
from dashboard.accounts.passwords import Passwords
from dashboard.accounts.roles import VIEWERS, Role
from dashboard.store.models import Device, Lesson
from dashboard.talk.models import Note

INVITED_FOR = timedelta(days=7)


class NameTakenError(Exception):
    """Somebody has this log-in name already."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What an invited person chose. Hashing takes long: do it before the transaction."""

    name: str
    full_name: str
    password_hash: str


def authenticate(
    session: Session, passwords: Passwords, name: str, password: str
) -> Account | None:
    """The account with this name and password; an unknown name takes as long as a known one."""
    account = session.scalars(select(Account).where(Account.name == name)).first()
    known = account.password_hash if account is not None else None
    return account if passwords.matches(known, password) else None


def create(session: Session, person: NewPerson, role: Role, now: datetime) -> Account:
    """A new account.

    Raises:
        NameTakenError: choose another log-in name.
    """
    account = Account(
        name=person.name,
        full_name=person.full_name,
        role=role.value,
        password_hash=person.password_hash,
        created=now,
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:
        raise NameTakenError from error
    return account


def invite(session: Session, role: Role, full_name: str, now: datetime) -> str:
    """The secret of a link that makes one account, for a week."""
    return _link(session, now, role=role.value, full_name=full_name)


def renew(session: Session, account: Account, now: datetime) -> str:
    """The secret of a link that gives an account a new password; earlier ones end."""
    session.execute(delete(Invitation).where(Invitation.account == account.id))
    return _link(session, now, role=account.role, full_name=account.full_name, account=account.id)


def invitation(session: Session, secret: str, now: datetime) -> Invitation | None:
    found = session.get(Invitation, digest(secret))
    return found if found is not None and found.expires > now else None


def use_invitation(session: Session, secret: str, now: datetime) -> tuple[Role, int | None] | None:
    """Take a link away and return its role and account: of two who use it at once, one does."""
    row = session.execute(
        delete(Invitation)
        .where(Invitation.digest == digest(secret), Invitation.expires > now)
        .returning(Invitation.role, Invitation.account)
    ).first()
    return None if row is None else (Role(row[0]), row[1])


def first_administrator(session: Session, now: datetime) -> str | None:
    """The secret of a link for the first administrator; ``None`` when there is an administrator.

    Links of earlier starts end: only what the terminal showed last is worth something.
    """
    role = Role.ADMINISTRATOR.value
    if session.scalar(select(Account.id).where(Account.role == role).limit(1)) is not None:
        return None
    session.execute(delete(Invitation).where(Invitation.role == role, Invitation.account.is_(None)))
    return _link(session, now, role=role, full_name="")


def change_password(session: Session, account: int, password_hash: str) -> None:
    """A new password; everybody who was logged in with the old one is not any longer."""
    session.get_one(Account, account).password_hash = password_hash
    log_out_everywhere(session, account)
    session.execute(delete(Invitation).where(Invitation.account == account))


def end_login(session: Session, login: str) -> None:
    session.execute(delete(Login).where(Login.digest == login))


def log_out_everywhere(session: Session, account: int) -> None:
    session.execute(delete(Login).where(Login.account == account))


def give_device(session: Session, device: Device, owner: int | None, *, earlier: bool) -> None:
    """Whose lessons a device measures from now on; nobody may go on watching it.

    Args:
        earlier: also the lessons that it measured while it belonged to nobody.
    """
    if device.owner != owner:
        session.execute(delete(Watch).where(Watch.device == device.id))
    device.owner = owner
    if earlier and owner is not None:
        session.execute(
            update(Lesson)
            .where(Lesson.device == device.id, Lesson.owner.is_(None))
            .values(owner=owner)
        )


def close(session: Session, account: int) -> None:
    """End an account whose lessons are deleted already."""
    own = select(Device.id).where(Device.owner == account)
    session.execute(delete(Watch).where(Watch.device.in_(own)))
    session.execute(update(Device).where(Device.owner == account).values(owner=None))
    goals = select(Goal.id).where(Goal.owner == account)
    session.execute(delete(GoalShare).where(GoalShare.goal.in_(goals)))
    session.execute(delete(Goal).where(Goal.owner == account))
    for table in (Login, Share, GoalShare, Watch, Invitation, Note):
        session.execute(delete(table).where(table.account == account))
    session.execute(delete(Account).where(Account.id == account))


def with_role(session: Session, *roles: Role) -> Sequence[Account]:
    """Accounts in alphabetical order of what others see."""
    return session.scalars(
        select(Account)
        .where(Account.role.in_([role.value for role in roles]))
        .order_by(func.lower(Account.full_name), Account.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Circle:
    """Those who look at lessons, without the teacher who asks."""

    shared: Sequence[Account]
    trainers: Sequence[Account]
    colleagues: Sequence[Account]


def circle(session: Session, teacher: int, shared: set[int]) -> Circle:
    """With whom something of a teacher is shared, and with whom it could be."""
    others = [account for account in with_role(session, *VIEWERS) if account.id != teacher]
    rest = [account for account in others if account.id not in shared]
    return Circle(
        [account for account in others if account.id in shared],
        [account for account in rest if account.role == Role.TRAINER.value],
        [account for account in rest if account.role == Role.TEACHER.value],
    )


def viewer(
    session: Session, account: int | None, asking: int, roles: Sequence[Role] = VIEWERS
) -> Account | None:
    """Somebody else than who asks, in one of the roles that look at lessons; else ``None``."""
    found = session.get(Account, account) if account is not None else None
    if found is None or found.id == asking or Role(found.role) not in roles:
        return None
    return found


def _link(session: Session, now: datetime, **values: object) -> str:
    secret = new_secret()
    session.add(Invitation(digest=digest(secret), created=now, expires=now + INVITED_FOR, **values))
    return secret
