"""Storing what ingest accepted: every event exactly once, live states overwritten."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from dashboard.accounts.models import DeletedLesson
from dashboard.inbox import Accepted
from dashboard.store.insertion import insert, insert_missing, put
from dashboard.store.models import (
    Boot,
    Device,
    Lesson,
    Live,
    ReceiverState,
    SentCommand,
    StoredEvent,
)
from lesson.events import LessonEnded, LessonStarted
from lesson.wire import (
    Acknowledgement,
    CommandDone,
    DeviceInfo,
    DeviceStatus,
    Envelope,
    LiveState,
)


@dataclass
class Stored:
    """What a batch did: counts by kind of outcome, and what to acknowledge now."""

    counts: Counter[str] = field(default_factory=Counter)
    acknowledgements: list[tuple[str, Acknowledgement]] = field(default_factory=list)


def store(engine: Engine, batch: Sequence[Accepted], now: datetime) -> Stored:
    """Store a batch in one transaction.

    Returns:
        Acknowledgements to send once this has returned, for every start of a device that the
        batch touched: duplicates are acknowledged again, because the first one may be lost.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: nothing of the batch is stored.
    """
    with Session(engine) as session, session.begin():
        return store_in(session, batch, now)


def store_in(session: Session, batch: Sequence[Accepted], now: datetime) -> Stored:
    """``store`` within a transaction of the caller."""
    result = Stored()
    # always in the same order, so that two processes never wait for each other
    envelopes = sorted(
        (a.payload for a in batch if isinstance(a.payload, Envelope)),
        key=lambda envelope: (envelope.device, envelope.lesson, envelope.boot, envelope.seq),
    )
    for device in sorted({accepted.device for accepted in batch}):
        insert_missing(session, Device, {"id": device, "first_seen": now})
    dropped: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (device, lesson), together in groupby(envelopes, key=lambda e: (e.device, e.lesson)):
        arrived = list(together)
        new = _events(session, arrived, now)
        if new is None:
            result.counts["deleted"] += len(arrived)
            for envelope in arrived:
                dropped[device, envelope.boot].append(envelope.seq)
            continue
        result.counts += Counter(stored=len(new), duplicate=len(arrived) - len(new))
        _describe_lesson(session, (device, lesson), new)
    for device, boot in sorted({(e.device, e.boot) for e in envelopes}):
        mark = _advance(session, device, boot, dropped[device, boot])
        result.acknowledgements.append((device, mark))
    result.acknowledgements += _states(session, batch, now, result.counts)
    return result


def store_receiver_state(
    engine: Engine, *, connected: bool, now: datetime, retention_days: int | None = None
) -> None:
    """Say that ingest runs, whether it has its broker, and for how long it keeps lessons."""
    state = {"id": 1, "connected": connected, "seen_at": now, "retention_days": retention_days}
    with Session(engine) as session, session.begin():
        put(session, ReceiverState, state)


def _events(session: Session, arrived: Sequence[Envelope], now: datetime) -> list[Envelope] | None:
    """Store events of one lesson; those that were not there yet, ``None`` for a deleted lesson."""
    first = arrived[0]
    lesson = {
        "device": first.device,
        "id": first.lesson,
        "started": first.wall,
        "last_t": first.event.t,
        "owner": session.get_one(Device, first.device).owner,
    }
    # asked only after the insert, which waits for a deletion that is under way
    if insert_missing(session, Lesson, lesson) and _was_deleted(session, first):
        this = (Lesson.device == first.device, Lesson.id == first.lesson)
        session.execute(delete(Lesson).where(*this))
        return None
    rows = [
        {
            "id": envelope.id,
            "device": envelope.device,
            "lesson": envelope.lesson,
            "boot": envelope.boot,
            "seq": envelope.seq,
            "wall": envelope.wall,
            "kind": envelope.event.kind,
            "t": envelope.event.t,
            "body": envelope.event.model_dump(mode="json"),
            "received_at": now,
        }
        for envelope in arrived
    ]
    statement = insert(session, StoredEvent).on_conflict_do_nothing().returning(StoredEvent.id)
    new = set(session.scalars(statement, rows))
    found = []
    for envelope in arrived:
        if envelope.id in new:
            new.remove(envelope.id)  # a second copy in the batch is one too many
            found.append(envelope)
    return found


def _describe_lesson(session: Session, key: tuple[str, str], new: Sequence[Envelope]) -> None:
    if not new:
        return
    # no more than an update needs: storing events of it, as another process may be, goes on
    lesson = session.get_one(Lesson, key, with_for_update={"key_share": True})
    for envelope in new:
        event = envelope.event
        lesson.last_t = max(lesson.last_t, event.t)
        if isinstance(event, LessonStarted):
            lesson.started = event.wall
            lesson.mode = event.mode.value
            lesson.language = event.language
            lesson.target_s = event.target_s
            lesson.roster_size = event.roster_size
            lesson.recogniser = event.recogniser
            lesson.clock_synchronised = event.clock_synchronised
        elif isinstance(event, LessonEnded):
            lesson.ended_reason = event.reason
        elif lesson.mode is None:  # the start is not here yet
            lesson.started = min(lesson.started, envelope.wall)
    session.flush()


def _was_deleted(session: Session, envelope: Envelope) -> bool:
    return session.get(DeletedLesson, (envelope.device, envelope.lesson)) is not None


def _advance(session: Session, device: str, boot: str, dropped: Sequence[int]) -> Acknowledgement:
    """Move the contiguous mark over what has arrived, the dropped events of now included."""
    insert_missing(session, Boot, {"device": device, "boot": boot, "upto": 0})
    row = session.get_one(Boot, (device, boot), with_for_update=True)
    later = (
        select(StoredEvent.seq)
        .where(StoredEvent.device == device, StoredEvent.boot == boot)
        .where(StoredEvent.seq > row.upto)
        .order_by(StoredEvent.seq)
    )
    with session.scalars(later.execution_options(yield_per=200)) as sequence:
        for seq in heapq.merge(sequence, sorted(set(dropped))):
            if seq > row.upto + 1:
                break
            row.upto = max(row.upto, seq)
    session.flush()
    return Acknowledgement(boot=boot, upto=row.upto)


def _states(
    session: Session, batch: Iterable[Accepted], now: datetime, counts: Counter[str]
) -> list[tuple[str, Acknowledgement]]:
    """Write the last state of each device; a status is answered by what its start has stored."""
    latest: dict[tuple[str, type], Accepted] = {}
    for accepted in batch:
        if isinstance(accepted.payload, CommandDone):
            _command_done(session, accepted.device, accepted.payload)
            counts["command_done"] += 1
        elif not isinstance(accepted.payload, Envelope):
            latest[accepted.device, type(accepted.payload)] = accepted
            counts["state"] += 1
    acknowledgements = []
    for (device, _), accepted in sorted(latest.items(), key=lambda item: item[0][0]):
        payload = accepted.payload
        if isinstance(payload, DeviceInfo):
            changes = payload.model_dump(exclude={"v"})
            session.execute(update(Device).where(Device.id == device).values(changes))
            continue
        insert_missing(session, Live, {"device": device})
        live = session.get_one(Live, device)
        if isinstance(payload, LiveState):
            _overwrite(live, payload.model_dump(exclude={"v"}) | {"received_at": now})
        elif isinstance(payload, DeviceStatus):
            _status(live, payload, now)
            boot = session.get(Boot, (device, payload.boot))
            if boot is not None:
                acknowledgements.append((device, Acknowledgement(boot=boot.boot, upto=boot.upto)))
    return acknowledgements


def _command_done(session: Session, device: str, done: CommandDone) -> None:
    """Note the answer where somebody waits for it; an answer to nothing is none."""
    ours = (SentCommand.id == done.id, SentCommand.device == device)
    session.execute(update(SentCommand).where(*ours).values(result=done.result))


def _status(live: Live, status: DeviceStatus, now: datetime) -> None:
    known = (live.state, live.status_boot, live.status_lesson)
    if known != (status.state, status.boot, status.lesson):
        live.status_since = now
    live.state, live.status_boot, live.status_lesson = status.state, status.boot, status.lesson
    live.status_received_at = now


def _overwrite(row: object, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
