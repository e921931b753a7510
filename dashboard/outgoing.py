"""Messages that the web process wants sent: it writes rows, ingest publishes and deletes them.

The web process has no broker connection, so it needs no broker password, and any number of web
processes run without one more client. A row is deleted once the broker has the message, so a
crash in between sends it twice; what is sent must bear that.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from dashboard.accounts.models import Outgoing
from dashboard.receiver import Receiver

AT_ONCE = 50
#: how long one message may keep ingest from its other work
TIMEOUT_S = 1.0


def send_due(engine: Engine, receiver: Receiver, now: datetime) -> Counter[str]:
    """Send what waits, oldest first; stops at the first that the broker does not take.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    counts: Counter[str] = Counter()
    if not receiver.connected:
        return counts
    with Session(engine.execution_options(reading=True)) as session:
        waiting = session.scalars(select(Outgoing).order_by(Outgoing.number).limit(AT_ONCE)).all()
    done: list[int] = []
    for message in waiting:
        if message.expires is not None and message.expires < now:
            counts["outgoing_expired"] += 1
        elif receiver.publish(
            message.topic,
            message.payload,
            retain=message.retain,
            timeout_s=TIMEOUT_S,
            expiry_s=_left_s(message.expires, now),
        ):
            counts["outgoing_sent"] += 1
        else:
            break
        done.append(message.number)
    if done:
        with Session(engine) as session, session.begin():
            session.execute(delete(Outgoing).where(Outgoing.number.in_(done)))
    return counts


def _left_s(expires: datetime | None, now: datetime) -> int:
    """How long the broker may keep it for a device that is away; 0: for ever."""
    return 0 if expires is None else max(1, math.ceil((expires - now).total_seconds()))
