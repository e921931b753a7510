"""Brings the cues to the outputs at the right moment, on threads of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from device import machine
from device.clock import Clock
from device.closing import Closing
from device.feedback.lane import HANG_S, Degraded, OutputLane
from device.feedback.outputs import Output
from lesson.events import Signal

#: How many past signals are remembered for measurement.
HISTORY = 256


@dataclass(frozen=True, slots=True)
class Fired:
    """A signal as it was really given.

    Attributes:
        signal: what was shown.
        at_s: monotonic time at which it was handed to the outputs.
        due_s: monotonic time at which it should have been; ``None`` for «now».
    """

    signal: Signal
    at_s: float
    due_s: float | None


class CueSchedule:
    """The driver's decisions without its thread: which signal is due now, and when the next one.

    The newest wish wins; *go* comes once per pause, whether it was armed, asked for, or both.
    """

    def __init__(self) -> None:
        self._wanted: Signal | None = None
        self._go_at: float | None = None
        self._gone = False
        self._muted = False

    @property
    def go_at(self) -> float | None:
        """Monotonic time of the armed *go*, if one is to come."""
        return self._go_at

    def wait_light(self) -> None:
        if not self._muted:
            self._wanted, self._go_at, self._gone = Signal.WAIT, None, False

    def arm_go(self, at_s: float) -> None:
        if not self._muted and not self._gone:
            self._go_at = at_s

    def hold_go(self) -> None:
        self._go_at = None

    def go(self, now_s: float) -> None:
        if not self._muted and not self._gone and (self._go_at is None or self._go_at > now_s):
            self._go_at = now_s

    def off(self) -> None:
        self._wanted, self._go_at, self._gone = Signal.OFF, None, True

    def mute(self, muted: bool) -> None:
        self._muted = muted
        if muted:
            self.off()

    def take(self, now_s: float) -> tuple[Signal, float | None] | None:
        """The signal to give now, with its due time if it had one; ``None`` when none is due."""
        if self._go_at is not None and now_s >= self._go_at:
            due_s, self._go_at = self._go_at, None
            self._wanted, self._gone = None, True
            return Signal.GO, due_s
        signal, self._wanted = self._wanted, None
        return None if signal is None else (signal, None)


class CueDriver(Closing):
    """Drives all outputs; every method returns at once and may be called from any thread.

    *Go* can be armed for a moment on the monotonic clock and comes then, even when the frames of
    the audio lag behind. A failing or hanging output is left out with one warning; the others and
    the measurement never notice. After the commands ``off`` and ``mute`` no *go* comes any more.

    Args:
        outputs: owned by the driver from now on, closed with it.
        clock: the driver sleeps on it to the next deadline.
        on_degraded: called once per failed output, from a thread of the driver.
        on_fired: called with each signal as given, from the driver's thread.
    """

    def __init__(
        self,
        outputs: Sequence[Output],
        clock: Clock,
        *,
        on_degraded: Callable[[Degraded], None] = lambda _degraded: None,
        on_fired: Callable[[Fired], None] = lambda _fired: None,
    ) -> None:
        self._clock = clock
        self._on_fired = on_fired
        self._lanes = [OutputLane(output, clock, on_degraded) for output in outputs]
        self._changed = threading.Condition()
        self._schedule = CueSchedule()
        self._history: deque[Fired] = deque(maxlen=HISTORY)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="cue-driver", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        for lane in self._lanes:
            lane.start()
        self._thread.start()

    def close(self) -> None:
        """All dark and quiet, outputs closed; may be called twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join()
        for lane in self._lanes:
            lane.close()

    @property
    def alive(self) -> bool:
        """Whether the driver's thread runs, for the supervisor."""
        return self._thread.is_alive()

    @property
    def fired(self) -> tuple[Fired, ...]:
        """The last signals as they were given, oldest first."""
        with self._changed:
            return tuple(self._history)

    @property
    def replaced(self) -> int:
        """Signals that a newer one overtook in an output's mailbox."""
        return sum(lane.replaced for lane in self._lanes)

    @property
    def mask_samples(self) -> int:
        """Samples at 16 kHz from *go* on in which the microphone may hear the outputs."""
        return max((lane.mask_samples for lane in self._lanes), default=0)

    def wait_light(self) -> None:
        """A question was asked: begin the slow glow."""
        with self._changed:
            self._schedule.wait_light()
            self._changed.notify_all()

    def arm_go(self, at_s: float) -> None:
        """Give *go* at this monotonic time, unless ``off`` comes first; replaces an earlier one."""
        with self._changed:
            self._schedule.arm_go(at_s)
            self._changed.notify_all()

    def hold_go(self) -> None:
        """Disarm *go* and leave the light: it may be armed again."""
        with self._changed:
            self._schedule.hold_go()
            self._changed.notify_all()

    def go(self) -> None:
        """Give *go* now, unless the armed one has been given for this pause."""
        with self._changed:
            self._schedule.go(self._clock.monotonic())
            self._changed.notify_all()

    def off(self) -> None:
        """Take the light back quietly; an armed *go* is cancelled."""
        with self._changed:
            self._schedule.off()
            self._changed.notify_all()

    def mute(self, muted: bool) -> None:
        """Dark at once and no signal until unmuted: the teacher's button."""
        with self._changed:
            self._schedule.mute(muted)
            self._changed.notify_all()

    def _run(self) -> None:
        machine.go_first()
        while (due := self._next()) is not None:
            signal, due_s = due
            for lane in self._lanes:
                lane.post(signal)
            fired = Fired(signal, self._clock.monotonic(), due_s)
            with self._changed:
                self._history.append(fired)
            self._on_fired(fired)

    def _next(self) -> tuple[Signal, float | None] | None:
        """Sleep until a signal is due; ``None`` when the driver closes."""
        while True:
            for lane in self._lanes:
                lane.check()
            with self._changed:
                if self._closing:
                    return None
                now = self._clock.monotonic()
                if (due := self._schedule.take(now)) is not None:
                    return due
                self._clock.wait_until(self._changed, self._due_s(now))

    def _due_s(self, now: float) -> float | None:
        """When *go* is armed for, or when a busy output has to be looked at again."""
        go_at = self._schedule.go_at
        due = [] if go_at is None else [go_at]
        if any(lane.busy for lane in self._lanes):
            due.append(now + HANG_S / 2)
        return min(due, default=None)
