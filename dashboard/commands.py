"""Commands to a device, and telling it how many watch. Rows only: ingest sends them."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.accounts import policy
from dashboard.accounts.models import Outgoing
from dashboard.clock import Clock
from dashboard.store import queries
from dashboard.store.models import Lesson, SentCommand
from lesson import topics
from lesson.wire import COMMAND_FOR_S, Command, Watched

#: How long an answer is shown to the pages that wait for one.
ANSWERS_SHOWN = timedelta(seconds=15)


def running_lesson(session: Session, device: str) -> Lesson | None:
    """The lesson that the device measures now, as far as anything of it has arrived."""
    live = queries.live_of(session, device)
    if live is None or live.status_lesson is None or live.state in ("lost", "disconnected"):
        return None
    return queries.find_lesson(session, live.status_lesson, device)


def position_s(session: Session, lesson: Lesson, now: datetime) -> float:
    """Where the lesson is by now, in seconds."""
    live = queries.live_of(session, lesson.device)
    if live is None or live.t is None or live.received_at is None or live.lesson != lesson.id:
        return lesson.last_t
    return live.t + max(0.0, (now - live.received_at).total_seconds())


def send(session: Session, lesson: Lesson, order: dict[str, Any], now: datetime) -> str:
    """Have ingest send a command; returns its id, under which the answer will be found.

    Raises:
        pydantic.ValidationError: there is no such order.
    """
    fields = {"id": secrets.token_hex(8), "lesson": lesson.id, "order": order}
    command = Command.model_validate(fields)
    session.add(
        SentCommand(id=command.id, device=lesson.device, lesson=lesson.id, sent=now, result=None)
    )
    _send(session, lesson.device, command, now)
    return command.id


def answers(
    session: Session, devices: Collection[str], now: datetime
) -> defaultdict[str, dict[str, str]]:
    """What devices answered lately: device to command id to result."""
    rows = session.execute(
        select(SentCommand.device, SentCommand.id, SentCommand.result).where(
            SentCommand.device.in_(devices),
            SentCommand.sent > now - ANSWERS_SHOWN,
            SentCommand.result.is_not(None),
        )
    )
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for device, identifier, result in rows:
        found[device][identifier] = str(result)
    return found


class Announcer:
    """Tells devices how many people other than their teacher watch by way of this process."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._source = secrets.token_hex(4)
        self._told: set[str] = set()

    def announce(self, tickets: Collection[tuple[str, str]]) -> None:
        """Say it for the devices of these (digest of a log-in, device), and of those before.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        """
        now = self._clock.now()
        with Session(self._engine) as session, session.begin():
            viewers = Counter(device for device, _ in policy.others(session, tickets))
            for device in self._told | set(viewers):
                lesson = running_lesson(session, device)
                if lesson is not None:
                    order = Watched(source=self._source, viewers=viewers[device])
                    command = Command(id=secrets.token_hex(8), lesson=lesson.id, order=order)
                    _send(session, device, command, now)
        self._told = set(viewers)


def _send(session: Session, device: str, command: Command, now: datetime) -> None:
    session.add(
        Outgoing(
            topic=topics.command(device),
            payload=command.model_dump_json(),
            retain=False,
            created=now,
            expires=now + timedelta(seconds=COMMAND_FOR_S),
        )
    )
