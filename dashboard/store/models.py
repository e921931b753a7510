"""The tables. Only what travels over the wire is kept; figures are computed, never stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as naive UTC because SQLite has no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Common to all tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        float: Double,
        dict[str, Any]: JSON,
    }


class Device(Base):
    """A device that was heard at least once, with what it says about itself."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    first_seen: Mapped[datetime]
    software: Mapped[str | None] = mapped_column(String(40))
    recogniser: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(2))
    #: the teacher whose lessons it measures from now on
    owner: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Lesson(Base):
    """A lesson of one device; it exists from its first event on, whichever that is."""

    __tablename__ = "lesson"
    __table_args__ = (
        ForeignKeyConstraint(["device"], ["device.id"]),
        Index("lesson_owner", "owner", "started"),
    )

    device: Mapped[str] = mapped_column(String(32), primary_key=True)
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    #: the teacher of the device when the lesson began; it stays theirs
    owner: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: what the teacher was practising, where the teacher said so
    goal: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    #: from the start event, or the earliest moment that an event carried
    started: Mapped[datetime]
    mode: Mapped[str | None] = mapped_column(String(8))
    language: Mapped[str | None] = mapped_column(String(2))
    target_s: Mapped[float | None]
    roster_size: Mapped[int | None]
    recogniser: Mapped[str | None] = mapped_column(String(60))
    clock_synchronised: Mapped[bool | None]
    ended_reason: Mapped[str | None] = mapped_column(String(20))
    #: lesson time of the latest event, in seconds
    last_t: Mapped[float]


class StoredEvent(Base):
    """One event as it came; ``number`` is the order of arrival."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("id", name="event_id"),
        UniqueConstraint("device", "boot", "seq", name="event_device_boot_seq"),
        ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
        Index("event_lesson", "device", "lesson"),
    )

    number: Mapped[int] = mapped_column(
        # SQLite numbers rows by itself for INTEGER keys only
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    id: Mapped[str] = mapped_column(String(27))
    device: Mapped[str] = mapped_column(String(32))
    lesson: Mapped[str] = mapped_column(String(26))
    boot: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger)
    wall: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    t: Mapped[float]
    body: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]


class Boot(Base):
    """How far the events of one start of a device are stored without a gap.

    Kept apart from the events, so that deleting a lesson does not ask the device for it again.
    """

    __tablename__ = "boot"

    device: Mapped[str] = mapped_column(String(32), primary_key=True)
    boot: Mapped[str] = mapped_column(String(16), primary_key=True)
    upto: Mapped[int] = mapped_column(BigInteger)


class Live(Base):
    """The latest live state and status of a device: one row, overwritten."""

    __tablename__ = "live"
    __table_args__ = (ForeignKeyConstraint(["device"], ["device.id"]),)

    device: Mapped[str] = mapped_column(String(32), primary_key=True)
    lesson: Mapped[str | None] = mapped_column(String(26))
    t: Mapped[float | None]
    phase: Mapped[str | None] = mapped_column(String(12))
    think_s: Mapped[float | None]
    target_s: Mapped[float | None]
    muted: Mapped[bool | None]
    cues_muted: Mapped[bool | None]
    microphone: Mapped[str | None] = mapped_column(String(8))
    received_at: Mapped[datetime | None]
    state: Mapped[str | None] = mapped_column(String(12))
    status_boot: Mapped[str | None] = mapped_column(String(16))
    status_lesson: Mapped[str | None] = mapped_column(String(26))
    #: when state, boot or lesson last changed; a repeated status does not move it
    status_since: Mapped[datetime | None]
    status_received_at: Mapped[datetime | None]


class SentCommand(Base):
    """Something that a device was asked to do, kept for as long as somebody waits for the answer.

    Who asked is not kept.
    """

    __tablename__ = "command"
    __table_args__ = (
        ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
        Index("command_device", "device", "sent"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    device: Mapped[str] = mapped_column(String(32))
    lesson: Mapped[str] = mapped_column(String(26))
    sent: Mapped[datetime]
    #: what the device answered, as in ``CommandDone``
    result: Mapped[str | None] = mapped_column(String(12))


class ReceiverState(Base):
    """Whether ingest runs and has its broker: one row, refreshed every few seconds."""

    __tablename__ = "receiver"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    connected: Mapped[bool]
    seen_at: Mapped[datetime]
    #: after how many days it deletes lessons
    retention_days: Mapped[int | None]
