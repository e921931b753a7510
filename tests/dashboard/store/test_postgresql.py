"""The same store on a real PostgreSQL."""

from __future__ import annotations

import importlib.util
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import old_schema
import postgresql
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from lesson_events import START, a_lesson
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from dashboard.accounts import consent, erasure, people, policy
from dashboard.accounts.models import Watch
from dashboard.accounts.roles import Role
from dashboard.clock import SystemClock
from dashboard.inbox import Accepted
from dashboard.ingest import Ingest
from dashboard.store import insertion, queries
from dashboard.store.database import open_database
from dashboard.store.models import Base, Boot, Device, Lesson, ReceiverState, StoredEvent
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
        row = queries.live_of(session, "aula")
        receiver = queries.receiver_state(session)
    assert row is not None
    assert receiver is not None
    assert ("think", NOW, True) == (row.phase, row.received_at, receiver.connected)


@pytest.mark.parametrize("revision", old_schema.RELEASED)
def test_a_database_of_every_release_keeps_its_lessons(
    server: postgresql.PostgreSQL, engine: Engine, revision: str
) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE old_{revision}"))
    url = server.url.replace("/postgres?", f"/old_{revision}?")
    old_schema.make(url, revision)
    opened = open_database(url, writing=True)
    with opened.connect() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection), Base.metadata)
    with Session(opened) as session:
        assert 1 == len(queries.lesson_entries(session, "aula", "lesson0a"))
    opened.dispose()


def test_a_lesson_deleted_while_its_events_come_in_stays_deleted(engine: Engine) -> None:
    """The two are let loose on each other many times; neither may fail or bring it back."""
    ingest = Ingest(None, engine, SystemClock())
    failures: list[BaseException] = []
    for number in range(15):
        script = a_lesson(lesson=f"race{number:04d}", boot=f"{number:016x}")
        batch = [Accepted(e.device, e) for e in script.envelopes]
        store(engine, batch[:5], NOW)

        def keep_coming(batch: list[Accepted] = batch) -> None:
            try:
                for first in range(5, len(batch), 4):
                    ingest._store(batch[first : first + 4])
            except BaseException as error:
                failures.append(error)

        coming = threading.Thread(target=keep_coming)
        coming.start()
        with Session(engine) as session, session.begin():
            erasure.delete_lessons(session, Lesson.id == script.lesson, NOW)
        coming.join(30)
        with Session(engine) as session:
            left = select(func.count()).select_from(StoredEvent)
            assert 0 == session.scalar(left.where(StoredEvent.lesson == script.lesson))
            assert session.get(Lesson, (script.device, script.lesson)) is None
    assert [] == failures


def failures_of(works: Sequence[Callable[[threading.Barrier], None]]) -> list[BaseException]:
    """What goes wrong when all of them run at once, with a barrier to start together at."""
    failures: list[BaseException] = []
    together = threading.Barrier(len(works))

    def run(work: Callable[[threading.Barrier], None]) -> None:
        try:
            work(together)
        except BaseException as error:
            failures.append(error)
            together.abort()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return failures


def test_a_first_row_that_many_write_at_the_same_moment_fails_nobody(engine: Engine) -> None:
    """Two workers that start together both say for the first time that they run."""
    with Session(engine) as session, session.begin():
        insertion.insert_missing(session, Device, {"id": "b13", "first_seen": NOW})
        viewer = people.create(session, people.NewPerson("truus", "Truus", "-"), Role.TRAINER, NOW)
        teacher = people.create(session, people.NewPerson("tim", "Tim", "-"), Role.TEACHER, NOW)
        session.get_one(Device, "b13").owner = teacher.id
        asking = (teacher.id, viewer.id, NOW)

    def write(together: threading.Barrier) -> None:
        together.wait(30)
        store_receiver_state(engine, connected=True, now=NOW)
        together.wait(30)
        with Session(engine) as session, session.begin():
            consent.ask(session, *asking)

    for _ in range(15):
        with Session(engine) as session, session.begin():
            session.execute(delete(ReceiverState))
            session.execute(delete(Watch))
        assert [] == failures_of([write] * 4)
    with Session(engine) as session:
        assert queries.receiver_state(session) is not None
        assert 1 == session.scalar(select(func.count()).select_from(Watch))


def test_two_workers_that_store_events_of_one_lesson_never_wait_for_each_other(
    engine: Engine,
) -> None:
    """Each has half of the events, by turns, as a broker deals them out to a group."""
    scripts = [
        a_lesson(lesson=f"shared{number:03d}", boot=f"{number + 99:016x}") for number in range(20)
    ]

    def work(half: int, together: threading.Barrier) -> None:
        for script in scripts:
            together.wait(30)
            for envelope in script.envelopes[half::2]:
                store(engine, [Accepted(script.device, envelope)], NOW)

    assert [] == failures_of([partial(work, half) for half in (0, 1)])
    with Session(engine) as session:
        for script in scripts:
            entries = queries.lesson_entries(session, script.device, script.lesson)
            assert {e.id for e in script.envelopes} == {identifier for identifier, _ in entries}
            boot = session.get_one(Boot, (script.device, script.envelopes[0].boot))
            assert len(script.envelopes) == boot.upto


def test_accounts_their_consent_and_their_end(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        teacher, trainer = (
            people.create(session, people.NewPerson(name, name, "-"), role, NOW)
            for name, role in (("sanne", Role.TEACHER), ("trudy", Role.TRAINER))
        )
        session.add(Device(id="b12", first_seen=NOW, owner=teacher.id))
        session.flush()
        consent.ask(session, teacher.id, trainer.id, NOW)
        consent.allow(session, "b12", trainer.id, NOW)
        assert ["b12"] == policy.devices_to_watch(session, trainer.id, NOW)
        assert 0 == erasure.retain_for(session, 365, NOW)
        people.close(session, teacher.id)
        assert [] == policy.devices_to_watch(session, trainer.id, NOW)
