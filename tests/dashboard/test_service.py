"""What systemd would be told by ingest and by the web server, over a socket of the test's own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.clock import SystemClock
from dashboard.service import Manager

pytestmark = [pytest.mark.process, pytest.mark.slow]


class FakeManager:
    """The end of NOTIFY_SOCKET that systemd holds."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.settimeout(30)

    def next(self) -> list[str]:
        return self._socket.recv(4096).decode().splitlines()

    def await_message(self, wanted: str) -> None:
        while wanted not in self.next():
            pass

    def is_silent_for(self, seconds: float) -> bool:
        self._socket.settimeout(seconds)
        try:
            self.next()
        except TimeoutError:
            return True
        finally:
            self._socket.settimeout(30)
        return False

    def drain(self) -> None:
        while not self.is_silent_for(0.01):
            pass

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[FakeManager]:
    made = FakeManager(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["dashboard", "dashboard.ingest"])
def service(
    request: pytest.FixtureRequest, manager: FakeManager, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", request.param, "--database", f"sqlite:///{tmp_path / 'x.db'}"]
    command += ["--port", "0"] if request.param == "dashboard" else ["--broker", "127.0.0.1:9"]
    environment = {**os.environ, "NOTIFY_SOCKET": str(manager.path), "WATCHDOG_USEC": "2000000"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    yield process
    process.kill()
    process.wait()


def test_a_service_says_ready_alive_and_stopping(
    service: subprocess.Popen[bytes], manager: FakeManager
) -> None:
    assert "READY=1" == manager.next()[0]
    manager.await_message("WATCHDOG=1")
    service.send_signal(signal.SIGTERM)
    manager.await_message("STOPPING=1")
    assert 0 == service.wait(30)


def test_a_service_that_is_stuck_gives_no_sign_of_life(
    service: subprocess.Popen[bytes], manager: FakeManager
) -> None:
    manager.await_message("WATCHDOG=1")
    service.send_signal(signal.SIGSTOP)
    manager.drain()
    assert manager.is_silent_for(1.5)
    service.send_signal(signal.SIGCONT)
    manager.await_message("WATCHDOG=1")


def test_without_a_manager_nothing_is_said_and_nothing_fails() -> None:
    quiet = Manager({}, SystemClock())
    quiet.ready("x")
    quiet.alive()
    assert 0 == quiet.every_s


def test_a_manager_that_is_gone_is_no_reason_to_fail(tmp_path: Path) -> None:
    gone = Manager({"NOTIFY_SOCKET": str(tmp_path / "gone")}, SystemClock())
    gone.ready("x")
    gone.stopping()
    assert not (tmp_path / "gone").exists()


def test_signs_of_life_meant_for_another_process_are_not_sent() -> None:
    environment = {"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "1"}
    assert 0 == Manager(environment, SystemClock()).every_s
