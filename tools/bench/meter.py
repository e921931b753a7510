"""Processor time by part: each part is wrapped from outside, the product knows nothing of it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

#: what looking at the clock takes, which the product does not spend
MEASURING = "measuring"


class Meter:
    """Adds up the processor time of this process by part.

    A part that runs inside another is counted in itself alone. The clock of processor time is a
    call of the system: several a frame are a tenth of what is measured, so they are a part too.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._running: list[str] = []
        self._since = time.process_time()

    def enter(self, part: str) -> None:
        now = self._charge()
        self._running.append(part)
        self._go_on(now)

    def leave(self) -> None:
        now = self._charge()
        self._running.pop()
        self._go_on(now)

    def wrap(self, owner: Any, method: str, part: str) -> None:
        """Charge a method, of a class or of one object, to a part."""
        plain: Callable[..., Any] = getattr(owner, method)

        @wraps(plain)
        def measured(*arguments: Any, **keywords: Any) -> Any:
            self.enter(part)
            try:
                return plain(*arguments, **keywords)
            finally:
                self.leave()

        setattr(owner, method, measured)

    def wrap_iterator(self, owner: Any, method: str, part: str) -> None:
        """Charge to a part what it takes to make each item that a method yields."""
        plain: Callable[..., Any] = getattr(owner, method)

        @wraps(plain)
        def measured(*arguments: Any, **keywords: Any) -> Iterator[Any]:
            return self._items(iter(plain(*arguments, **keywords)), part)

        setattr(owner, method, measured)

    def _items(self, source: Iterator[Any], part: str) -> Iterator[Any]:
        while True:
            self.enter(part)
            try:
                item = next(source)
            except StopIteration:
                return
            finally:
                self.leave()
            yield item

    def _charge(self) -> float:
        now = time.process_time()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        return now

    def _go_on(self, stopped_at: float) -> None:
        self._since = time.process_time()
        self.seconds[MEASURING] += self._since - stopped_at


def peak_memory_bytes() -> int:
    """Most memory that this process ever held at once.

    Not ``ru_maxrss``: after a fork that starts with what the parent held.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the kernel does not tell the peak memory of this process")
