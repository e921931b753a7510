"""Events that a person adds to a lesson afterwards: corrections, and marks set in review."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dashboard.store.models import Lesson, StoredEvent
from lesson.events import Correction, Mark
from lesson.wire import event_id

#: How the «boot» of a person begins. A device that sends one like it is refused.
PERSON = "da5b0000"


def append(
    session: Session, lesson: Lesson, event: Correction | Mark, account: int, now: datetime
) -> str:
    """Add an event at the end of the log; its id.

    Two at the same moment by one person cannot both be stored: the second transaction fails.
    """
    boot = f"{PERSON}{account:08x}"
    last = session.scalar(select(func.max(StoredEvent.seq)).where(StoredEvent.boot == boot))
    seq = (last or 0) + 1
    identifier = event_id(boot, seq)
    session.add(
        StoredEvent(
            id=identifier,
            device=lesson.device,
            lesson=lesson.id,
            boot=boot,
            seq=seq,
            wall=now,
            kind=event.kind,
            t=event.t,
            body=event.model_dump(mode="json"),
            received_at=now,
        )
    )
    return identifier
