"""The thread that writes the journal, so that nobody who measures ever waits for a disk."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from device.clock import Clock
from device.errors import JournalError
from device.journal.heartbeat import BEAT_EVERY_S, Heartbeat, Moment
from device.journal.store import Journal, new_lesson_id
from lesson.events import HealthState, LessonEvent, LessonStarted
from lesson.wire import Envelope

#: More than a week of lessons at a thousand events each; about 20 MB of memory when full.
CAPACITY_EVENTS = 20_000
#: Largest transaction; together with a commit per batch it bounds what a power cut can take.
BATCH_EVENTS = 200
#: How long ``append`` may wait for room, once, before it says that the queue is full.
PATIENCE_S = 0.25
RETRY_FIRST_S = 0.5
RETRY_LONGEST_S = 15.0


@dataclass(frozen=True, slots=True)
class WriterCounters:
    """What became of the events so far.

    Attributes:
        written: on disk.
        waiting: in memory, to be written.
        refused: lost, because the disk failed until the memory reserved for it was full.
        failures: attempts at writing that the disk refused.
    """

    written: int = 0
    waiting: int = 0
    refused: int = 0
    failures: int = 0


def _ignore(*_arguments: object) -> None:
    return None


class JournalWriter:
    """A bounded queue and one thread. A disk that fails is tried again until it works.

    Args:
        on_written: called in the writer's thread after each commit, with what was written.
        on_health: called in the writer's thread when the journal becomes ``DEGRADED`` (with a
            line for the user) or ``OK`` again; never twice in a row with the same state.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        *,
        on_written: Callable[[Sequence[Envelope]], None] = _ignore,
        on_health: Callable[[HealthState, str], None] = _ignore,
        capacity_events: int = CAPACITY_EVENTS,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._on_written = on_written
        self._on_health = on_health
        self._capacity = capacity_events
        self._condition = threading.Condition()
        self._queue: deque[tuple[str, LessonEvent]] = deque()
        self._counters = WriterCounters()
        self._lessons = set(journal.lessons())
        self._impatient = False
        self._beat: Heartbeat | None = None
        self._beat_due = clock.monotonic()
        self._stop_at: float | None = None
        self._health = HealthState.OK
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def start_lesson(self, started: LessonStarted) -> str:
        """Queue the start of a lesson; returns its new id at once."""
        lesson = new_lesson_id()
        self._lessons.add(lesson)
        self._put(lesson, started)
        return lesson

    def append(self, lesson: str, event: LessonEvent) -> bool:
        """Queue an event of a started lesson; any thread may.

        Returns at once while there is room. With a full queue it waits ``PATIENCE_S`` the first
        time and not at all after that until there is room again; False means refused, counted.

        Raises:
            LookupError: the lesson was never started.
            ValueError: a second start; lessons begin with ``start_lesson``.
        """
        if lesson not in self._lessons:
            raise LookupError(f"lesson {lesson} was never started")
        if isinstance(event, LessonStarted):
            raise ValueError("a lesson begins with start_lesson")
        return self._put(lesson, event)

    def still_heard(self, lesson: str, t: float) -> None:
        """The lesson is heard up to ``t``; written down every ten seconds, for a restart."""
        if self._clock.monotonic() < self._beat_due:
            return
        beat = Heartbeat(lesson, t, Moment.now(self._clock))
        with self._condition:
            self._beat_due = self._clock.monotonic() + BEAT_EVERY_S
            self._beat = beat
            self._condition.notify_all()

    def counters(self) -> WriterCounters:
        with self._condition:
            return replace(self._counters, waiting=len(self._queue))

    @property
    def alive(self) -> bool:
        """False once the thread has ended; before ``stop`` that is a defect."""
        return self._thread.is_alive()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Write what is queued, for at most about ``timeout_s``; True when all was written."""
        with self._condition:
            if self._stop_at is None:
                self._stop_at = self._clock.monotonic() + timeout_s
            self._condition.notify_all()
        if self._thread.ident is not None:
            self._thread.join(timeout_s + 1.0)
        return not self._thread.is_alive() and self.counters().waiting == 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _put(self, lesson: str, event: LessonEvent) -> bool:
        with self._condition:
            if len(self._queue) >= self._capacity and not self._impatient:
                self._wait_for_room()
            if len(self._queue) >= self._capacity:
                self._impatient = True
                self._counters = replace(self._counters, refused=self._counters.refused + 1)
                return False
            self._impatient = False
            self._queue.append((lesson, event))
            self._condition.notify_all()
            return True

    def _wait_for_room(self) -> None:
        deadline = self._clock.monotonic() + PATIENCE_S
        while len(self._queue) >= self._capacity:
            left = deadline - self._clock.monotonic()
            if left <= 0:
                return
            self._clock.wait(self._condition, left)

    def _run(self) -> None:
        retry_s = RETRY_FIRST_S
        while (work := self._next_batch()) is not None:
            batch, beat = work
            try:
                envelopes = self._journal.append_all(batch, beat)
            except JournalError as error:
                self._failed(str(error))
                if self._time_is_up():
                    return
                self._pause(retry_s)
                retry_s = min(retry_s * 2, RETRY_LONGEST_S)
                continue
            retry_s = RETRY_FIRST_S
            self._succeeded(len(batch), beat)
            if envelopes:
                self._on_written(envelopes)

    def _next_batch(self) -> tuple[list[tuple[str, LessonEvent]], Heartbeat | None] | None:
        """Wait for events and return them, still queued; ``None`` when stopped and drained."""
        with self._condition:
            while not self._queue and self._beat is None and self._stop_at is None:
                self._clock.wait(self._condition, None)
            if not self._queue and self._stop_at is not None:
                return None
            batch = [self._queue[i] for i in range(min(len(self._queue), BATCH_EVENTS))]
            return batch, self._beat

    def _succeeded(self, count: int, beat: Heartbeat | None) -> None:
        with self._condition:
            if beat is self._beat:
                self._beat = None
            for _ in range(count):
                self._queue.popleft()
            self._counters = replace(self._counters, written=self._counters.written + count)
            self._condition.notify_all()
        self._report(HealthState.OK, "")

    def _failed(self, text: str) -> None:
        with self._condition:
            self._counters = replace(self._counters, failures=self._counters.failures + 1)
        self._report(HealthState.DEGRADED, text)

    def _time_is_up(self) -> bool:
        with self._condition:
            return self._stop_at is not None and self._clock.monotonic() >= self._stop_at

    def _pause(self, seconds: float) -> None:
        """Wait before the next attempt; not at all when told to stop meanwhile, then shortly.

        The last attempt comes when the time for stopping is over: the disk may have healed.
        """
        with self._condition:
            stop_at = self._stop_at
            until = self._clock.monotonic() + seconds
            if stop_at is not None:
                until = min(self._clock.monotonic() + RETRY_FIRST_S, stop_at)
            while (now := self._clock.monotonic()) < until and self._stop_at == stop_at:
                self._clock.wait(self._condition, until - now)

    def _report(self, state: HealthState, text: str) -> None:
        if state is not self._health:
            self._health = state
            self._on_health(state, text)
