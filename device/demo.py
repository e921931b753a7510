"""The stage for the demo: a private broker, the receiver and the web pages, gone afterwards.

The dashboard runs in processes of its own and is started by name: the device imports nothing of
it, here as everywhere.
"""

from __future__ import annotations

import importlib.util
import selectors
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

from device.clock import Clock
from device.closing import Closing
from device.errors import DenkpauzeError
from device.settings import Settings
from device.telemetry.private_broker import PrivateBroker

DEMO_FOLDER = Path(__file__).parent / "data" / "demo"
DEVICE = "demo"
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 5.0


class DemoError(DenkpauzeError, RuntimeError):
    """A part of the demo's stage could not be started."""


class DemoStage(Closing):
    """Context manager; ``url`` is where the pages are, ``settings`` what the device is to use.

    Args:
        settings: the user's settings; the demo keeps its journal and broker apart from them.
        clock: where waiting is done.
        port: of the web pages, 0 for any free one.
    """

    def __init__(self, settings: Settings, clock: Clock, port: int = 0) -> None:
        self.url = ""
        self.broker = PrivateBroker(clock)
        self._base = settings
        self._port = port
        self._folder = tempfile.TemporaryDirectory(prefix="denkpauze-demo-")
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        if importlib.util.find_spec("dashboard") is None or not importlib.util.find_spec("flask"):
            raise DemoError("the demo shows web pages: pip install 'denkpauze[dashboard]'")
        try:
            self.broker.start()
            self._start("dashboard.ingest", "--broker", f"{self.broker.host}:{self.broker.port}")
            web = self._start("dashboard", "--port", str(self._port), "--demo", DEVICE)
            self.url = self._first_line(web)
        except BaseException:
            self.close()
            raise
        return self

    @property
    def database(self) -> Path:
        """The database that the receiver fills."""
        return Path(self._folder.name) / "dashboard.sqlite"

    @property
    def settings(self) -> Settings:
        """The user's settings with a journal and a broker that end with the demo."""
        base = self._base
        return base.model_copy(
            update={
                "device": base.device.model_copy(
                    update={"id": DEVICE, "data_folder": Path(self._folder.name) / "device"}
                ),
                "mqtt": type(base.mqtt)(enabled=True, host=self.broker.host, port=self.broker.port),
            }
        )

    def check(self) -> None:
        """Raise when a process of the stage has ended.

        Raises:
            DemoError: says which one, and the end of what it said.
        """
        for process in self._processes:
            if process.poll() is not None:
                raise DemoError(f"{self._name(process)} ended: {self._last_words(process)}")

    def close(self) -> None:
        """Stop everything that was started; may be called twice."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self._processes.clear()
        self.broker.close()
        self._folder.cleanup()

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        log = (Path(self._folder.name) / f"{module}.log").open("w", encoding="utf-8")
        with log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    module,
                    *arguments,
                    "--database",
                    f"sqlite:///{self.database}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if module == "dashboard" else log,
                stderr=log,
                text=True,
            )
        self._processes.append(process)
        return process

    def _first_line(self, process: subprocess.Popen[str]) -> str:
        """The address that the web server prints when it listens."""
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            ready = selector.select(START_TIMEOUT_S)
        line = process.stdout.readline().strip() if ready else ""
        if not line.startswith("http"):
            raise DemoError(f"the web pages did not start: {self._last_words(process)}")
        return line

    def _name(self, process: subprocess.Popen[str]) -> str:
        arguments = process.args
        return str(arguments[2]) if isinstance(arguments, list) else "a process"

    def _last_words(self, process: subprocess.Popen[str]) -> str:
        log = Path(self._folder.name) / f"{self._name(process)}.log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return lines[-1] if lines else "it said nothing"
