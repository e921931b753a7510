"""The same store on a real PostgreSQL."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import postgresql
import pytest
from lesson_events import START, a_lesson
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dashboard.inbox import Accepted
from dashboard.store import queries
from dashboard.store.database import open_database
from dashboard.store.models import StoredEvent
from dashboard.store.writer import store, store_receiver_state
from lesson.wire import DeviceStatus, LiveState

pytestmark = [pytest.mark.process, pytest.mark.slow]

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.PostgreSQL]:
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed: pip install 'psycopg[binary]'")
    if not postgresql.available():
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        started = postgresql.PostgreSQL(Path(folder) / "pg")
        started.start()
        yield started
        started.stop()


@pytest.fixture
def engine(server: postgresql.PostgreSQL) -> Iterator[Engine]:
    opened = open_database(server.url, writing=True)
    yield opened
    opened.dispose()


def test_events_are_stored_once_and_read_back_as_they_came(engine: Engine) -> None:
    script = a_lesson()
    batch = [Accepted(e.device, e) for e in script.envelopes]
    for _ in range(2):
        [(device, acknowledgement)] = store(engine, batch, NOW).acknowledgements
        assert (script.device, len(batch)) == (device, acknowledgement.upto)
    with Session(engine) as session:
        assert len(batch) == session.scalar(select(func.count()).select_from(StoredEvent))
        entries = queries.lesson_entries(session, script.device, script.lesson)
        lesson = queries.find_lesson(session, script.lesson)
    assert [(e.id, e.event) for e in script.envelopes] == list(entries)
    assert lesson is not None
    assert (START, "cue") == (lesson.started, lesson.mode)


def test_live_states_and_the_receiver_are_one_row_each(engine: Engine) -> None:
    live = LiveState(lesson="lesson0a", t=1, phase="think", think_s=0.5, target_s=3)
    status = DeviceStatus(state="ready", boot="00000000000000a1", lesson="lesson0a")
    for _ in range(2):
        store(engine, [Accepted("aula", live), Accepted("aula", status)], NOW)
        store_receiver_state(engine, connected=True, now=NOW)
    with Session(engine) as session:
        assert "aula" == queries.current_device(session)
        row = queries.live_of(session, "aula")
        receiver = queries.receiver_state(session)
    assert row is not None
    assert receiver is not None
    assert ("think", NOW, True) == (row.phase, row.received_at, receiver.connected)
