"""How exact the cue is while other work fights for the processor: on both clocks.

On the audio clock *go* is due at the question's end plus the target; it is decided at the first
frame from there on. In the room it is due when the sound of that moment was played; the driver
hands it to the outputs then, on the monotonic clock. Several lessons are heard at once, each in a
process of its own, one behind the other by a part of a second, so that there are many moments.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Block, Gap, Resumed
from device.audio.paced import Paced
from device.clock import SystemClock
from device.closing import Closing
from device.feedback.cueing import Cueing
from device.feedback.driver import CueDriver, Fired
from device.feedback.policy import CuePolicy
from device.feedback.timeline import AudioTimeline
from device.pipeline import Pipeline
from lesson.events import Cue, Signal
from tools.chaos.faults import busy_processes
from tools.chaos.sound import TARGET_S, Excerpt, load, repeated, replay_plan, save
from tools.chaos.stations import end_with
from tools.chaos.world import CONTEXT

HOGS = 4
LIMIT_MS = 50.0
LESSONS = 12
#: each of the lessons asks its question so often
ROUNDS = 35
DRIVER_TICKS = 3000
TICK_EVERY_S = 0.1


class Dark:
    """An output that shows nothing."""

    name = "dark"
    mask_samples = 0

    def wait(self) -> None:
        return None

    def go(self) -> None:
        return None

    def off(self) -> None:
        return None

    def step(self, _elapsed_s: float) -> float | None:
        return None

    def close(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson's milliseconds after the due moments; negative is early."""

    audio_ms: tuple[float, ...]
    room_ms: tuple[float, ...]
    real_time: bool


@dataclass(frozen=True, slots=True)
class TickErrors:
    """Milliseconds after the due moment; negative is early.

    Attributes:
        due: how many moments there were in the lessons.
        real_time: the system let the driver's threads run in real time.
    """

    audio_ms: tuple[float, ...]
    room_ms: tuple[float, ...]
    driver_ms: tuple[float, ...]
    due: int
    real_time: bool

    def lines(self) -> list[str]:
        """One row of a table each."""
        named = (
            ("decision, on the audio clock", self.audio_ms),
            ("driver, from the sound in the room", self.room_ms),
            ("driver alone, armed ahead", self.driver_ms),
        )
        return [f"| {name} | {_figures(errors)} |" for name, errors in named]

    @property
    def within(self) -> bool:
        everything = (self.audio_ms, self.room_ms, self.driver_ms)
        exact = all(abs(_quantile(errors, 0.99)) <= LIMIT_MS for errors in everything)
        return exact and len(self.room_ms) == self.due


def measure(question: Excerpt, hogs: int = HOGS) -> TickErrors:
    """Hear a question again and again in real time, in several lessons, and tick beside them.

    Args:
        question: sound that holds one question with its *go*.
        hogs: processes that stand in the way.
    """
    with tempfile.TemporaryDirectory(prefix="denkpauze-ticks-") as folder, busy_processes(hogs):
        save(question, Path(folder))
        with CONTEXT.Pool(LESSONS + 1, end_with, (os.getpid(),)) as pool:
            alone = pool.apply_async(driver_alone)
            work = [
                (Path(folder), number * question.length_s / LESSONS) for number in range(LESSONS)
            ]
            lessons = pool.starmap(in_a_lesson, work, chunksize=1)
            driver_ms = alone.get()
    return TickErrors(
        tuple(error for lesson in lessons for error in lesson.audio_ms),
        tuple(error for lesson in lessons for error in lesson.room_ms),
        driver_ms,
        LESSONS * ROUNDS,
        all(lesson.real_time for lesson in lessons),
    )


def driver_alone() -> tuple[float, ...]:
    """Errors of many moments that nothing but the driver has to do with."""
    clock = SystemClock()
    fired = _Fired()
    with CueDriver([Dark()], clock, on_fired=fired) as driver:
        for count in range(1, DRIVER_TICKS + 1):
            driver.wait_light()
            driver.arm_go(clock.monotonic() + TICK_EVERY_S)
            fired.wait_for_go(count)
    return tuple(fired.errors_ms())


def in_a_lesson(folder: Path, later_s: float) -> Lesson:
    """Hear the question of that folder ``ROUNDS`` times, beginning so much later."""
    excerpt = repeated(load(folder), ROUNDS)
    clock, fired, timeline = SystemClock(), _Fired(), AudioTimeline()
    clock.sleep(later_s)
    cues: list[Cue] = []
    with ExitStack() as parts:
        driver = parts.enter_context(CueDriver([Dark()], clock, on_fired=fired))
        plan = replay_plan(excerpt, clock, 0.0, lambda: 0)
        recogniser = plan.recogniser(threaded=True)
        parts.callback(recogniser.close)
        cueing = Cueing(CuePolicy(plan.mode, TARGET_S), driver, timeline)
        pipeline = Pipeline(plan.listener(recogniser), cueing)
        begun_s: float | None = None
        taken = 0
        for item in Paced(_Sound(excerpt), clock).items():
            if isinstance(item, Block) and item.captured_at is not None:
                taken += len(item.samples)
                begun_s = begun_s or item.captured_at - taken / SAMPLE_RATE
                timeline.observe(taken, item.captured_at)
            for step in pipeline.feed(item):
                cues += [event for event in step.events if isinstance(event, Cue)]
        real_time = _runs_in_real_time()
    goes = [cue for cue in cues if cue.signal is Signal.GO]
    audio = [1000 * (cue.t - cue.question_end - TARGET_S) for cue in goes]
    due = [(begun_s or 0.0) + cue.question_end + TARGET_S for cue in goes]
    given = [each.at_s for each in fired.given if each.signal is Signal.GO]
    room = [1000 * min((at - moment for at in given), key=abs) for moment in due]
    return Lesson(tuple(audio), tuple(room), real_time)


def _runs_in_real_time() -> bool:
    drivers = [each.native_id for each in threading.enumerate() if each.name == "cue-driver"]
    policies = [os.sched_getscheduler(number or 0) for number in drivers]
    return all(each & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR for each in policies)


class _Fired:
    """Keeps what the driver gave."""

    def __init__(self) -> None:
        self.given: list[Fired] = []
        self._count = 0
        self._changed = threading.Condition()

    def __call__(self, fired: Fired) -> None:
        with self._changed:
            self.given.append(fired)
            self._count += fired.due_s is not None
            self._changed.notify_all()

    def wait_for_go(self, count: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._count >= count, 10.0)

    def errors_ms(self) -> list[float]:
        return [1000 * (each.at_s - each.due_s) for each in self.given if each.due_s is not None]


class _Sound(Closing):
    """The excerpt as a source."""

    name = "excerpt"

    def __init__(self, excerpt: Excerpt) -> None:
        self._samples = excerpt.samples

    def items(self) -> Iterator[Block | Gap | Resumed]:
        for start in range(0, len(self._samples), FRAME_SAMPLES):
            yield Block(self._samples[start : start + FRAME_SAMPLES])

    def close(self) -> None:
        return None


def _quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values, key=abs)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _figures(errors: tuple[float, ...]) -> str:
    middle, high = _quantile(errors, 0.5), _quantile(errors, 0.99)
    return f"{len(errors)} | {middle:.1f} | {high:.1f} | {_quantile(errors, 1.0):.1f}"
