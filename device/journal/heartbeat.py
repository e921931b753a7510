"""How long the device was away, however wrong its wall clock is.

A heartbeat ties the lesson's audio clock to the clocks of the machine. After a restart of the
program alone, the time since the machine booted tells how long it was away, whatever happened to
the wall clock. After a restart of the machine only the wall clock can tell, and it is believed
only when a time server had set it before and again after; else nobody knows, and no length is
invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from device.clock import Clock
from device.machine import TIMESYNC_MARK, kernel_boot
from lesson.events import LessonStarted

#: A lesson goes on as the same lesson when the device was away for no longer than this.
RESUME_WITHIN_S = 120.0
#: The card is spared: a beat costs about as much writing as an event.
BEAT_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment on all clocks of the machine.

    Attributes:
        kernel_boot: id of this start of the machine, empty when it has none.
        since_boot_s: seconds since the machine started, sleep included.
        wall: wall time, which may be wrong.
        synchronised: a time server has set the wall clock since the machine started.
    """

    kernel_boot: str
    since_boot_s: float
    wall: datetime
    synchronised: bool

    @classmethod
    def now(cls, clock: Clock) -> Moment:
        return cls(kernel_boot(), clock.since_boot(), clock.now(), TIMESYNC_MARK.exists())

    def elapsed_s(self, earlier: Moment) -> float | None:
        """Seconds since ``earlier``; ``None`` when no clock can tell."""
        if self.kernel_boot and self.kernel_boot == earlier.kernel_boot:
            return max(0.0, self.since_boot_s - earlier.since_boot_s)
        if not (self.synchronised and earlier.synchronised):
            return None
        by_wall_s = (self.wall - earlier.wall).total_seconds()
        # the machine has run for this long since, so anything shorter is a clock that is wrong
        return by_wall_s if by_wall_s >= self.since_boot_s else None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The lesson was heard up to ``t`` on its audio clock at this moment."""

    lesson: str
    t: float
    moment: Moment


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A lesson that was going on a short while ago.

    Attributes:
        lesson: its id.
        started: the event that began it.
        lost_t: up to here it was certainly heard, on its audio clock.
        opened_t: its audio-clock time when the journal was opened again.
        opened_since_boot_s: the same moment on the machine's clock.
    """

    lesson: str
    started: LessonStarted
    lost_t: float
    opened_t: float
    opened_since_boot_s: float

    def t_at(self, since_boot_s: float) -> float:
        """The lesson's time at a moment of this start of the machine."""
        return max(self.lost_t, self.opened_t + since_boot_s - self.opened_since_boot_s)

    def continues_as(self, started: LessonStarted) -> bool:
        """Whether a lesson that would begin like this is the same one going on.

        With another class list, target or model the figures of both parts would not belong
        together.
        """
        return self._plan(self.started) == self._plan(started)

    @staticmethod
    def _plan(started: LessonStarted) -> tuple[object, ...]:
        return (
            started.mode,
            started.language,
            started.target_s,
            started.roster_size,
            started.recogniser,
        )
