"""The service manager hears of measured progress only."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.clock import SimulatedClock
from device.watchdog import OLDEST_SOUND_S, Progress, ServiceManager, Watchdog

pytestmark = pytest.mark.unit

PID = 4711
LIMIT_S = 8.0


class FakeManager:
    """A NOTIFY_SOCKET that keeps what it is told."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)

    def told(self) -> list[str]:
        """The lines that came since the last call."""
        lines = []
        while True:
            try:
                lines += self._socket.recv(4096).decode().split("\n")
            except BlockingIOError:
                return lines

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "notify") if request.param == "path" else f"@denkpauze-{tmp_path.name}"


@pytest.fixture
def fake(address: str) -> Iterator[FakeManager]:
    manager = FakeManager(address)
    yield manager
    manager.close()


def watchdog(address: str, clock: SimulatedClock) -> Watchdog:
    environ = {
        "NOTIFY_SOCKET": address,
        "WATCHDOG_USEC": str(round(LIMIT_S * 1e6)),
        "WATCHDOG_PID": str(PID),
    }
    return Watchdog(ServiceManager.from_environment(environ, PID), clock)


def test_it_is_ready_with_the_first_sound_or_gap_and_not_before(
    address: str, fake: FakeManager
) -> None:
    dog = watchdog(address, SimulatedClock())
    dog.look(Progress(), "no microphone (none is plugged in)")
    assert ["STATUS=no microphone (none is plugged in)"] == fake.told()
    dog.look(Progress(1), "listening")
    assert ["READY=1", "STATUS=listening", "WATCHDOG=1"] == fake.told()


def test_it_is_petted_while_sound_is_worked_through(address: str, fake: FakeManager) -> None:
    clock = SimulatedClock()
    dog = watchdog(address, clock)
    for steps in range(1, 17):
        dog.look(Progress(steps), "listening")
        clock.advance(0.5)
    assert 4 == fake.told().count("WATCHDOG=1")  # 8 s, four times within a limit of 8 s


def test_a_stalled_pipeline_stops_the_petting_and_a_moving_one_starts_it_again(
    address: str, fake: FakeManager
) -> None:
    clock = SimulatedClock()
    dog = watchdog(address, clock)
    assert dog.look(Progress(7), "listening")
    fake.told()
    for _ in range(100):
        clock.advance(1.0)
        assert not dog.look(Progress(7), "listening")
    assert [] == fake.told()
    assert dog.look(Progress(8), "listening")
    assert ["WATCHDOG=1"] == fake.told()


def test_sound_that_is_worked_through_too_late_does_not_count(
    address: str, fake: FakeManager
) -> None:
    clock = SimulatedClock()
    dog = watchdog(address, clock)
    for steps in range(1, 50):
        clock.advance(1.0)
        assert not dog.look(Progress(steps, age_s=OLDEST_SOUND_S + 0.1), "listening")
    assert "WATCHDOG=1" not in fake.told()
    assert dog.look(Progress(50, age_s=OLDEST_SOUND_S), "listening")


def test_stopping_is_told_so_that_the_manager_waits(address: str, fake: FakeManager) -> None:
    watchdog(address, SimulatedClock()).stopping("closing the lesson")
    assert ["STOPPING=1", "STATUS=closing the lesson"] == fake.told()


def test_a_limit_meant_for_another_process_or_no_limit_is_never_petted(
    address: str, fake: FakeManager
) -> None:
    environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}
    for given in (environ, {"NOTIFY_SOCKET": address}):
        dog = Watchdog(ServiceManager.from_environment(given, PID), SimulatedClock())
        assert not dog.look(Progress(1), "listening")
        assert ["READY=1", "STATUS=listening"] == fake.told()


def test_without_a_manager_or_with_one_that_is_gone_nothing_happens(tmp_path: Path) -> None:
    assert not ServiceManager.from_environment({}, PID).tell("READY=1")
    assert not ServiceManager(str(tmp_path / "gone")).tell("READY=1")
