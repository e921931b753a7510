"""A journal with its telemetry, pointed at whatever port a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from device_process import INFO, STARTED

from device.clock import SystemClock
from device.journal import Journal, Outbox
from device.telemetry import BrokerAddress, Telemetry
from device.telemetry.window import SendWindow
from lesson.events import HealthState, Mark

DEVICE = "lokaal-12"


class Chain:
    """Journal → outbox → telemetry in this process."""

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        resend_after_s: float = 1.0,
        home_assistant: bool = False,
        **broker: object,
    ) -> None:
        self.clock = SystemClock()
        self.stack = ExitStack()
        self.health: list[tuple[HealthState, str]] = []
        self._changed = threading.Condition()
        self.journal = self.stack.enter_context(
            Journal.open(folder / "journal.db", DEVICE, self.clock)
        )
        self.outbox = self.stack.enter_context(Outbox.open(self.journal.path))
        self.telemetry = Telemetry(
            journal=self.journal.path,
            boot=self.journal.boot,
            device=DEVICE,
            broker=BrokerAddress(port=port, **{"keepalive_s": 2, **broker}),  # type: ignore[arg-type]
            info=INFO,
            clock=self.clock,
            on_health=self._on_health,
            window=SendWindow(timeout_s=resend_after_s, longest_timeout_s=4 * resend_after_s),
            home_assistant=home_assistant,
        )
        self.lesson = self.journal.start_lesson(STARTED).lesson

    def write(self, count: int) -> None:
        first = len(self.journal.events(self.lesson))
        marks = [Mark(t=number / 10, by="teacher") for number in range(first, first + count)]
        self.journal.append_all([(self.lesson, mark) for mark in marks])
        self.telemetry.wake()

    def start(self) -> None:
        self.telemetry.start()
        self.stack.callback(self.telemetry.stop)

    def wait_until(self, reached: Callable[[], bool], timeout_s: float = 40.0) -> None:
        deadline = self.clock.monotonic() + timeout_s
        while not reached():
            assert self.clock.monotonic() < deadline, (self.telemetry.counters, self.health)
            self.clock.sleep(0.02)

    def wait_until_empty(self) -> None:
        self.wait_until(lambda: self.outbox.count() == 0)

    @property
    def states(self) -> list[HealthState]:
        return [state for state, _ in self.health]

    def _on_health(self, state: HealthState, text: str) -> None:
        self.health.append((state, text))


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Callable[..., Chain]]:
    """Builds a chain: ``chain(port)``; everything is closed after the test."""
    with ExitStack() as stack:

        def build(port: int, **options: object) -> Chain:
            built = Chain(tmp_path / "device", port, **options)  # type: ignore[arg-type]
            stack.enter_context(built.stack)
            return built

        yield build
