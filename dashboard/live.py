"""One tick for all viewers: reads once, serialises once, keeps only the newest for each."""

from __future__ import annotations

import json
import logging
import math
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from dashboard.clock import Clock
from lesson.wire import WATCHED_EVERY_S

log = logging.getLogger(__name__)

RETRY = b"retry: 1000\n\n"
#: an event of its own, not a comment: the page's script must see that the link is alive
HEARTBEAT = b"event: beat\ndata: {}\n\n"
#: this viewer may not watch any longer, so trying again is of no use
DISMISSED = b"event: end\ndata: {}\n\n"
ANNOUNCE_AT_MOST_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole live page of one device.

    Attributes:
        state: compared between ticks; viewers are told when it differs.
        running: sent along, but no reason to send: ages and the length of the running pause.
    """

    state: dict[str, Any]
    running: dict[str, Any]


#: Reads the snapshots of these devices at one moment; may raise.
ReadSnapshots = Callable[[Collection[str]], dict[str, Snapshot]]

#: Who watches what: the digest of a log-in, and a device.
Ticket = tuple[str, str]
#: Those of these tickets that still hold; may raise.
CheckTickets = Callable[[Collection[Ticket]], set[Ticket]]


#: Told who watches, when that changes and again before what was told expires; may raise.
Announce = Callable[[Collection[Ticket]], None]


class TooManyViewersError(Exception):
    """All places are taken; the page tries again by itself."""


class Viewer:
    """One open live page. Its queue holds one frame: a newer one replaces it and is counted."""

    def __init__(self, device: str, clock: Clock, ticket: Ticket | None = None) -> None:
        self.device = device
        self.ticket = ticket
        self.replaced = 0
        self.waiting_for_first = True
        self._clock = clock
        self._changed = threading.Condition()
        self._frame: bytes | None = None
        self._closed = False
        self._dismissed = False

    def offer(self, frame: bytes) -> None:
        with self._changed:
            self.replaced += self._frame is not None
            self._frame = frame
            self._changed.notify()

    def close(self, *, dismissed: bool = False) -> None:
        """End the stream; ``dismissed``: say that this viewer may not watch any longer."""
        with self._changed:
            self._closed, self._dismissed = True, dismissed
            self._changed.notify()

    def frames(self, heartbeat_s: float) -> Iterator[bytes]:
        """The event stream; ends when the hub closes."""
        yield RETRY
        while True:
            with self._changed:
                if self._frame is None and not self._closed:
                    self._clock.wait(self._changed, heartbeat_s)
                if self._closed:
                    break
                frame, self._frame = self._frame, None
            yield frame or HEARTBEAT
        if self._dismissed:
            yield DISMISSED


class LiveHub:
    """Keeps all live pages up to date from one thread, which rests while nobody watches.

    Args:
        check: asked every ``recheck_s`` seconds; a viewer whose ticket no longer holds is let go,
            and so is everybody when it cannot be asked.
        announce: told which tickets watch, at most once a second.
    """

    def __init__(
        self,
        read: ReadSnapshots,
        clock: Clock,
        *,
        tick_s: float,
        viewers: int,
        check: CheckTickets = set,
        recheck_s: float = 0.5,
        announce: Announce = lambda _tickets: None,
    ) -> None:
        self.failures = 0
        self._read = read
        self._check = check
        self._recheck_s = recheck_s
        self._recheck_due_s = 0.0
        self._announce = announce
        self._announced: set[Ticket] = set()
        self._announced_at_s = -math.inf
        self._clock = clock
        self._tick_s = tick_s
        self._places = viewers
        self._wake = threading.Condition()
        self._viewers: set[Viewer] = set()
        self._last: dict[str, dict[str, Any]] = {}
        self._number = 0
        self._closed = False
        self._thread: threading.Thread | None = None

    def join(self, device: str, ticket: Ticket | None = None) -> Viewer:
        """A new viewer, who gets a snapshot at the next tick; without a ticket none is checked.

        Raises:
            TooManyViewersError: all places are taken.
        """
        viewer = Viewer(device, self._clock, ticket)
        with self._wake:
            if self._closed or len(self._viewers) >= self._places:
                raise TooManyViewersError
            self._viewers.add(viewer)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
            self._wake.notify()
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """May be called twice."""
        with self._wake:
            self._viewers.discard(viewer)
            self._wake.notify()

    @property
    def watching(self) -> int:
        with self._wake:
            return len(self._viewers)

    def close(self) -> None:
        """End all streams and the thread; may be called twice."""
        with self._wake:
            self._closed = True
            viewers, self._viewers = self._viewers, set()
            self._wake.notify()
        for viewer in viewers:
            viewer.close()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        while True:
            with self._wake:
                if not any(viewer.waiting_for_first for viewer in self._viewers):
                    busy = self._viewers or self._announced
                    self._clock.wait(self._wake, self._tick_s if busy else None)
                if self._closed:
                    return
                viewers = tuple(self._viewers)
            permitted = self._permitted(viewers)
            self._tick(permitted)
            self._tell(permitted)

    def _permitted(self, viewers: tuple[Viewer, ...]) -> tuple[Viewer, ...]:
        """These viewers without those who may not watch any longer, whose streams end."""
        if self._clock.monotonic() < self._recheck_due_s:
            return viewers
        self._recheck_due_s = self._clock.monotonic() + self._recheck_s
        tickets = {viewer.ticket for viewer in viewers if viewer.ticket is not None}
        known = True
        try:
            valid = self._check(tickets) if tickets else set()
        except Exception as error:  # who cannot be checked is not shown anything
            self.failures += 1
            log.error("cannot check who may watch: %s", type(error).__name__)
            known, valid = False, set()
        gone = {v for v in viewers if v.ticket is not None and v.ticket not in valid}
        for viewer in gone:
            viewer.close(dismissed=known)
            self.leave(viewer)
        return tuple(viewer for viewer in viewers if viewer not in gone)

    def _tell(self, viewers: tuple[Viewer, ...]) -> None:
        """Say who watches, at once when that changed and again while it holds."""
        watching = {viewer.ticket for viewer in viewers if viewer.ticket is not None}
        passed_s = self._clock.monotonic() - self._announced_at_s
        due_s = WATCHED_EVERY_S if watching == self._announced else ANNOUNCE_AT_MOST_EVERY_S
        if passed_s < due_s or not (watching or self._announced):
            return
        self._announced_at_s = self._clock.monotonic()
        try:
            self._announce(watching)
            self._announced = watching
        except Exception as error:  # the viewers must not suffer from it
            self.failures += 1
            log.error("cannot say who watches: %s", type(error).__name__)

    def _tick(self, viewers: tuple[Viewer, ...]) -> None:
        watching: dict[str, list[Viewer]] = defaultdict(list)
        for viewer in viewers:
            watching[viewer.device].append(viewer)
        self._last = {key: state for key, state in self._last.items() if key in watching}
        for device, snapshot in self._snapshots(watching).items():
            changed = self._last.get(device) != snapshot.state
            self._last[device] = snapshot.state
            due = [v for v in watching[device] if changed or v.waiting_for_first]
            if not due:
                continue
            frame = self._encode(snapshot)
            for viewer in due:
                viewer.waiting_for_first = False
                viewer.offer(frame)

    def _snapshots(self, devices: Collection[str]) -> dict[str, Snapshot]:
        try:
            return self._read(devices) if devices else {}
        except Exception as error:  # one bad read must not end the thread for all
            self.failures += 1
            log.error("cannot read the live state: %s", type(error).__name__)
            lost = {"status": "link_lost"}
            return {device: Snapshot(self._last.get(device, {}) | lost, {}) for device in devices}

    def _encode(self, snapshot: Snapshot) -> bytes:
        self._number += 1
        data = json.dumps(snapshot.state | snapshot.running, separators=(",", ":"))
        return f"id: {self._number}\ndata: {data}\n\n".encode()
