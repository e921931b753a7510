"""Sends the outbox in order: so many under way, so many a second, again when it must."""

from __future__ import annotations

from collections import Counter

from device.journal.outbox import Outbox
from device.telemetry.link import MqttLink
from device.telemetry.window import SendWindow
from lesson import topics

#: At most 200 events a second, so that a full outbox does not crowd out a lesson in progress.
BATCH_EVENTS = 20
BATCH_INTERVAL_S = 0.1
#: How long a broker keeps an event for a receiver that is away; the journal keeps it for good.
EVENT_EXPIRY_S = 3600
RETRY_S = 1.0
#: Time-outs in a row after which the receiver counts as missing: after 5 s and 10 s more.
STALLS_TO_REPORT = 2


class OutboxSender:
    """Used by one thread; times are seconds of one monotonic clock.

    Counts ``published``, ``acknowledged``, ``restored`` and ``foreign`` (acknowledgements of
    what this journal never wrote).
    """

    def __init__(
        self,
        outbox: Outbox,
        link: MqttLink,
        device: str,
        window: SendWindow,
        counters: Counter[str],
    ) -> None:
        self._outbox = outbox
        self._link = link
        self._device = device
        self._window = window
        self._counters = counters
        self._batch_at = 0.0
        self._may_have_more = False
        self._refused = False

    @property
    def empty(self) -> bool:
        return not self._outbox.pending(1)

    @property
    def receiver_is_missing(self) -> bool:
        return self._window.stalls >= STALLS_TO_REPORT

    @property
    def overloaded(self) -> bool:
        """Events wait: the link takes none, or what was sent is not acknowledged in time."""
        return self._refused or self._window.stalls > 0

    @property
    def due_at(self) -> float | None:
        """When ``send`` has something to do without anything new; ``None`` when never."""
        due = [] if self._window.deadline is None else [self._window.deadline]
        if self._may_have_more and self._window.room:
            due.append(self._batch_at)
        return min(due, default=None)

    def restart(self) -> None:
        """A new connection: send everything that is not acknowledged."""
        self._window.restart()

    def postpone(self, now: float) -> None:
        """Sending failed: try again later."""
        self._refused = True
        self._may_have_more = True
        self._batch_at = now + RETRY_S

    def acknowledged(self, boot: str, upto: int, now: float) -> bool:
        """Take an acknowledgement; True when it emptied the outbox a little."""
        freed = self._outbox.acknowledge(boot, upto)
        if freed is None:
            self._counters["foreign"] += 1
        elif freed:
            self._counters["acknowledged"] += freed
            self._window.acknowledged(boot, upto, now)
        elif self._window.stalls and (restored := self._outbox.restore(boot, upto)):
            # The receiver trails behind what it acknowledged before: it lost its data.
            self._counters["restored"] += restored
            self._window.restart()
        return bool(freed)

    def send(self, now: float) -> None:
        """Send what is due, at most one batch."""
        self._window.expire(now)
        if now < self._batch_at:
            self._may_have_more = True
            return
        limit = min(self._window.room, BATCH_EVENTS)
        if not limit:
            return
        events = self._outbox.pending(limit, after=self._window.cursor)
        self._may_have_more = len(events) == limit
        self._batch_at = now + BATCH_INTERVAL_S
        self._refused = False
        for event in events:
            topic = topics.event(self._device, event.lesson)
            if not self._link.publish(topic, event.payload, qos=1, expiry_s=EVENT_EXPIRY_S):
                self.postpone(now)  # the connection is going, or paho's queue is full
                return
            self._counters["published"] += 1
            self._window.sent(event, now)
