"""A real mosquitto on a free loopback port, for tests that kill and restart it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

import pytest

HOST = "127.0.0.1"
START_TIMEOUT_S = 15.0

#: Debian keeps the broker out of an ordinary user's PATH.
_EXECUTABLE = shutil.which("mosquitto") or shutil.which(
    "mosquitto", path="/usr/sbin:/usr/local/sbin"
)


def available() -> bool:
    return _EXECUTABLE is not None


def skip_without_broker() -> None:
    """For tests and fixtures that start a broker of their own."""
    if not available():
        pytest.skip("mosquitto is not installed: apt install mosquitto")


def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Mosquitto:
    """One broker with its own folder; ``port`` stays the same over ``kill`` and ``start``.

    With ``persistence`` it keeps sessions and queues in its folder after every change.
    """

    def __init__(self, folder: Path, *, persistence: bool = False) -> None:
        self.host = HOST
        self.port = 0
        self._folder = folder
        self._persistence = persistence
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def log(self) -> Path:
        return self._folder / "mosquitto.log"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Return when the port accepts; another port is tried when the first one was taken."""
        if self.running:
            return
        attempts = 1 if self.port else 5
        for _ in range(attempts):
            self.port = self.port or free_port()
            if self._launch():
                return
            if attempts > 1:
                self.port = 0
        raise RuntimeError(f"mosquitto did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End it in good order; may be called twice."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.kill()
        self.start()

    def __enter__(self) -> Mosquitto:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _launch(self) -> bool:
        if _EXECUTABLE is None:
            raise RuntimeError("mosquitto is not installed: apt install mosquitto")
        self._folder.mkdir(parents=True, exist_ok=True)
        configuration = self._folder / "mosquitto.conf"
        configuration.write_text(self._configuration())
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [_EXECUTABLE, "-c", str(configuration)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self._accepts()

    def _accepts(self) -> bool:
        deadline = time.monotonic() + START_TIMEOUT_S
        while self.running and time.monotonic() < deadline:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex((self.host, self.port)) == 0 and self.running:
                    return True
            time.sleep(0.02)
        self.kill()
        return False

    def _configuration(self) -> str:
        lines = [
            f"listener {self.port} {self.host}",
            "allow_anonymous true",
            "max_queued_messages 100000",
            "max_packet_size 1048576",
        ]
        if os.geteuid() == 0:
            lines.append("user root")  # its own user may not enter the test's folder
        if self._persistence:
            lines += [
                "persistence true",
                f"persistence_location {self._folder}/",
                "autosave_on_changes true",
                "autosave_interval 1",
            ]
        return "\n".join(lines) + "\n"

    def _end(self, sign: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(sign)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
