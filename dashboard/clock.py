"""The only module of the dashboard that reads time."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time as the rest of the dashboard sees it."""

    def monotonic(self) -> float:
        """Seconds that never jump; the zero is arbitrary."""
        ...

    def now(self) -> datetime:
        """Wall time in UTC."""
        ...

    def wait(self, condition: threading.Condition, timeout_s: float | None) -> bool:
        """Wait on a held condition for at most ``timeout_s`` seconds; False on time-out."""
        ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clocks."""

    def monotonic(self) -> float:
        return time.monotonic()  # noqa: TID251 this is the module for it

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251

    def wait(self, condition: threading.Condition, timeout_s: float | None) -> bool:
        return condition.wait(timeout_s)

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))  # noqa: TID251
