"""What the network thread, the journal's thread and the app leave for the telemetry's thread.

Everything in it is the newest of its kind, cumulative, or a command, of which a few are kept: so
it is bounded without ever losing a fact. Its lock is held for assignments only: never across a
call to paho, whose own lock is held while it calls us.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from device.clock import Clock
from lesson.wire import Command, LiveState

#: Boots of which acknowledgements may wait; more than that in one go is somebody's nonsense.
MOST_BOOTS = 256
#: Commands that may wait: nobody taps faster. Of more the first are kept.
MOST_COMMANDS = 32


@dataclass(frozen=True, slots=True)
class LinkChange:
    """The connection came or went, and why it went."""

    connected: bool
    reason: str = ""


@dataclass(slots=True)
class Letters:
    """What was in the mailbox.

    Attributes:
        link: the newest change of the connection since the last time.
        acknowledged: highest acknowledged number by boot.
        refused: why the broker refused a message of ours.
        status_due: our retained status is to be published again.
        live: the newest phase to show.
        commands: what the dashboard asks for, in order.
        stop_at: when to have stopped, on the monotonic clock.
    """

    link: LinkChange | None = None
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: str | None = None
    status_due: bool = False
    live: LiveState | None = None
    commands: list[Command] = field(default_factory=list)
    stop_at: float | None = None


class Mailbox:
    """Any thread puts, one thread collects."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._condition = threading.Condition()
        self._letters = Letters()
        self._woken = False
        self._stop_at: float | None = None

    def link_changed(self, change: LinkChange) -> None:
        """The newest change counts; of several losses in a row the first says why."""
        with self._condition:
            waiting = self._letters.link
            if waiting is None or waiting.connected or change.connected:
                self._letters.link = change
            self._wake()

    def acknowledged(self, boot: str, upto: int) -> bool:
        """False when there was no room."""
        with self._condition:
            known = self._letters.acknowledged
            if boot not in known and len(known) >= MOST_BOOTS:
                return False
            known[boot] = max(upto, known.get(boot, 0))
            self._wake()
            return True

    def refused(self, reason: str) -> None:
        with self._condition:
            self._letters.refused = reason
            self._wake()

    def status_due(self) -> None:
        with self._condition:
            self._letters.status_due = True
            self._wake()

    def ordered(self, command: Command) -> None:
        """One that finds no room is dropped; whoever waits for its answer tries again."""
        with self._condition:
            if len(self._letters.commands) < MOST_COMMANDS:
                self._letters.commands.append(command)
            self._wake()

    def show(self, live: LiveState) -> bool:
        """True when an older phase that nobody fetched was replaced."""
        with self._condition:
            replaced = self._letters.live is not None
            self._letters.live = live
            self._wake()
            return replaced

    def wake(self) -> None:
        """There may be new events in the outbox."""
        with self._condition:
            self._wake()

    def stop(self, at: float) -> None:
        with self._condition:
            self._stop_at = at if self._stop_at is None else min(at, self._stop_at)
            self._wake()

    def collect(self, timeout_s: float | None) -> Letters:
        """Wait until somebody puts something, at most ``timeout_s``, and take it all out."""
        with self._condition:
            if not self._woken:
                self._clock.wait(self._condition, timeout_s)
            letters, self._letters = self._letters, Letters()
            letters.stop_at = self._stop_at
            self._woken = False
            return letters

    def _wake(self) -> None:
        self._woken = True
        self._condition.notify_all()
