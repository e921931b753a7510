"""Tells the service manager that sound is really being worked through, and nothing less.

The typical failure of such a device is to look alive and be deaf. So the watchdog is petted only
when steps of the pipeline were made since the last time and the newest one was not late. A timer
never pets it.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from device.clock import Clock

#: Sound that is worked through later than this after it was captured is no live measurement.
OLDEST_SOUND_S = 5.0
#: How many times within the manager's limit it is told, at the most.
PETS_PER_LIMIT = 4


class ServiceManager:
    """The socket of ``sd_notify``; without one every message is dropped.

    Args:
        address: path of a datagram socket, or ``@name`` in Linux's abstract namespace.
        limit_s: without a sign of life for this long the manager restarts the service; 0 = never.
    """

    def __init__(self, address: str | None = None, limit_s: float = 0.0) -> None:
        self._address = address
        self.limit_s = limit_s

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], pid: int) -> Self:
        """As systemd sets it: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID."""
        limit = environ.get("WATCHDOG_USEC", "")
        mine = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
        limit_s = int(limit) / 1e6 if limit.isdecimal() and mine else 0.0
        return cls(environ.get("NOTIFY_SOCKET") or None, limit_s)

    def tell(self, *lines: str) -> bool:
        """Send ``READY=1``, ``STATUS=…`` and the like; False when nobody takes them."""
        if self._address is None:
            return False
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.setblocking(False)  # a manager that is stuck must not hold a lesson up
                sender.sendto("\n".join(lines).encode(), address)
        except OSError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Progress:
    """What the pipeline has done.

    Attributes:
        steps: frames and gaps worked through so far.
        age_s: how long ago the newest of them was captured.
    """

    steps: int = 0
    age_s: float = 0.0


class Watchdog:
    """Judges progress and tells the service manager. For the main thread.

    ``READY=1`` goes with the first progress, which is sound or the statement that there is none.
    """

    def __init__(self, manager: ServiceManager, clock: Clock) -> None:
        self._manager = manager
        self._clock = clock
        self._every_s = manager.limit_s / PETS_PER_LIMIT
        self._petted_steps = 0
        self._due = clock.monotonic()
        self._status = ""
        self._ready = False

    def look(self, progress: Progress, status: str) -> bool:
        """Tell what there is to tell; True when it was petted."""
        lines = []
        if progress.steps and not self._ready:
            self._ready = True
            lines.append("READY=1")
        if status != self._status:
            self._status = status
            lines.append(f"STATUS={status}")
        now = self._clock.monotonic()
        advanced = progress.steps > self._petted_steps and progress.age_s <= OLDEST_SOUND_S
        petted = bool(self._every_s) and advanced and now >= self._due
        if petted:
            self._petted_steps, self._due = progress.steps, now + self._every_s
            lines.append("WATCHDOG=1")
        if lines:
            self._manager.tell(*lines)
        return petted

    def stopping(self, status: str) -> None:
        """The lesson is being closed: no more progress is to be expected."""
        self._manager.tell("STOPPING=1", f"STATUS={status}")
