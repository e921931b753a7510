"""The whole cue chain on mock pins and simulated time, frame by frame, with a log of the light."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE
from device.clock import SimulatedClock
from device.feedback.cueing import Cueing
from device.feedback.driver import CueDriver, Fired
from device.feedback.light import CueLight
from device.feedback.policy import CuePolicy
from device.feedback.timeline import AudioTimeline
from lesson.events import Cue, CueMode
from lesson.phases import Phase

TIMEOUT_S = 10.0
ZERO_S = 100.0
FRAME_S = FRAME_SAMPLES / SAMPLE_RATE


class LoggedLight(CueLight):
    """The real light, and a log of what it showed when."""

    def __init__(self, clock: SimulatedClock) -> None:
        super().__init__()
        self._clock = clock
        self._changed = threading.Condition()
        self.log: list[tuple[float, str]] = []
        self._signals = 0

    def step(self, elapsed_s: float) -> float | None:
        next_s = super().step(elapsed_s)
        self._note(new_signal=elapsed_s == 0.0)
        return next_s

    def off(self) -> None:
        glowing = self._glowing
        super().off()
        self._note(new_signal=glowing)

    def await_signals(self, count: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._signals >= count, TIMEOUT_S):
                raise TimeoutError(f"the light got {self._signals} of {count} signals")

    def _note(self, *, new_signal: bool) -> None:
        if self._led.closed:
            return
        red, green, _blue = self._led.value
        colour = "dark" if not green else "amber" if red else "green"
        with self._changed:
            before = self.log[-1][1] if self.log else "dark"
            if colour != before:
                self.log.append((round(self._clock.monotonic() - ZERO_S, 3), colour))
            self._signals += new_signal
            self._changed.notify_all()


def light_of(
    phases: Iterable[Phase],
    until_s: float,
    *,
    mode: CueMode = CueMode.CUE,
    lag_s: float = 0.06,
    driven: bool = True,
) -> tuple[list[tuple[float, str]], list[Cue], list[Fired]]:
    """Run a lesson and return what the light showed, the cues decided, and what was fired.

    Times are seconds since the sound began; the pipeline is ``lag_s`` behind it.
    """
    clock = SimulatedClock(start_s=ZERO_S)
    fired: list[Fired] = []
    changed = threading.Condition()

    def on_fired(one: Fired) -> None:
        with changed:
            fired.append(one)
            changed.notify_all()

    def await_fired(count: int) -> None:
        with changed:
            if not changed.wait_for(lambda: len(fired) >= count, TIMEOUT_S):
                raise TimeoutError(f"only {fired} was fired")

    light = LoggedLight(clock)
    driver = CueDriver([light], clock, on_fired=on_fired)
    timeline = AudioTimeline()
    cueing = Cueing(CuePolicy(mode), driver if driven else None, timeline)
    cues: list[Cue] = []
    left = sorted(phases, key=lambda phase: phase.t)
    with driver:
        clock.advance(lag_s)
        for number in range(1, round(until_s / FRAME_S) + 1):
            clock.advance(FRAME_S)
            # Both threads asleep again: whatever was due at this time has been handed on.
            clock.wait_for_waiters(2)
            light.await_signals(len(fired))
            position_s = number * FRAME_S
            timeline.observe(number * FRAME_SAMPLES, ZERO_S + position_s)
            due = [phase for phase in left if phase.t <= position_s + 1e-9]
            left = left[len(due) :]
            cues += cueing.step(position_s, due)
            if driven:
                await_fired(len(cues))
                light.await_signals(len(fired))
    return light.log, cues, fired
