"""What is done to a running chain. Each fault draws its moments from the run's seed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from device.clock import SystemClock
from tools.chaos.stations import end_with
from tools.chaos.world import CONTEXT, DEFAULT_PERSISTENCE, Row, World

CLOCK = SystemClock()
YEAR_S = 365.25 * 24 * 3600


@dataclass
class Attack:
    """A world under attack, and what the accounts have to know of it."""

    world: World
    length_s: float
    kills_s: list[float] = field(default_factory=list)
    torn: set[Row] = field(default_factory=set)

    def until(self, first: float, last: float) -> None:
        """Wait until a random moment between two shares of the lesson."""
        share = self.world.random.uniform(first, last)
        at_s = self.world.began_s + share * self.length_s / self.world.speed
        self.world.sleep(max(0.0, at_s - CLOCK.since_boot()))

    def a_while(self, shortest_s: float, longest_s: float) -> None:
        self.world.sleep(self.world.random.uniform(shortest_s, longest_s))

    def kill_device(self) -> None:
        self.world.kill_device()
        self.kills_s.append(CLOCK.since_boot())


def _nothing(_attack: Attack) -> None:
    return None


@dataclass(frozen=True)
class Fault:
    """Attributes:
    name: as in the report.
    act: does it, during the lesson.
    prepare: before the lesson begins.
    sound_missing: the device does not hear all of the lesson.
    pages: the web pages run as well.
    """

    name: str
    act: Callable[[Attack], None]
    prepare: Callable[[Attack], None] = _nothing
    sound_missing: bool = False
    pages: bool = False


def kill_device(attack: Attack) -> None:
    for share in (0.1, 0.5)[: attack.world.random.choice((1, 2))]:
        attack.until(share, share + 0.4)
        attack.kill_device()
        attack.a_while(0.02, 0.4)
        attack.world.start_device()


def kill_broker(attack: Attack) -> None:
    for share in (0.05, 0.5)[: attack.world.random.choice((1, 2))]:
        attack.until(share, share + 0.45)
        attack.world.kill_broker()
        attack.a_while(0.05, 1.0)
        attack.world.broker.start()


def kill_ingest(attack: Attack) -> None:
    for share in (0.05, 0.5)[: attack.world.random.choice((1, 2))]:
        attack.until(share, share + 0.45)
        attack.world.kill_ingest()
        attack.a_while(0.0, 0.8)
        attack.world.start_ingest()


def kill_pages(attack: Attack) -> None:
    attack.until(0.05, 0.6)
    attack.world.kill_pages()
    attack.a_while(0.0, 0.5)
    attack.world.start_pages()


def kill_everything(attack: Attack) -> None:
    """A power cut in the whole building."""
    attack.until(0.1, 0.8)
    attack.world.kill_broker()
    attack.kill_device()
    attack.world.kill_ingest()
    attack.a_while(0.0, 0.3)
    attack.world.start_device()
    attack.a_while(0.0, 0.5)
    attack.world.broker.start()
    attack.world.start_ingest()


def broker_down(attack: Attack) -> None:
    """Minutes of the device's time: its clock runs faster, its waits are as many."""
    attack.until(0.05, 0.6)
    attack.world.kill_broker()
    attack.a_while(8.0, 15.0)
    attack.world.broker.start()


def forgetful_broker(attack: Attack) -> None:
    attack.world.broker_options = DEFAULT_PERSISTENCE


def kill_forgetful_broker(attack: Attack) -> None:
    """It has acknowledged everything, stored nothing, and nobody was there to receive it."""
    attack.until(0.0, 0.3)
    attack.world.kill_ingest()
    attack.until(0.5, 0.9)
    attack.world.kill_broker()
    attack.a_while(0.0, 0.5)
    attack.world.broker.start()
    attack.world.start_ingest()


def black_hole(attack: Attack) -> None:
    which = attack.world.random.choice(("device", "ingest"))
    attack.until(0.05, 0.7)
    attack.world.line("hole", which)
    attack.a_while(1.0, 6.0)
    attack.world.line("pass", which)


def reset_lines(attack: Attack) -> None:
    for share in (0.05, 0.3, 0.6):
        which = attack.world.random.choice(("device", "ingest"))
        attack.until(share, share + 0.25)
        attack.world.line("refuse", which)
        attack.a_while(0.0, 0.6)
        attack.world.line("pass", which)


def full_disk(attack: Attack) -> None:
    attack.until(0.05, 0.6)
    attack.world.limit_files(True)
    attack.a_while(0.5, 3.0)
    attack.world.limit_files(False)


def read_only(attack: Attack) -> None:
    attack.until(0.05, 0.6)
    attack.world.signal_device(signal.SIGUSR2)
    attack.a_while(0.5, 3.0)
    attack.world.signal_device(signal.SIGUSR2)


def tear_log(attack: Attack) -> None:
    tear(attack, "journal.sqlite-wal")


def tear_file(attack: Attack) -> None:
    tear(attack, "journal.sqlite")


def tear(attack: Attack, name: str) -> None:
    """The device dies, and a file of its journal ends or turns to rubbish at some byte."""
    attack.until(0.2, 0.8)
    attack.kill_device()
    attack.torn |= set(attack.world.journal())
    _damage(attack, attack.world.order.folder / name)
    attack.world.start_device()


def _damage(attack: Attack, file: Path) -> None:
    content = bytearray(file.read_bytes())
    if not content:
        return
    place = attack.world.random.randrange(len(content))
    if attack.world.random.random() < 0.5:
        del content[place:]
    else:
        rubbish = attack.world.random.randbytes(min(512, len(content) - place))
        content[place : place + len(rubbish)] = rubbish
    file.write_bytes(content)


def set_jump(attack: Attack) -> None:
    years = attack.world.random.uniform(-30, 30)
    attack.world.order = replace(attack.world.order, wall_jump_s=years * YEAR_S)


def jump_clock(attack: Attack) -> None:
    attack.until(0.1, 0.7)
    attack.world.signal_device(signal.SIGUSR1)


def jump_clock_and_kill(attack: Attack) -> None:
    """The lesson goes on as the same one, however wrong the date has become."""
    jump_clock(attack)
    attack.until(0.7, 0.9)
    attack.kill_device()
    attack.world.start_device()


def slow_words(attack: Attack) -> None:
    attack.world.order = replace(attack.world.order, slowness=8.0)


def drop_sound(attack: Attack) -> None:
    begin_s = attack.world.random.uniform(0.1, 0.7) * attack.length_s
    attack.world.order = replace(
        attack.world.order, deaf_s=(begin_s, attack.world.random.uniform(0.02, 4.0))
    )


def small_queues(attack: Attack) -> None:
    attack.world.broker_options = ("max_queued_messages 5", *DEFAULT_PERSISTENCE)
    attack.world.ingest_queue = 3


def freeze_ingest(attack: Attack) -> None:
    attack.until(0.05, 0.5)
    attack.world.freeze_ingest(True)
    attack.a_while(0.5, 4.0)
    attack.world.freeze_ingest(False)


def freeze_device(attack: Attack) -> None:
    attack.until(0.05, 0.8)
    attack.world.freeze_device(True)
    attack.a_while(0.2, 2.0)
    attack.world.freeze_device(False)


def hogs(attack: Attack) -> None:
    with busy_processes(4):
        attack.until(0.95, 1.0)


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """Processes that do nothing but work."""
    running = [
        CONTEXT.Process(target=_work, args=(os.getpid(),), daemon=True) for _ in range(count)
    ]
    for process in running:
        process.start()
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.join()


def _work(campaign: int) -> None:
    end_with(campaign)
    while True:
        pass


FAULTS = (
    Fault("nothing", _nothing),
    Fault("device killed", kill_device, sound_missing=True),
    Fault("broker killed", kill_broker),
    Fault("ingest killed", kill_ingest),
    Fault("pages killed", kill_pages, pages=True),
    Fault("all killed at once", kill_everything, sound_missing=True),
    Fault("broker down for minutes", broker_down),
    Fault("forgetful broker killed, no ingest", kill_forgetful_broker, forgetful_broker),
    Fault("line swallows everything", black_hole),
    Fault("line reset", reset_lines),
    Fault("disk full", full_disk),
    Fault("disk read-only", read_only),
    Fault("journal's log torn", tear_log, sound_missing=True),
    Fault("journal's file torn", tear_file, sound_missing=True),
    Fault("clock jumps by years", jump_clock, set_jump),
    Fault("clock jumps, then device killed", jump_clock_and_kill, set_jump, sound_missing=True),
    Fault("recogniser too slow", _nothing, slow_words, sound_missing=True),
    Fault("sound dropped by the card", _nothing, drop_sound, sound_missing=True),
    Fault("queues overflow", freeze_ingest, small_queues),
    Fault("device frozen", freeze_device),
    Fault("four processor hogs", hogs),
)
