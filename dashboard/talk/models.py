"""What people write down about a lesson. It hangs on the lesson and goes with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.store.models import Base

LONGEST_NOTE = 2000


class Note(Base):
    """Something written down by one of those who see the lesson, read by all of them."""

    __tablename__ = "note"
    __table_args__ = (
        ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
        Index("note_lesson", "device", "lesson"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(32))
    lesson: Mapped[str] = mapped_column(String(26))
    account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: moment of the lesson it is about, in seconds; none: about the whole
    t: Mapped[float | None]
    text: Mapped[str] = mapped_column(Text())
    created: Mapped[datetime]


class Guess(Base):
    """What the teacher expected before seeing the figures; both empty: skipped."""

    __tablename__ = "guess"
    __table_args__ = (ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),)

    device: Mapped[str] = mapped_column(String(32), primary_key=True)
    lesson: Mapped[str] = mapped_column(String(26), primary_key=True)
    #: median think pause in seconds
    pause_s: Mapped[float | None]
    #: share of «vraag – denkpauze – naam», 0 to 1
    order_share: Mapped[float | None]
    created: Mapped[datetime]
