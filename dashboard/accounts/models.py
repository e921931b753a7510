"""The tables of accounts. Secrets are kept as digests: a copy of the database logs nobody in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.store.models import Base


class Account(Base):
    """A person in one role."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: what is typed to log in, in lower case
    name: Mapped[str] = mapped_column(String(40), unique=True)
    #: what others see
    full_name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(14))
    password_hash: Mapped[str] = mapped_column(String(200))
    created: Mapped[datetime]


class Login(Base):
    """A browser that is logged in; without its row a cookie is worth nothing."""

    __tablename__ = "login"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created: Mapped[datetime]
    expires: Mapped[datetime]


class Invitation(Base):
    """A link that makes one account, or gives an existing one a new password. Gone once used."""

    __tablename__ = "invitation"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(14))
    #: for whom, as the administrator wrote it
    full_name: Mapped[str] = mapped_column(String(60))
    #: whose password it renews; none: it makes a new account
    account: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created: Mapped[datetime]
    expires: Mapped[datetime]


class Share(Base):
    """The owner of a lesson lets somebody see it; taking it back deletes the row."""

    __tablename__ = "share"
    __table_args__ = (
        ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
        Index("share_account", "account"),
    )

    device: Mapped[str] = mapped_column(String(32), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(26), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    created: Mapped[datetime]


class Goal(Base):
    """What a teacher practises, in own words; the teacher puts lessons under it."""

    __tablename__ = "goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    created: Mapped[datetime]


class GoalShare(Base):
    """Somebody sees all lessons under a goal; taking it back deletes the row."""

    __tablename__ = "goal_share"

    goal: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    created: Mapped[datetime]


class Watch(Base):
    """Somebody asks to watch a device live, or may do so until ``allowed_until``.

    The owner allows each person apart, so a second viewer needs consent again (P10).
    """

    __tablename__ = "watch"

    device: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    asked: Mapped[datetime]
    allowed_until: Mapped[datetime | None]


class DeletedLesson(Base):
    """A lesson that was deleted: events of it that still arrive are dropped."""

    __tablename__ = "deleted_lesson"

    device: Mapped[str] = mapped_column(String(32), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(26), primary_key=True)
    deleted: Mapped[datetime]


class Outgoing(Base):
    """A message for the broker. The web process writes the row, ingest publishes and deletes it."""

    __tablename__ = "outgoing"

    number: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(120))
    #: JSON; empty with ``retain`` clears what the broker keeps under the topic
    payload: Mapped[str] = mapped_column(Text)
    retain: Mapped[bool]
    created: Mapped[datetime]
    #: not worth sending after this moment
    expires: Mapped[datetime | None]
