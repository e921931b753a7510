"""A school day in one process: does memory grow, do threads or files stay behind?

Eight lessons of an hour, as fast as the machine can, through the real device, broker and ingest.
The recogniser's words are replayed; ``real_hour`` has the real recogniser and takes an hour.
"""

from __future__ import annotations

import gc
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from dashboard.store.database import open_database
from device.app import LessonRun
from device.audio.frames import SAMPLE_RATE, Block, Gap, Resumed
from device.audio.paced import Paced
from device.clock import SystemClock
from device.closing import Closing
from device.lesson_plan import LessonPlan
from device.models import find_model
from tools.chaos import sound
from tools.chaos.device import Order, settings_of
from tools.chaos.world import World

LESSONS = 8
LESSON_S = 3600.0
SAMPLE_EVERY_S = 300.0
#: until everything was used once
WARM_UP_S = 3600.0
MOST_GROWTH_MB_PER_HOUR = 2.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process holds at one moment of the day.

    Attributes:
        at_s: sound heard by then.
        hearing: in a lesson, and not between two.
    """

    at_s: float
    memory_mb: float
    threads: int
    descriptors: int
    hearing: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day's samples, and what it left on the disks."""

    samples: tuple[Sample, ...]
    events: int
    journal_bytes: int
    database_bytes: int

    @property
    def heard_h(self) -> float:
        return self.samples[-1].at_s / 3600

    @property
    def _warm(self) -> list[Sample]:
        """The samples after the warm-up, which is a sixth of a short day."""
        least_s = min(WARM_UP_S, self.heard_h * 600)
        return [each for each in self.samples if each.at_s >= least_s]

    @property
    def growth_mb_per_hour(self) -> float:
        """Slope of a straight line through the memory in lessons, after the warm-up.

        The end of the first lesson needs some memory once, which is no growth by the hour.
        """
        late = [each for each in self._warm if each.hearing]
        hours = [each.at_s / 3600 for each in late]
        middle_h = sum(hours) / len(hours)
        middle_mb = sum(each.memory_mb for each in late) / len(late)
        spread = sum((hour - middle_h) ** 2 for hour in hours)
        rise = sum(
            (hour - middle_h) * (each.memory_mb - middle_mb)
            for hour, each in zip(hours, late, strict=True)
        )
        return rise / spread if spread else 0.0

    @property
    def leaks(self) -> int:
        """Threads and descriptors at the end beyond those after the warm-up."""
        warm = [each for each in self._warm if each.hearing]
        first, last = warm[0], warm[-1]
        return (last.threads - first.threads) + (last.descriptors - first.descriptors)

    @property
    def well(self) -> bool:
        return self.growth_mb_per_hour < MOST_GROWTH_MB_PER_HOUR and self.leaks <= 0

    def course(self) -> str:
        """Memory at each sample."""
        return " ".join(f"{each.at_s / 60:.0f}:{each.memory_mb:.1f}" for each in self.samples)

    def line(self) -> str:
        first, last = self.samples[0], self.samples[-1]
        return (
            f"{self.heard_h:.1f} h of sound, {self.events} events: memory {first.memory_mb:.0f} MB "
            f"at the start, {last.memory_mb:.0f} MB at the end, "
            f"{self.growth_mb_per_hour:+.2f} MB an hour after the warm-up; threads "
            f"{last.threads}, descriptors {last.descriptors}, left behind {max(0, self.leaks)}; "
            f"journal {self.journal_bytes / 1e6:.2f} MB, "
            f"database {self.database_bytes / 1e6:.2f} MB"
        )


class Loop(Closing):
    """The demo lesson over and over; takes a sample of the process now and then."""

    name = "school day"

    def __init__(self, excerpt: sound.Excerpt, seconds: float, before_s: float) -> None:
        self.samples: list[Sample] = []
        self._sound = excerpt.samples
        self._left = round(seconds)
        self._before_s = before_s
        self._round = 0
        self._closed = False

    def close(self) -> None:
        self._closed = True

    def ahead_samples(self) -> int:
        return -self._round * self._length

    @property
    def _length(self) -> int:
        return len(self._sound) // SAMPLE_RATE * SAMPLE_RATE

    def items(self) -> Iterator[Block | Gap | Resumed]:
        for second in range(self._left):
            if self._closed:
                return
            start = second * SAMPLE_RATE % self._length
            self._round = second * SAMPLE_RATE // self._length
            yield Block(self._sound[start : start + SAMPLE_RATE])
            if second % SAMPLE_EVERY_S == SAMPLE_EVERY_S - 1:
                self.samples.append(sample(self._before_s + second + 1, hearing=True))


def sample(at_s: float, *, hearing: bool = False) -> Sample:
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in status)
    return Sample(
        at_s,
        int(fields["VmRSS"].split()[0]) / 1024,
        int(fields["Threads"]),
        len(list(Path("/proc/self/fd").iterdir())),
        hearing,
    )


class _DayWorld(World):
    """Broker and ingest for a device that lives in this process."""

    def start_device(self) -> None:
        return None

    def _begun(self) -> bool:
        self.order.began.write_text("0", encoding="ascii")
        return True

    def settle(self) -> float:
        due = set(self.journal())
        self.wait(lambda: due <= set(self.arrived()), "the day has arrived", 120.0)
        return 0.0


def school_day(lessons: int = LESSONS, lesson_s: float = LESSON_S) -> Day:
    """The simulated day."""
    return _live(sound.whole_lesson(), lessons, lesson_s, real=False)


def real_hour() -> Day:
    """One hour in real time, with the real recogniser."""
    return _live(sound.whole_lesson(), 1, 3600.0, real=True)


def _live(excerpt: sound.Excerpt, lessons: int, lesson_s: float, *, real: bool) -> Day:
    with tempfile.TemporaryDirectory(prefix="denkpauze-soak-") as folder:
        template = Path(folder) / "empty.sqlite"
        open_database(f"sqlite:///{template}", writing=True).dispose()
        root = Path(folder) / "day"
        root.mkdir()
        with _DayWorld(root, Path(folder), 1.0, random.Random(0), template) as world:
            world.start()
            samples = [sample(0.0)]
            for number in range(lessons):
                samples += _lesson(world.order, excerpt, lesson_s, number * lesson_s, real)
                samples.append(sample((number + 1) * lesson_s))
            _send_the_rest(world, excerpt)
            world.settle()
            events = len(world.journal())
            return Day(
                tuple(samples),
                events,
                (world.order.folder / "journal.sqlite").stat().st_size,
                world.database.stat().st_size,
            )


def _send_the_rest(world: World, excerpt: sound.Excerpt) -> None:
    """What the last lesson left in the outbox goes with the next start, which is a short one."""
    while len(world.arrived()) < len(world.journal()):
        _lesson(world.order, excerpt, 2.0, 0.0, real=True)


def _lesson(
    order: Order, excerpt: sound.Excerpt, seconds: float, before_s: float, real: bool
) -> list[Sample]:
    clock = SystemClock()
    loop = Loop(excerpt, seconds, before_s)
    plan: LessonPlan = sound.replay_plan(excerpt, clock, 0.0, loop.ahead_samples)
    if real and seconds > SAMPLE_EVERY_S:
        model = find_model("nl", None, environ={}, usual_folders=())
        plan = LessonPlan("nl", plan.mode, plan.target_s, plan.roster, model)
    source = Paced(loop, clock) if real else loop
    LessonRun(settings_of(order), plan, source, clock, Console(quiet=True), real_time=real).run()
    return loop.samples
