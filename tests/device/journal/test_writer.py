"""The writer's thread: nothing waits for the disk, and a disk that fails costs nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from device_process import STARTED
from full_disk import full_disk
from installed import wait_until

from device.clock import SystemClock
from device.journal import Journal, JournalWriter
from lesson.events import HealthState, LessonEnded, Mark
from lesson.wire import Envelope

pytestmark = pytest.mark.unit

CLOCK = SystemClock()
TIMEOUT_S = 30.0


def mark(t: float) -> Mark:
    return Mark(t=t, by="teacher")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.db", "lokaal-12", CLOCK) as opened:
        yield opened


class Watch:
    """Collects what the writer's callbacks say."""

    def __init__(self) -> None:
        self.written: list[Envelope] = []
        self.health: list[tuple[HealthState, str]] = []
        self._changed = threading.Condition()

    def on_written(self, envelopes: Sequence[Envelope]) -> None:
        with self._changed:
            self.written += envelopes
            self._changed.notify_all()

    def on_health(self, state: HealthState, text: str) -> None:
        with self._changed:
            self.health.append((state, text))
            self._changed.notify_all()

    def wait(self, *, written: int = 0, health: int = 0) -> None:
        with self._changed:
            assert self._changed.wait_for(
                lambda: len(self.written) >= written and len(self.health) >= health, TIMEOUT_S
            ), (len(self.written), self.health)


def build(journal: Journal, watch: Watch, **options: int) -> JournalWriter:
    return JournalWriter(
        journal, CLOCK, on_written=watch.on_written, on_health=watch.on_health, **options
    )


def test_events_of_many_threads_are_all_written_without_gaps(journal: Journal) -> None:
    watch = Watch()
    with build(journal, watch) as writer:
        lesson = writer.start_lesson(STARTED)

        def write() -> None:
            for t in range(50):
                assert writer.append(lesson, mark(t))

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert list(range(1, 202)) == [envelope.seq for envelope in journal.events(lesson)]
    assert journal.events(lesson) == watch.written
    assert (201, 0, 0) == (writer.counters().written, writer.counters().waiting, len(watch.health))


def test_stopping_writes_what_is_queued(journal: Journal) -> None:
    writer = build(journal, Watch())
    lesson = writer.start_lesson(STARTED)
    for t in range(500):
        writer.append(lesson, mark(t))
    writer.append(lesson, LessonEnded(t=500, reason="button"))
    writer.start()
    assert writer.stop(TIMEOUT_S)
    assert 502 == len(journal.events(lesson))
    assert writer.stop()


def test_a_lesson_begins_once_and_before_its_events(journal: Journal) -> None:
    with build(journal, Watch()) as writer:
        with pytest.raises(LookupError):
            writer.append("lesson00", mark(1))
        with pytest.raises(ValueError):
            writer.append(writer.start_lesson(STARTED), STARTED)


@pytest.mark.slow
def test_a_full_disk_is_said_once_and_nothing_is_lost_when_there_is_room_again(
    journal: Journal,
) -> None:
    watch = Watch()
    with build(journal, watch) as writer:
        lesson = writer.start_lesson(STARTED)
        watch.wait(written=1)
        with full_disk(journal.path):
            for t in range(300):
                assert writer.append(lesson, mark(t))
            watch.wait(health=1)
            state, text = watch.health[0]
            assert HealthState.DEGRADED is state
            assert "check its space" in text
            assert 300 == writer.counters().waiting
        watch.wait(written=301, health=2)
        assert HealthState.OK is watch.health[1][0]
    assert list(range(1, 302)) == [envelope.seq for envelope in journal.events(lesson)]
    assert 0 == writer.counters().refused
    assert 1 <= writer.counters().failures


@pytest.mark.slow
def test_a_full_memory_refuses_and_counts_after_waiting_once(journal: Journal) -> None:
    watch = Watch()
    with build(journal, watch, capacity_events=10) as writer:
        lesson = writer.start_lesson(STARTED)
        watch.wait(written=1)
        with full_disk(journal.path):
            taken = [writer.append(lesson, mark(t)) for t in range(30)]
            assert [True] * 10 + [False] * 20 == taken
        watch.wait(written=11)
    assert list(range(1, 12)) == [envelope.seq for envelope in journal.events(lesson)]
    assert 20 == writer.counters().refused


@pytest.mark.slow
def test_stopping_is_bounded_while_the_disk_refuses(journal: Journal) -> None:
    watch = Watch()
    with build(journal, watch) as writer:
        lesson = writer.start_lesson(STARTED)
        watch.wait(written=1)
        with full_disk(journal.path):
            writer.append(lesson, mark(1))
            watch.wait(health=1)
            assert not writer.stop(timeout_s=0.1)
            assert not writer.alive
    assert 1 == writer.counters().waiting


@pytest.mark.slow
def test_a_disk_that_healed_between_two_attempts_is_tried_again_before_the_end(
    journal: Journal,
) -> None:
    """The attempts become rare, and a lesson may end while nobody has noticed that it healed."""
    watch = Watch()
    with build(journal, watch) as writer:
        lesson = writer.start_lesson(STARTED)
        watch.wait(written=1)
        with full_disk(journal.path):
            writer.append(lesson, mark(1))
            watch.wait(health=1)
            wait_until(lambda: writer.counters().failures >= 3, "the next attempt is far away")
        assert writer.stop(timeout_s=0.3)
    assert 2 == len(watch.written)
