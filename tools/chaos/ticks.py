"""How exact the cue is while other work fights for the processor: on both clocks.

On the audio clock *go* is due at the question's end plus the target; it is decided at the first
frame from there on. In the room it is due when the sound of that moment was played; the driver
hands it to the outputs then, on the monotonic clock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Block, Gap, Resumed
from device.audio.paced import Paced
from device.clock import SystemClock
from device.feedback.cueing import Cueing
from device.feedback.driver import CueDriver, Fired
from device.feedback.policy import CuePolicy
from device.feedback.timeline import AudioTimeline
from device.pipeline import Pipeline
from lesson.events import Cue, Signal
from tools.chaos.faults import busy_processes
from tools.chaos.sound import TARGET_S, Excerpt, replay_plan

HOGS = 4
LIMIT_MS = 50.0
DRIVER_TICKS = 300
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
class TickErrors:
    """Milliseconds after the due moment; negative is early."""

    audio_ms: tuple[float, ...]
    room_ms: tuple[float, ...]
    driver_ms: tuple[float, ...]

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
        return all(abs(_quantile(errors, 0.99)) <= LIMIT_MS for errors in everything)


def measure(excerpt: Excerpt, hogs: int = HOGS) -> TickErrors:
    """Hear the excerpt in real time and tick beside it, with that many processes in the way."""
    with busy_processes(hogs):
        driver_ms = _driver_alone()
        audio_ms, room_ms = _in_a_lesson(excerpt)
    return TickErrors(audio_ms, room_ms, driver_ms)


def _driver_alone() -> tuple[float, ...]:
    clock = SystemClock()
    fired = _Fired()
    with CueDriver([Dark()], clock, on_fired=fired) as driver:
        for count in range(1, DRIVER_TICKS + 1):
            driver.wait_light()
            driver.arm_go(clock.monotonic() + TICK_EVERY_S)
            fired.wait_for_go(count)
    return tuple(fired.errors_ms())


def _in_a_lesson(excerpt: Excerpt) -> tuple[tuple[float, ...], tuple[float, ...]]:
    clock, fired, timeline = SystemClock(), _Fired(), AudioTimeline()
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
    goes = [cue for cue in cues if cue.signal is Signal.GO]
    audio = [1000 * (cue.t - cue.question_end - TARGET_S) for cue in goes]
    due = [(begun_s or 0.0) + cue.question_end + TARGET_S for cue in goes]
    given = [each.at_s for each in fired.given if each.signal is Signal.GO]
    room = [1000 * min((at - moment for at in given), key=abs) for moment in due]
    return tuple(audio), tuple(room)


class _Fired:
    """Keeps what the driver gave."""

    def __init__(self) -> None:
        self.given: list[Fired] = []
        self._changed = threading.Condition()

    def __call__(self, fired: Fired) -> None:
        with self._changed:
            self.given.append(fired)
            self._changed.notify_all()

    def wait_for_go(self, count: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: len(self.errors_ms()) >= count, 10.0)

    def errors_ms(self) -> list[float]:
        return [1000 * (each.at_s - each.due_s) for each in self.given if each.due_s is not None]


class _Sound:
    """The excerpt as a source."""

    name = "excerpt"

    def __init__(self, excerpt: Excerpt) -> None:
        self._samples = excerpt.samples

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def items(self) -> Iterator[Block | Gap | Resumed]:
        for start in range(0, len(self._samples), FRAME_SAMPLES):
            yield Block(self._samples[start : start + FRAME_SAMPLES])

    def close(self) -> None:
        return None


def _quantile(values: tuple[float, ...], share: float) -> float:
    ordered = sorted(values, key=abs)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _figures(errors: tuple[float, ...]) -> str:
    middle, high = _quantile(errors, 0.5), _quantile(errors, 0.99)
    return f"{len(errors)} | {middle:.1f} | {high:.1f} | {_quantile(errors, 1.0):.1f}"
