"""Events are stored once, acknowledged without gaps, and lessons describe themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lesson_events import START, LessonScript, a_lesson
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dashboard.inbox import Accepted
from dashboard.store.models import Lesson, Live, StoredEvent
from dashboard.store.writer import Stored, store
from lesson.events import CueMode, parse_event
from lesson.wire import Acknowledgement, DeviceStatus, Envelope, LiveState

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def put(engine: Engine, *envelopes: Envelope) -> Stored:
    return store(engine, [Accepted(e.device, e) for e in envelopes], NOW)


def upto(stored: Stored) -> list[int]:
    return [acknowledgement.upto for _, acknowledgement in stored.acknowledgements]


def test_a_duplicate_is_counted_and_acknowledged_again(engine: Engine) -> None:
    script = a_lesson()
    first, second = script.envelopes[:2]
    put(engine, first, second)
    again = put(engine, first)
    assert {"duplicate": 1} == dict(again.counts)
    assert [("lokaal-12", Acknowledgement(boot=script.boot, upto=2))] == again.acknowledgements
    with Session(engine) as session:
        assert 2 == session.scalar(select(func.count()).select_from(StoredEvent))


def test_the_acknowledgement_stops_before_the_first_gap(engine: Engine) -> None:
    events = a_lesson().envelopes
    assert [1] == upto(put(engine, events[0], events[3], events[2]))
    assert [4] == upto(put(engine, events[1]))


def test_events_without_the_first_are_stored_but_not_acknowledged(engine: Engine) -> None:
    assert [0] == upto(put(engine, *a_lesson().envelopes[1:4]))


def test_numbering_goes_on_over_lessons_of_one_start(engine: Engine) -> None:
    put(engine, *LessonScript(lesson="lesson0a").started().ended(60).envelopes)
    second = LessonScript(lesson="lesson0b", first_seq=3).started()
    assert [3] == upto(put(engine, *second.envelopes))


def test_two_starts_in_one_batch_are_acknowledged_apart(engine: Engine) -> None:
    old = LessonScript(boot="00000000000000a1").started()
    new = LessonScript(boot="00000000000000b2", lesson="lesson0b").started().ended(9)
    stored = put(engine, *old.envelopes, *new.envelopes)
    assert [(old.boot, 1), (new.boot, 2)] == [(a.boot, a.upto) for _, a in stored.acknowledgements]


def test_the_body_that_is_stored_is_the_event_that_came(engine: Engine) -> None:
    envelopes = a_lesson().envelopes
    put(engine, *envelopes)
    with Session(engine) as session:
        bodies = session.scalars(select(StoredEvent.body).order_by(StoredEvent.seq)).all()
    assert [e.event for e in envelopes] == [parse_event(body) for body in bodies]


def test_a_lesson_whose_start_comes_late_is_described_by_it(engine: Engine) -> None:
    events = LessonScript().started(mode=CueMode.SILENT).ended(2400).envelopes
    put(engine, events[1])
    with Session(engine) as session:
        lesson = session.get_one(Lesson, ("lokaal-12", events[1].lesson))
        assert (None, 2400.0, "button") == (lesson.mode, lesson.last_t, lesson.ended_reason)
    put(engine, events[0])
    with Session(engine) as session:
        lesson = session.get_one(Lesson, ("lokaal-12", events[0].lesson))
        assert ("silent", 2400.0, START) == (lesson.mode, lesson.last_t, lesson.started)


def live(phase: str, think_s: float | None = None) -> LiveState:
    return LiveState(lesson="lesson0a", t=9, phase=phase, think_s=think_s, target_s=3)  # type: ignore[arg-type]


def test_only_the_latest_live_state_of_a_batch_remains(engine: Engine) -> None:
    batch = [Accepted("a1", live("think", 0.4)), Accepted("a1", live("named"))]
    store(engine, batch, NOW)
    with Session(engine) as session:
        rows = session.scalars(select(Live)).all()
    assert [("a1", "named", None, NOW)] == [
        (r.device, r.phase, r.think_s, r.received_at) for r in rows
    ]


def test_a_repeated_status_does_not_look_like_a_change(engine: Engine) -> None:
    status = DeviceStatus(state="ready", boot="00000000000000a1")
    store(engine, [Accepted("a1", status)], START)
    store(engine, [Accepted("a1", status)], NOW)
    with Session(engine) as session:
        row = session.get_one(Live, "a1")
    assert (START, NOW) == (row.status_since, row.status_received_at)


def test_a_status_is_answered_by_what_is_stored_of_that_start(engine: Engine) -> None:
    script = LessonScript().started().ended(5)
    put(engine, *script.envelopes)
    status = Accepted(script.device, DeviceStatus(state="ready", boot=script.boot))
    assert [2] == upto(store(engine, [status], NOW))
