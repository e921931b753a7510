"""The journal on a real disk: numbering, reopening, acknowledging, refusing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from device_process import STARTED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.clock import SystemClock
from device.errors import JournalError
from device.journal import Journal, Outbox, new_lesson_id
from lesson.events import LessonEnded, Mark, Question
from lesson.wire import Envelope, event_id

pytestmark = pytest.mark.unit

CLOCK = SystemClock()
DEVICE = "lokaal-12"


def mark(t: float) -> Mark:
    return Mark(t=t, by="teacher")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "journal.db"


def test_events_are_numbered_from_one_in_each_boot(path: Path) -> None:
    seen = []
    for _ in range(2):
        with Journal.open(path, DEVICE, CLOCK) as journal:
            lesson = journal.start_lesson(STARTED).lesson
            journal.append(lesson, LessonEnded(t=5, reason="button"))
            seen.append((journal.boot, [e.seq for e in journal.events(lesson)]))
    assert [1, 2] == seen[0][1] == seen[1][1]
    assert seen[0][0] != seen[1][0]


def test_an_envelope_has_the_id_device_and_wall_time(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        envelope = journal.append(lesson, mark(61.5))
        assert event_id(journal.boot, 2) == envelope.id
        assert (DEVICE, lesson, 2) == (envelope.device, envelope.lesson, envelope.seq)
        assert datetime(2026, 9, 1, 9, 1, 1, 500_000, tzinfo=UTC) == envelope.wall


def test_what_was_appended_is_read_back_after_reopening(path: Path) -> None:
    question = Question(t=1, t_end=2.25, form="open", arms=True, probability=0.9)
    with Journal.open(path, DEVICE, CLOCK) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        written = journal.append(lesson, question)
    with Journal.open(path, DEVICE, CLOCK) as journal:
        assert [lesson] == journal.lessons()
        assert written == journal.events(lesson)[1]
        assert question == written.event


def test_a_lesson_left_open_is_ended_as_interrupted_by_the_next_boot(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        journal.append(lesson, Question(t=10, t_end=12.5, form="open", arms=True, probability=0.9))
    for _ in range(2):  # the second opening finds nothing left to end
        with Journal.open(path, DEVICE, CLOCK) as journal:
            ending = journal.events(lesson)[-1]
            assert LessonEnded(t=12.5, reason="interrupted") == ending.event
            assert 3 == len(journal.events(lesson))
    assert STARTED.wall + timedelta(seconds=12.5) == ending.wall


def test_an_ended_lesson_may_still_be_corrected_and_stays_ended(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        journal.append(lesson, LessonEnded(t=5, reason="button"))
        journal.append(lesson, mark(3))
    with Journal.open(path, DEVICE, CLOCK) as journal:
        kinds = [envelope.event.kind for envelope in journal.events(lesson)]
    assert ["lesson_started", "lesson_ended", "mark"] == kinds


def test_an_unknown_lesson_is_refused_and_uses_no_number(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        with pytest.raises(LookupError):
            journal.append(new_lesson_id(), mark(1))
        assert 1 == journal.start_lesson(STARTED).seq


def test_a_batch_is_written_wholly_or_not_at_all(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        with pytest.raises(LookupError):
            journal.append_all([(lesson, mark(1)), (new_lesson_id(), mark(2))])
        assert 2 == journal.append(lesson, mark(3)).seq


def test_acknowledging_empties_the_outbox_and_keeps_the_events(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal, Outbox.open(path) as outbox:
        lesson = journal.start_lesson(STARTED).lesson
        journal.append_all([(lesson, mark(t)) for t in range(9)])
        assert 4 == outbox.acknowledge(journal.boot, 4)
        assert 0 == outbox.acknowledge(journal.boot, 2)
        assert [5, 6] == [event.position[1] for event in outbox.pending(2)]
        assert 6 == outbox.count()
        assert 10 == len(journal.events(lesson))


def test_an_acknowledgement_of_what_was_never_written_is_refused(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal, Outbox.open(path) as outbox:
        journal.start_lesson(STARTED)
        assert outbox.acknowledge(journal.boot, 2) is None
        assert outbox.acknowledge("f" * 16, 1) is None
        assert 1 == outbox.count()


def test_a_receiver_that_has_more_than_a_torn_journal_empties_its_outbox(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        torn = journal.boot
        lesson = journal.start_lesson(STARTED).lesson
        journal.append_all([(lesson, mark(t)) for t in range(2)])
    with Journal.open(path, DEVICE, CLOCK) as journal, Outbox.open(path) as outbox:
        assert 3 == outbox.acknowledge(torn, 7)
        assert [journal.boot] == [event.boot for event in outbox.pending(9)]
        assert outbox.acknowledge(journal.boot, 2) is None


def test_what_the_receiver_lost_comes_back_in_order(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        first = journal.boot
        lesson = journal.start_lesson(STARTED).lesson
        journal.append_all([(lesson, mark(t)) for t in range(4)])
        with Outbox.open(path) as outbox:
            assert 5 == outbox.acknowledge(first, 5)
    with Journal.open(path, DEVICE, CLOCK), Outbox.open(path) as outbox:
        assert 3 == outbox.restore(first, 2)
        pending = [(event.boot == first, event.position[1]) for event in outbox.pending(99)]
        assert [(True, 3), (True, 4), (True, 5), (False, 1)] == pending
        assert 0 == outbox.restore("f" * 16, 0)


def test_pending_can_be_limited_to_one_boot(path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        journal.start_lesson(STARTED)
    with Journal.open(path, DEVICE, CLOCK) as journal, Outbox.open(path) as outbox:
        pending = outbox.pending(99, boot=journal.boot)
        assert [1] == [event.position[1] for event in pending]
        assert "lesson_ended" == Envelope.from_json(pending[0].payload).event.kind


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 5)),
        st.tuples(st.just("acknowledge"), st.integers(0, 30)),
        st.tuples(st.just("reopen"), st.just(0)),
    ),
    max_size=25,
)


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_the_outbox_holds_exactly_what_was_written_and_not_acknowledged(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.db"
    expected: list[tuple[str, int]] = []
    journal = Journal.open(path, DEVICE, CLOCK)
    lesson = journal.start_lesson(STARTED).lesson
    journal.append(lesson, LessonEnded(t=0, reason="button"))
    expected += [(journal.boot, 1), (journal.boot, 2)]
    last = 2
    for step, number in steps:
        if step == "append":
            written = journal.append_all([(lesson, mark(1)) for _ in range(number)])
            assert list(range(last + 1, last + number + 1)) == [e.seq for e in written]
            expected += [(journal.boot, envelope.seq) for envelope in written]
            last += number
        elif step == "acknowledge":
            with Outbox.open(path) as outbox:
                known = outbox.acknowledge(journal.boot, number)
            assert (known is None) == (number > last)
            if known is not None:
                expected = [e for e in expected if e[0] != journal.boot or e[1] > number]
        else:
            journal.close()
            journal, last = Journal.open(path, DEVICE, CLOCK), 0
    with Outbox.open(path) as outbox:
        assert expected == [(e.boot, e.position[1]) for e in outbox.pending(10_000)]
        assert len(expected) == outbox.count()
    journal.close()
    journal.close()


def test_a_second_journal_on_the_same_file_is_refused(path: Path) -> None:
    with (
        Journal.open(path, DEVICE, CLOCK),
        pytest.raises(JournalError, match="in use by another Denkpauze"),
    ):
        Journal.open(path, DEVICE, CLOCK)
    Journal.open(path, DEVICE, CLOCK).close()


def test_a_journal_of_a_newer_version_is_left_alone(path: Path) -> None:
    Journal.open(path, DEVICE, CLOCK).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="newer Denkpauze"):
        Journal.open(path, DEVICE, CLOCK)
    assert before == path.read_bytes()


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE accounts (id)")
    connection.close()
    with pytest.raises(JournalError, match="another program"):
        Journal.open(path, DEVICE, CLOCK)
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert [("accounts",)] == rows


def zeroed_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 6] = bytes(4096 * 5)
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def overwritten(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to look at" * 200)


@pytest.mark.parametrize("damage", [zeroed_pages, cut_short, overwritten])
def test_a_damaged_journal_is_set_aside_and_begun_anew(
    path: Path, damage: Callable[[Path], None]
) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        journal.append_all([(lesson, mark(t)) for t in range(200)])
    damage(path)
    damaged = path.read_bytes()
    with Journal.open(path, DEVICE, CLOCK) as journal:
        assert journal.set_aside is not None
        assert damaged == journal.set_aside.read_bytes()
        assert [] == journal.lessons()
        assert 1 == journal.start_lesson(STARTED).seq


@pytest.mark.slow
def test_a_torn_write_ahead_log_costs_only_what_was_torn(path: Path, tmp_path: Path) -> None:
    with Journal.open(path, DEVICE, CLOCK) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        for t in range(50):
            journal.append(lesson, mark(t))
        copy = tmp_path / "after-power-cut" / "journal.db"
        copy.parent.mkdir()
        copy.write_bytes(path.read_bytes())
        log = path.with_name("journal.db-wal").read_bytes()
        copy.with_name("journal.db-wal").write_bytes(log[:-100])
    with Journal.open(copy, DEVICE, CLOCK) as journal:
        assert journal.set_aside is None
        kinds = [envelope.event.kind for envelope in journal.events(lesson)]
        assert ["lesson_started", *["mark"] * 49, "lesson_ended"] == kinds


def test_a_folder_that_is_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="check the disk and the rights"):
        Journal.open(tmp_path / "file" / "journal.db", DEVICE, CLOCK)


def test_an_outbox_without_a_journal_is_explained(path: Path) -> None:
    with pytest.raises(JournalError, match="open the journal before its outbox"):
        Outbox.open(path)
