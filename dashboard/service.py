"""What the service manager is told: ready, alive by measured progress, stopping (sd_notify)."""

from __future__ import annotations

import http.client
import os
import socket
import threading
from collections.abc import Mapping

from dashboard.clock import Clock

#: How many times within the manager's limit it is told, at the most.
PETS_PER_LIMIT = 4
ANSWER_S = 3.0


class Manager:
    """The datagram socket of systemd; without one every message is dropped."""

    def __init__(self, environ: Mapping[str, str], clock: Clock) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        limit_us = environ.get("WATCHDOG_USEC", "")
        mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self._every_s = int(limit_us) / 1e6 / PETS_PER_LIMIT if limit_us.isdecimal() and mine else 0
        self._clock = clock
        self._due_s = clock.monotonic()

    @property
    def every_s(self) -> float:
        """Seconds between two signs of life; 0: nobody waits for them."""
        return self._every_s

    def ready(self, status: str) -> None:
        self._tell("READY=1", f"STATUS={status}")

    def alive(self) -> None:
        """To be called after a piece of work; most calls do nothing."""
        now_s = self._clock.monotonic()
        if self._every_s and now_s >= self._due_s:
            self._due_s = now_s + self._every_s
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.setblocking(False)
                sender.sendto("\n".join(lines).encode(), self._address)
        except OSError:
            return  # a manager that is stuck or gone is no reason to stop


class SelfCheck:
    """Asks the site for its own health page, and pets the watchdog with each good answer.

    A server whose threads all hang still runs its timers: only an answer shows that it answers.
    """

    def __init__(self, manager: Manager, host: str, port: int) -> None:
        self._manager = manager
        everywhere = "0.0.0.0"  # nosec B104 # compared, not listened on
        self._host = "127.0.0.1" if host in (everywhere, "localhost") else host
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="self-check", daemon=True)

    def start(self) -> None:
        """Begin, where a service manager waits for signs of life."""
        if self._manager.every_s:
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(self._manager.every_s):
            if self._answers():
                self._manager.alive()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=ANSWER_S)
        try:
            connection.request("GET", "/health", headers={"Host": "127.0.0.1"})  # always trusted
            return connection.getresponse().status == 204
        except OSError:
            return False
        finally:
            connection.close()
