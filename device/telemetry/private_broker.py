"""A broker for one demo: mosquitto on a free loopback port, gone when the demo is over."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from device.clock import Clock, SystemClock
from device.closing import Closing
from device.errors import BrokerError

HOST = "127.0.0.1"
START_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 5.0
_POLL_S = 0.02
_PORT_ATTEMPTS = 5
#: Debian keeps the broker where an ordinary user's PATH does not look.
_MORE_FOLDERS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"

#: As in ``config/mosquitto.conf``: nothing that was promised is forgotten at a crash.
DURABLE = (
    "autosave_on_changes true",
    "autosave_interval 1",
    "max_queued_messages 100000",
    "persistent_client_expiration 14d",
    "max_packet_size 1048576",
)


class PrivateBroker(Closing):
    """Context manager around one mosquitto process; ``host`` and ``port`` say where it listens.

    It may be started again after ``stop``: port and stored sessions stay the same until
    ``close``.

    Start it from a thread that lives as long as it should: the kernel ends the broker with that
    thread, so that a demo that is killed leaves none behind.

    Args:
        clock: where waiting is done.
        folder: for configuration, data and log; a temporary one when absent.
        options: lines of mosquitto.conf, instead of ``DURABLE`` and anonymous access.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        folder: Path | None = None,
        options: tuple[str, ...] = ("allow_anonymous true", *DURABLE),
    ) -> None:
        self.host = HOST
        self.port = 0
        self._clock = clock or SystemClock()
        self._options = options
        self._own_folder: tempfile.TemporaryDirectory[str] | None = None
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start and wait until the port answers.

        Raises:
            BrokerError: mosquitto is missing or ends; the text has the end of its log.
        """
        executable = shutil.which("mosquitto") or shutil.which("mosquitto", path=_MORE_FOLDERS)
        if executable is None:
            raise BrokerError(
                "the MQTT broker mosquitto is not installed: sudo apt install mosquitto"
            )
        folder = self._prepared_folder()
        attempts = 1 if self.port else _PORT_ATTEMPTS
        for attempt in range(attempts):
            port = self.port or _free_port()
            self._launch(executable, folder, port)
            if self._answers(port):
                self.port = port
                return
            self.stop()
            if attempt + 1 == attempts or "in use" not in self._log_tail():
                break
        raise BrokerError(
            f"mosquitto does not start on {HOST}:{port}; it says: {self._log_tail() or 'nothing'}"
        )

    def stop(self) -> None:
        """End the process in good order; may be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        """Stop and remove the temporary folder; may be called twice."""
        self.stop()
        if self._own_folder is not None:
            self._own_folder.cleanup()
            self._own_folder = None
            self._folder = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def _prepared_folder(self) -> Path:
        if self._folder is None:
            self._own_folder = tempfile.TemporaryDirectory(prefix="denkpauze-broker-")
            self._folder = Path(self._own_folder.name)
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def _launch(self, executable: str, folder: Path, port: int) -> None:
        lines = [
            f"listener {port} {HOST}",
            "persistence true",
            f"persistence_location {folder}/",
            # as root, mosquitto would become a user who may not enter the folder
            f"user {pwd.getpwuid(os.geteuid()).pw_name}",
            *self._options,
        ]
        configuration = folder / "mosquitto.conf"
        configuration.write_text("\n".join(lines) + "\n")
        command = [executable, "-c", str(configuration)]
        if setpriv := shutil.which("setpriv"):
            # a demo that is killed leaves no broker behind
            command = [setpriv, "--pdeathsig", "TERM", *command]
        with (folder / "mosquitto.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def _answers(self, port: int) -> bool:
        deadline = self._clock.monotonic() + START_TIMEOUT_S
        while self._clock.monotonic() < deadline:
            with socket.socket() as probe:
                probe.settimeout(1.0)
                if probe.connect_ex((HOST, port)) == 0:
                    # not somebody else's broker on a port that ours could not get
                    self._clock.sleep(_POLL_S)
                    return self._process is not None and self._process.poll() is None
            if self._process is None or self._process.poll() is not None:
                return False
            self._clock.sleep(_POLL_S)
        return False

    def _log_tail(self) -> str:
        if self._folder is None or not (self._folder / "mosquitto.log").exists():
            return ""
        text = (self._folder / "mosquitto.log").read_text(errors="replace")
        return " | ".join(line.strip() for line in text.splitlines()[-4:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
