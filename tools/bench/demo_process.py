"""``denkpauze demo`` as a process of its own, for the bench and the tests."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from device.closing import Closing

COMMAND = Path(sys.executable).parent / "denkpauze"
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 30.0
LOOK_EVERY_S = 0.05


class DemoProcess(Closing):
    """``denkpauze demo --once --no-browser`` in a session of its own, as in its own terminal.

    Args:
        folder: where its output and its temporary files go.
        arguments: further ones for the command.
        environment: of the process.

    Attributes:
        url: address of its pages, known once it has started.

    Raises:
        RuntimeError: it ended before its pages could be seen.
    """

    def __init__(self, folder: Path, *arguments: str, environment: Mapping[str, str]) -> None:
        self.temporary = folder / "temporary"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self.url = ""
        self._log = folder / "demo.log"
        self._command = [str(COMMAND), "demo", "--once", "--no-browser", *arguments]
        self._environment = {**environment, "TMPDIR": str(self.temporary)}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not (address := re.search(r"http://\S+", self.output)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.close()
                raise RuntimeError(f"the demo did not start: {self.output}")
            time.sleep(LOOK_EVERY_S)
        self.url = address[0]
        return self

    @property
    def output(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def journal(self) -> Path:
        """The device's journal, gone when the demo is over."""
        return self._in_stage("device/journal.sqlite")

    @property
    def database(self) -> Path:
        """The dashboard's database, gone when the demo is over."""
        return self._in_stage("dashboard.sqlite")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def interrupt(self) -> None:
        """Ctrl-C: every process in the terminal gets the signal."""
        os.killpg(self.pid, signal.SIGINT)

    def wait(self, timeout_s: float) -> int:
        """Exit status."""
        assert self._process is not None
        return self._process.wait(timeout_s)

    def close(self) -> None:
        """End it in good order, or at once when it does not listen."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()

    def _in_stage(self, name: str) -> Path:
        stages = list(self.temporary.glob(f"denkpauze-demo-*/{name}"))
        return stages[0] if stages else self.temporary / "not-yet"
