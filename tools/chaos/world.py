"""One run's world: its own broker, proxy, ingest, pages and device, each to be attacked."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import resource
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from device.clock import SystemClock
from device.telemetry.private_broker import DURABLE, PrivateBroker
from tests.support.proxy import Mode, Proxy
from tools.chaos import device as device_side
from tools.chaos import stations
from tools.chaos.device import Order

#: Debian's own settings: what is queued is saved every half hour
DEFAULT_PERSISTENCE = ("max_packet_size 1048576",)
START_TIMEOUT_S = 240.0
#: everything that is going to arrive has arrived by then, or never will
SETTLE_TIMEOUT_S = 240.0
POLL_S = 0.1

# Processes are forked from one that has everything loaded and runs no thread.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tools.chaos.device", "tools.chaos.stations"])

Row = tuple[str, int]


class World:
    """Everything between the sound and the database, for one seed.

    Attributes:
        began_s: real seconds since boot at which the lesson in the room begins.
        healed_s: monotonic time at which the last fault was over.
    """

    def __init__(
        self, folder: Path, sound: Path, speed: float, random_: random.Random, template: Path
    ) -> None:
        self.folder = folder
        self.random = random_
        self.speed = speed
        self.database = folder / "dashboard.sqlite"
        self.database.write_bytes(template.read_bytes())
        self.broker_options: tuple[str, ...] = DURABLE
        self.order = Order(folder / "device", sound, 0, speed)
        self.order.folder.mkdir()
        self.began_s = self.healed_s = 0.0
        self.device_exits: list[int | None] = []
        self.ingest_queue: int | None = None
        self._clock = SystemClock()
        self._stack = contextlib.ExitStack()
        self._device: BaseProcess | None = None
        self._ingest: BaseProcess | None = None
        self._pages: BaseProcess | None = None

    # -- a life

    def start(self, *, pages: bool = False) -> None:
        """Broker, proxies and ingest, then the device: the lesson begins."""
        options = ("allow_anonymous true", *self.broker_options)
        self.broker = PrivateBroker(self._clock, self.folder / "broker", options)
        self._stack.callback(self.broker.close)
        self.broker.start()
        self.device_line = self._stack.enter_context(Proxy(self.broker.port))
        self.ingest_line = self._stack.enter_context(Proxy(self.broker.port))
        self.start_ingest()
        if pages:
            self.start_pages()
        self.wait(self._receiving, "ingest receives")
        self.order = replace(self.order, port=self.device_line.port)
        self.start_device()
        self.wait(self._begun, "the lesson begins")
        self.began_s = float(self.order.began.read_text())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in (self._device, self._ingest, self._pages):
            if process is not None and process.is_alive():
                process.kill()
                process.join()
        self._stack.close()

    def start_device(self) -> None:
        self._device = CONTEXT.Process(
            target=device_side.run, args=(os.getpid(), self.order), daemon=True
        )
        self._device.start()

    def start_ingest(self) -> None:
        arguments = (
            os.getpid(),
            self.ingest_line.port,
            self.database,
            self.folder,
            self.ingest_queue,
        )
        self._ingest = CONTEXT.Process(target=stations.ingest, args=arguments, daemon=True)
        self._ingest.start()

    def start_pages(self) -> None:
        arguments = (os.getpid(), self.database, self.folder)
        self._pages = CONTEXT.Process(target=stations.pages, args=arguments, daemon=True)
        self._pages.start()

    # -- faults

    def kill_device(self) -> None:
        self.device_exits.append(_kill(self._device))

    def kill_ingest(self) -> None:
        _kill(self._ingest)

    def kill_pages(self) -> None:
        _kill(self._pages)

    def kill_broker(self) -> None:
        assert self.broker.pid is not None
        os.kill(self.broker.pid, signal.SIGKILL)
        self.broker.stop()  # takes its body away

    def freeze_ingest(self, frozen: bool) -> None:
        os.kill(_pid(self._ingest), signal.SIGSTOP if frozen else signal.SIGCONT)

    def freeze_device(self, frozen: bool) -> None:
        self.signal_device(signal.SIGSTOP if frozen else signal.SIGCONT)

    def signal_device(self, sign: signal.Signals) -> None:
        if self.hearing():
            os.kill(_pid(self._device), sign)

    def line(self, mode: Mode, which: str) -> None:
        (self.device_line if which == "device" else self.ingest_line).set(mode)

    def limit_files(self, full: bool) -> None:
        """A disk without room: no file of the device may grow beyond what its journal has."""
        pid = _pid(self._device)
        log = self.order.folder / "journal.sqlite-wal"
        size = log.stat().st_size if full and log.exists() else resource.RLIM_INFINITY
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))

    # -- looking

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def healed(self) -> None:
        """From here on nothing stands in the way any more."""
        self.healed_s = time.monotonic()

    def hearing(self) -> bool:
        return self._device is not None and self._device.is_alive()

    def journal(self) -> list[Row]:
        """Boot and number of what the device has on its disk, in order."""
        return read(
            self.order.folder / "journal.sqlite",
            "SELECT boot.id, seq FROM event JOIN boot ON boot.number = event.boot"
            " ORDER BY event.boot, seq",
        )

    def arrived(self) -> list[Row]:
        """Boot and number of what the dashboard has, in order of arrival."""
        return read(self.database, "SELECT boot, seq FROM event ORDER BY number")

    def wait(
        self, claim: Callable[[], bool], what: str, timeout_s: float = START_TIMEOUT_S
    ) -> None:
        """Poll until it holds.

        Raises:
            TimeoutError: it took too long.
        """
        deadline = time.monotonic() + timeout_s
        while not claim():
            if time.monotonic() > deadline:
                raise TimeoutError(f"still not so after {timeout_s:.0f} s: {what}")
            time.sleep(POLL_S)

    def settle(self) -> float:
        """Wait until all has arrived and the device has gone; the recovery time in seconds."""
        due = set(self.journal())
        self.wait(
            lambda: due <= set(self.arrived()), "what was written has arrived", SETTLE_TIMEOUT_S
        )
        recovery_s = time.monotonic() - self.healed_s
        self.stop_device()
        return recovery_s

    def stop_device(self) -> None:
        """The device ends by itself when the lesson is over and all is sent."""
        self.wait(lambda: not self.hearing(), "the device has sent all", SETTLE_TIMEOUT_S)
        assert self._device is not None
        self.device_exits.append(self._device.exitcode)

    def _begun(self) -> bool:
        return self.order.began.exists() and self.order.began.read_text() != ""

    def _receiving(self) -> bool:
        return bool(read(self.database, "SELECT 1, 1 FROM receiver WHERE connected"))


def _pid(process: BaseProcess | None) -> int:
    if process is None or process.pid is None:
        raise RuntimeError("this process was never started")
    return process.pid


def _kill(process: BaseProcess | None) -> int | None:
    if process is None:
        return None
    process.kill()
    process.join()
    return process.exitcode


def read(path: Path, query: str) -> list[Row]:
    """Rows of a database that others write to; none while it is not there yet."""
    if not path.exists():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError:  # its tables are not made yet
        return []
    finally:
        connection.close()
