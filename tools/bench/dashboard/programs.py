"""Ingest and web server as the processes that a school runs, and what they cost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from device.closing import Closing

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
LOOK_EVERY_S = 0.05
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def wait_for(claim: Callable[[], bool], what: str, timeout_s: float = START_TIMEOUT_S) -> None:
    """Look until the claim holds.

    Raises:
        TimeoutError: it never did.
    """
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {timeout_s:.0f} s: {what}")
        time.sleep(LOOK_EVERY_S)


class Program(Closing):
    """``python -m MODULE ARGUMENTS…`` with its output in a file.

    Args:
        sign: a pattern in its output that says that it works.
    """

    def __init__(self, folder: Path, sign: str, module: str, *arguments: str) -> None:
        self._sign = sign
        self._log = folder / f"{module}.{time.monotonic_ns()}.log"
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            wait_for(lambda: self._over or bool(self.said), f"{self._command[2]} works")
        except TimeoutError:
            self.close()
            raise
        if self._over:
            raise RuntimeError(f"{self._command[2]} ended: {self.output}")
        return self

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def said(self) -> str:
        """What fits the sign; empty while nothing does."""
        found = re.search(self._sign, self.output)
        return found[0] if found else ""

    @property
    def cpu_s(self) -> float:
        """Processor time since it began."""
        fields = Path(f"/proc/{self._pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / _TICKS_PER_S

    @property
    def peak_bytes(self) -> int:
        """Most memory that it ever held at once."""
        status = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) * 1024

    def close(self) -> None:
        """End it in good order, or at once when it does not listen."""
        if self._process is None or self._over:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def _over(self) -> bool:
        return self._process is not None and self._process.poll() is not None
