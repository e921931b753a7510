"""After a restart a lesson goes on, or is ended as interrupted; no clock is believed blindly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from device_process import STARTED
from installed import wait_until

from device.clock import SimulatedClock
from device.journal import Journal, JournalWriter, Moment
from device.journal.heartbeat import Heartbeat
from lesson.events import LessonEnded, Mark, Question
from lesson.wire import Envelope

pytestmark = pytest.mark.unit

DEVICE = "lokaal-12"
WALL = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
YEARS = timedelta(days=4000)


def moment(
    since_boot_s: float, wall: datetime = WALL, kernel: str = "one", synchronised: bool = True
) -> Moment:
    return Moment(kernel, since_boot_s, wall, synchronised)


@pytest.mark.parametrize("jump", [-YEARS, timedelta(), YEARS])
def test_a_restarted_program_was_away_for_as_long_as_the_machine_says(jump: timedelta) -> None:
    before = moment(500.0)
    assert 42.5 == moment(542.5, WALL + jump, synchronised=False).elapsed_s(before)


def test_a_restarted_machine_believes_a_wall_clock_that_was_right_both_times() -> None:
    after = moment(30.0, WALL + timedelta(seconds=75), kernel="two")
    assert 75.0 == after.elapsed_s(moment(500.0))


@pytest.mark.parametrize(
    ("away_s", "before_right", "after_right"),
    [(75, False, True), (75, True, False), (-3600, True, True), (20, True, True)],
    ids=["not set before", "not set after", "went back", "shorter than the machine runs"],
)
def test_a_restarted_machine_does_not_know_what_its_clock_cannot_tell(
    away_s: int, before_right: bool, after_right: bool
) -> None:
    before = moment(500.0, synchronised=before_right)
    after = moment(30.0, WALL + timedelta(seconds=away_s), "two", after_right)
    assert after.elapsed_s(before) is None


def crashed(path: Path, clock: SimulatedClock, heard_s: float = 30.0) -> str:
    """A lesson that a device was hearing when it died; returns its id."""
    with Journal.open(path, DEVICE, clock) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        beat = Heartbeat(lesson, heard_s, Moment.now(clock))
        question = Question(t=10, t_end=12.5, form="open", arms=True, probability=0.9)
        journal.append_all([(lesson, question)], beat)
    return lesson


def test_a_lesson_goes_on_after_a_short_absence_however_the_wall_clock_jumped(
    tmp_path: Path,
) -> None:
    clock = SimulatedClock()
    lesson = crashed(tmp_path / "journal.db", clock)
    clock.advance(60.0)
    clock.jump_wall(-YEARS.total_seconds())
    with Journal.open(tmp_path / "journal.db", DEVICE, clock) as journal:
        unfinished = journal.unfinished
        assert unfinished is not None
        assert (lesson, STARTED, 30.0) == (
            unfinished.lesson,
            unfinished.started,
            unfinished.lost_t,
        )
        clock.advance(5.0)
        assert 95.0 == pytest.approx(unfinished.t_at(clock.since_boot()))
        journal.append(lesson, Mark(t=96.0, by="teacher"))
        kinds = [envelope.event.kind for envelope in journal.events(lesson)]
    assert ["lesson_started", "question", "mark"] == kinds


def test_a_lesson_is_ended_as_interrupted_after_two_minutes(tmp_path: Path) -> None:
    clock = SimulatedClock()
    lesson = crashed(tmp_path / "journal.db", clock)
    clock.advance(121.0)
    with Journal.open(tmp_path / "journal.db", DEVICE, clock) as journal:
        assert journal.unfinished is None
        ending = journal.events(lesson)[-1].event
    assert LessonEnded(t=30.0, reason="interrupted") == ending


def test_a_lesson_that_does_not_go_on_is_ended_when_the_next_one_begins(tmp_path: Path) -> None:
    clock = SimulatedClock()
    old = crashed(tmp_path / "journal.db", clock)
    with Journal.open(tmp_path / "journal.db", DEVICE, clock) as journal:
        new = journal.start_lesson(STARTED)
        assert (old, "lesson_ended") == (
            journal.events(old)[-1].lesson,
            journal.events(old)[-1].event.kind,
        )
        assert 2 == new.seq
        assert [new] == journal.events(new.lesson)


def test_a_lesson_goes_on_only_with_the_same_plan(tmp_path: Path) -> None:
    clock = SimulatedClock()
    crashed(tmp_path / "journal.db", clock)
    with Journal.open(tmp_path / "journal.db", DEVICE, clock) as journal:
        unfinished = journal.unfinished
    assert unfinished is not None
    later = STARTED.model_copy(update={"wall": WALL, "clock_synchronised": False})
    assert unfinished.continues_as(later)
    for change in ({"mode": "silent"}, {"roster_size": 25}, {"target_s": 4.0}):
        assert not unfinished.continues_as(STARTED.model_copy(update=change))


def test_an_ended_lesson_leaves_no_heartbeat(tmp_path: Path) -> None:
    clock = SimulatedClock()
    lesson = crashed(tmp_path / "journal.db", clock)
    with Journal.open(tmp_path / "journal.db", DEVICE, clock) as journal:
        journal.append(lesson, LessonEnded(t=40, reason="button"))
        journal.append_all([], Heartbeat(lesson, 41.0, Moment.now(clock)))
    with Journal.open(tmp_path / "journal.db", DEVICE, clock) as journal:
        assert journal.unfinished is None


def test_the_writer_beats_at_once_and_then_every_ten_seconds(tmp_path: Path) -> None:
    clock = SimulatedClock()
    path = tmp_path / "journal.db"
    beats: list[float] = []
    with Journal.open(path, DEVICE, clock) as journal, JournalWriter(journal, clock) as writer:
        lesson = writer.start_lesson(STARTED)
        for t in range(25):
            writer.still_heard(lesson, float(t))
            if t % 10 == 0:
                wait_until(lambda t=t: [float(t)] == written(path), f"a beat at {t}")
            beats += written(path)
            clock.advance(1.0)
    assert [0.0, 10.0, 20.0] == sorted(set(beats))


def written(path: Path) -> list[float]:
    """The heartbeat on the disk."""
    with closing(sqlite3.connect(path)) as reader:
        return [t for (t,) in reader.execute("SELECT t FROM heartbeat")]


def test_a_journal_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    clock = SimulatedClock()
    path = tmp_path / "journal.db"
    with Journal.open(path, DEVICE, clock) as journal:
        written: Envelope = journal.start_lesson(STARTED)
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE heartbeat; PRAGMA user_version = 1;")
    connection.close()
    lesson = written.lesson
    with Journal.open(path, DEVICE, clock) as journal:
        assert written == journal.events(lesson)[0]
        assert "lesson_ended" == journal.events(lesson)[-1].event.kind
        crashed(tmp_path / "other.db", clock)
