"""The only module that reads time or sleeps."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as the rest of the device sees it."""

    def monotonic(self) -> float:
        """Seconds that never jump; the zero is arbitrary."""
        ...

    def since_boot(self) -> float:
        """Seconds since the machine started, sleep included; the same for all processes."""
        ...

    def now(self) -> datetime:
        """Wall time in UTC; wrong on a Pi that has not reached a time server yet."""
        ...

    def wait(self, condition: threading.Condition, timeout: float | None) -> bool:
        """Wait on a held condition for at most ``timeout`` seconds; False on time-out."""
        ...

    def wait_until(self, condition: threading.Condition, at_s: float | None) -> bool:
        """The same, to a moment of ``monotonic``: however late the call comes, it is not missed."""
        ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clocks."""

    def monotonic(self) -> float:
        return time.monotonic()

    def since_boot(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, condition: threading.Condition, timeout: float | None) -> bool:
        return condition.wait(timeout)

    def wait_until(self, condition: threading.Condition, at_s: float | None) -> bool:
        return condition.wait(None if at_s is None else max(0.0, at_s - self.monotonic()))

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))


class HastyClock:
    """The machine's clocks running faster: a whole device lives in film time, threads and all.

    Args:
        speed: seconds that pass on this clock in one real second.
        wall_jump_s: how wrong the wall clock is; may be changed at any moment.
    """

    def __init__(self, speed: float, wall_jump_s: float = 0.0) -> None:
        self.speed = speed
        self.wall_jump_s = wall_jump_s
        self._wall = datetime.now(UTC)
        self._began_s = self.since_boot()

    def monotonic(self) -> float:
        return time.monotonic() * self.speed

    def since_boot(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME) * self.speed

    def now(self) -> datetime:
        passed_s = self.since_boot() - self._began_s
        return self._wall + timedelta(seconds=passed_s + self.wall_jump_s)

    def wait(self, condition: threading.Condition, timeout: float | None) -> bool:
        return condition.wait(None if timeout is None else timeout / self.speed)

    def wait_until(self, condition: threading.Condition, at_s: float | None) -> bool:
        return self.wait(condition, None if at_s is None else max(0.0, at_s - self.monotonic()))

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds / self.speed))


class _Waiter:
    """One thread inside ``SimulatedClock.wait``."""

    def __init__(self, condition: threading.Condition, deadline: float) -> None:
        self.condition = condition
        self.deadline = deadline
        self.expired = False


class SimulatedClock:
    """Time that moves only when a test says so, for code with threads as well as without.

    ``advance`` wakes every thread whose deadline has come; ``wait_for_waiters`` lets a test wait
    (in real time, bounded) until the threads under test are asleep again, so that no test needs
    to sleep itself.

    Args:
        start_s: first value of ``monotonic``.
        wall: first value of ``now``.
        sleep_advances: with True, ``sleep`` moves the time itself and returns at once (code in a
            single thread); with False it blocks until another thread has advanced far enough.
    """

    def __init__(
        self,
        start_s: float = 1000.0,
        wall: datetime = datetime(2026, 9, 1, 8, 30, tzinfo=UTC),
        *,
        sleep_advances: bool = False,
    ) -> None:
        self._lock = threading.Condition()
        self._monotonic_s = start_s
        self._wall = wall
        self._sleep_advances = sleep_advances
        self._waiters: list[_Waiter] = []

    def monotonic(self) -> float:
        with self._lock:
            return self._monotonic_s

    def since_boot(self) -> float:
        return self.monotonic()

    def now(self) -> datetime:
        with self._lock:
            return self._wall

    def wait(self, condition: threading.Condition, timeout: float | None) -> bool:
        return self.wait_until(condition, None if timeout is None else self.monotonic() + timeout)

    def wait_until(self, condition: threading.Condition, at_s: float | None) -> bool:
        with self._lock:
            deadline = float("inf") if at_s is None else at_s
            if deadline <= self._monotonic_s:
                return False
            waiter = _Waiter(condition, deadline)
            self._waiters.append(waiter)
            self._lock.notify_all()
        # ``advance`` must take the condition to wake us, and we hold it until we are asleep.
        condition.wait()
        with self._lock:
            self._waiters.remove(waiter)
            return not waiter.expired

    def sleep(self, seconds: float) -> None:
        if self._sleep_advances:
            self.advance(max(0.0, seconds))
            return
        deadline = self.monotonic() + seconds
        asleep = threading.Condition()
        with asleep:
            while (left := deadline - self.monotonic()) > 0:
                self.wait(asleep, left)

    def advance(self, seconds: float) -> None:
        """Let time pass and wake whoever waited for it; the caller may hold no condition."""
        if seconds < 0:
            raise ValueError(f"monotonic time cannot go back by {-seconds} s")
        with self._lock:
            self._monotonic_s += seconds
            self._wall += timedelta(seconds=seconds)
            due = [w for w in self._waiters if w.deadline <= self._monotonic_s]
            for waiter in due:
                waiter.expired = True
        for waiter in due:
            with waiter.condition:
                waiter.condition.notify_all()

    def jump_wall(self, seconds: float) -> None:
        """Correct the wall clock, as a time server does, without any time passing."""
        with self._lock:
            self._wall += timedelta(seconds=seconds)

    def wait_for_waiters(self, count: int, real_timeout_s: float = 10.0) -> None:
        """Return once ``count`` threads are asleep and none of them is due.

        Raises:
            TimeoutError: it took longer than ``real_timeout_s`` of real time.
        """
        with self._lock:
            if not self._lock.wait_for(lambda: self._asleep() >= count, real_timeout_s):
                raise TimeoutError(f"{self._asleep()} of {count} threads asleep")

    def _asleep(self) -> int:
        return sum(not waiter.expired for waiter in self._waiters)
