"""How many events may be under way at once, and when to send them again. No clock, no socket.

The rule is that of a congestion window: start small on each connection, double with each
acknowledgement that makes progress, fall to a single probe when a time-out passes without any.
So a receiver that is away costs one message a minute, and one that is back is served at once.
"""

from __future__ import annotations

from device.journal.outbox import START, PendingEvent

#: Most events published and not acknowledged by the receiver.
LARGEST = 64
#: The same right after connecting, when paho may still repeat what it had under way itself.
FIRST = 8
TIMEOUT_FIRST_S = 5.0
TIMEOUT_LONGEST_S = 60.0


class SendWindow:
    """Keeps which positions are under way. All times are seconds of one monotonic clock."""

    def __init__(
        self,
        first: int = FIRST,
        largest: int = LARGEST,
        timeout_s: float = TIMEOUT_FIRST_S,
        longest_timeout_s: float = TIMEOUT_LONGEST_S,
    ) -> None:
        self._first = first
        self._largest = largest
        self._first_timeout_s = timeout_s
        self._longest_timeout_s = longest_timeout_s
        self._under_way: list[PendingEvent] = []
        self._since = 0.0
        self.restart()

    def restart(self) -> None:
        """A new connection: everything not acknowledged is to be sent again."""
        self._under_way.clear()
        self._size = self._first
        self._timeout_s = self._first_timeout_s
        #: time-outs in a row without any progress
        self.stalls = 0

    @property
    def room(self) -> int:
        """How many events may be sent now."""
        return max(0, self._size - len(self._under_way))

    @property
    def cursor(self) -> tuple[int, int]:
        """The position behind which to go on."""
        return self._under_way[-1].position if self._under_way else START

    @property
    def deadline(self) -> float | None:
        """When to send again if nothing is acknowledged before; ``None`` with nothing sent."""
        return self._since + self._timeout_s if self._under_way else None

    def sent(self, event: PendingEvent, now: float) -> None:
        if not self._under_way:
            self._since = now
        self._under_way.append(event)

    def acknowledged(self, boot: str, upto: int, now: float) -> None:
        """Progress: the receiver has the events of this boot up to ``upto``."""
        self._under_way = [
            event for event in self._under_way if event.boot != boot or event.position[1] > upto
        ]
        if self.stalls:
            # What was sent before the stall may be lost: only the probe is known to have arrived.
            self._under_way.clear()
        self.stalls = 0
        self._since = now
        self._timeout_s = self._first_timeout_s
        self._size = min(self._size * 2, self._largest)

    def expire(self, now: float) -> bool:
        """True when the time-out has passed; sending then begins anew with one probe."""
        if self.deadline is None or now < self.deadline:
            return False
        self._under_way.clear()
        self._size = 1
        self.stalls += 1
        self._timeout_s = min(self._timeout_s * 2, self._longest_timeout_s)
        return True
