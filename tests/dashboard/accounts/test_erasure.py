"""Deleted lessons stay deleted: late events, retention, the file itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lesson_events import LessonScript, a_lesson
from sqlalchemy import Engine, func, select, text, true
from sqlalchemy.orm import Session

from dashboard.accounts import erasure
from dashboard.accounts.models import DeletedLesson, Outgoing
from dashboard.inbox import Accepted
from dashboard.store.models import Lesson, StoredEvent
from dashboard.store.writer import Stored, store
from lesson.wire import Envelope

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def put(engine: Engine, envelopes: list[Envelope], now: datetime = NOW) -> Stored:
    return store(engine, [Accepted(e.device, e) for e in envelopes], now)


def delete_all(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        return erasure.delete_lessons(session, true(), NOW)


def count(engine: Engine, table: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_late_events_of_a_deleted_lesson_are_dropped_and_acknowledged(engine: Engine) -> None:
    events = a_lesson().envelopes
    put(engine, events[:5])
    assert 1 == delete_all(engine)
    stored = put(engine, events[3:])
    assert {"deleted": len(events) - 3} == dict(stored.counts)
    assert [len(events)] == [mark.upto for _, mark in stored.acknowledgements]
    assert (0, 0) == (count(engine, Lesson), count(engine, StoredEvent))


def test_a_gap_in_a_deleted_lesson_closes_when_the_missing_event_comes(engine: Engine) -> None:
    events = a_lesson().envelopes
    put(engine, [events[0], *events[3:6]])
    delete_all(engine)
    assert [3] == [mark.upto for _, mark in put(engine, events[1:3]).acknowledgements]
    assert [6] == [mark.upto for _, mark in put(engine, events[3:6]).acknowledgements]


def test_other_lessons_of_the_device_go_on(engine: Engine) -> None:
    put(engine, LessonScript(lesson="lesson0a").started().ended(60).envelopes)
    delete_all(engine)
    second = LessonScript(lesson="lesson0b", first_seq=3).started()
    assert [3] == [mark.upto for _, mark in put(engine, second.envelopes).acknowledgements]
    assert 1 == count(engine, Lesson)


def test_after_a_year_a_lesson_is_deleted_and_not_before(engine: Engine) -> None:
    put(engine, a_lesson().envelopes)
    with Session(engine) as session, session.begin():
        assert 0 == erasure.retain_for(session, 365, NOW + timedelta(days=365))
        assert 1 == erasure.retain_for(session, 365, NOW + timedelta(days=365, seconds=1))
    assert (0, 1) == (count(engine, StoredEvent), count(engine, DeletedLesson))


def test_the_wrong_date_of_a_device_does_not_delete_its_lesson(engine: Engine) -> None:
    put(engine, LessonScript(start=datetime(1970, 1, 1, tzinfo=UTC)).started().envelopes)
    with Session(engine) as session, session.begin():
        assert 0 == erasure.retain_for(session, 365, NOW + timedelta(days=300))


def test_the_mark_of_a_deletion_goes_in_time_too(engine: Engine) -> None:
    put(engine, a_lesson().envelopes)
    delete_all(engine)
    with Session(engine) as session, session.begin():
        erasure.retain_for(session, 365, NOW + timedelta(days=366))
    assert 0 == count(engine, DeletedLesson)


def test_nothing_of_a_deleted_lesson_is_left_in_the_database_file(
    engine: Engine, tmp_path: Path
) -> None:
    secret = "p59"
    put(engine, LessonScript().started().question_pause_name(5, 3.2, pupil=secret).envelopes)
    delete_all(engine)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("COMMIT"))
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        connection.execute(text("BEGIN"))
    files = [path.read_bytes() for path in tmp_path.glob("dashboard.sqlite3*")]
    assert not any(secret.encode() in content for content in files)


def test_what_is_to_be_sent_and_is_over_is_not_kept(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.add(Outgoing(topic="a", payload="{}", retain=False, created=NOW, expires=NOW))
    with Session(engine) as session, session.begin():
        erasure.retain_for(session, 365, NOW + timedelta(seconds=1))
    assert 0 == count(engine, Outgoing)
