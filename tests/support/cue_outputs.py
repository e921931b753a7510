"""Outputs for the tests of the cue driver: one that records, one that hangs, one that raises."""

from __future__ import annotations

import threading
from collections.abc import Callable

from device.clock import Clock, SystemClock
from device.feedback.driver import CueDriver

TIMEOUT_S = 10.0


def await_idle(driver: CueDriver) -> None:
    """Wait, in real time, until every output has done what it was asked.

    Simulated time that leaps while a thread has not run yet makes its output look hung.
    """
    clock = SystemClock()
    deadline = clock.monotonic() + TIMEOUT_S
    while any(lane.busy for lane in driver._lanes):
        if clock.monotonic() > deadline:
            raise TimeoutError("an output is still busy")
        clock.sleep(0.001)


class RecordingOutput:
    """Writes down every call with its time, and lets a test wait for one."""

    def __init__(
        self, clock: Clock, name: str = "recorder", step_s: float | None = None, mask: int = 0
    ) -> None:
        self.name = name
        self.mask_samples = mask
        self._clock = clock
        self._step_s = step_s
        self._changed = threading.Condition()
        self.calls: list[tuple[str, float]] = []

    def wait(self) -> None:
        self._note("wait")

    def go(self) -> None:
        self._note("go")

    def off(self) -> None:
        self._note("off")

    def step(self, elapsed_s: float) -> float | None:
        if self._step_s is not None:
            self._note("step")
        return self._step_s

    def close(self) -> None:
        self._note("close")

    @property
    def names(self) -> list[str]:
        """The calls without their times."""
        with self._changed:
            return [name for name, _ in self.calls]

    def await_calls(self, wanted: Callable[[list[str]], bool]) -> list[str]:
        """Wait, in real time and bounded, until the calls are as wanted."""
        with self._changed:
            if not self._changed.wait_for(
                lambda: wanted([name for name, _ in self.calls]), TIMEOUT_S
            ):
                raise TimeoutError(f"{self.name} was called {self.calls}")
            return [name for name, _ in self.calls]

    def await_count(self, count: int) -> list[str]:
        """Wait until there have been ``count`` calls."""
        return self.await_calls(lambda names: len(names) >= count)

    def _note(self, name: str) -> None:
        with self._changed:
            self.calls.append((name, self._clock.monotonic()))
            self._changed.notify_all()


class HangingOutput(RecordingOutput):
    """Does not return from *go* until the test lets it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, "hanging")
        self.release = threading.Event()

    def go(self) -> None:
        super().go()
        if not self.release.wait(TIMEOUT_S):
            raise TimeoutError("the test never let go of the output")


class RaisingOutput(RecordingOutput):
    """Raises on *go*."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, "raising")

    def go(self) -> None:
        super().go()
        raise OSError("broken wire")
