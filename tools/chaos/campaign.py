"""Many seeds, some at a time, and what they come to by fault."""

from __future__ import annotations

import contextlib
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from dashboard.store.database import open_database
from tools.chaos import microphone, sound
from tools.chaos.accounts import Account, settle_accounts
from tools.chaos.faults import Attack, Fault
from tools.chaos.world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """One seed: its account, or why there is none."""

    seed: int
    fault: str
    account: Account | None
    problems: tuple[str, ...]


#: a seed and what it is about
Task = tuple[int, Fault]


def tasks(seeds: Iterable[int], faults: Sequence[Fault]) -> list[Task]:
    """Every seed has its fault."""
    return [(seed, faults[seed % len(faults)]) for seed in seeds]


class Campaign:
    """Context manager around the folder with all that the runs share.

    Args:
        excerpt: the lesson.
        speed: of the devices' clock.
        keep: folder for the remains of runs that broke a promise.
    """

    def __init__(self, excerpt: sound.Excerpt, speed: float, keep: Path) -> None:
        self._excerpt = excerpt
        self._speed = speed
        self._keep = keep
        self._temporary = tempfile.TemporaryDirectory(
            prefix="denkpauze-chaos-", ignore_cleanup_errors=True
        )
        self._folder = Path(self._temporary.name)
        self._template = self._folder / "empty.sqlite"
        self._worlds: set[World] = set()

    def __enter__(self) -> Campaign:
        sound.save(self._excerpt, self._folder)
        open_database(f"sqlite:///{self._template}", writing=True).dispose()
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    def run(
        self,
        tasks: Iterable[Task],
        jobs: int,
        told: Callable[[Outcome], None] = lambda _outcome: None,
        over: Callable[[], bool] = lambda: False,
    ) -> list[Outcome]:
        """Run each task; its moments follow from its seed.

        An interruption takes the processes of the runs under way away; their threads end with this
        process.

        Args:
            jobs: runs at the same time.
            over: asked before each run; no further one is begun once it is true.
        """

        def one(task: Task) -> Outcome | None:
            if over():
                return None
            outcome = self._one(*task)
            told(outcome)
            return outcome

        pool = ThreadPoolExecutor(jobs)
        try:
            return [outcome for outcome in pool.map(one, tasks) if outcome is not None]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for world in tuple(self._worlds):
                with contextlib.suppress(Exception):
                    world.__exit__(None, None, None)
            raise

    def _one(self, seed: int, fault: Fault) -> Outcome:
        folder = self._folder / f"{seed:04d}-{fault.name.replace(' ', '-')}"
        folder.mkdir()
        try:
            account = self._account(seed, fault, folder)
            outcome = Outcome(seed, fault.name, account, tuple(account.problems()))
        except Exception as error:  # a run that ends without an account is a broken promise too
            outcome = Outcome(seed, fault.name, None, (f"{type(error).__name__}: {error}",))
        if outcome.problems:
            sockets = shutil.ignore_patterns("native", "runtime")
            shutil.copytree(folder, self._keep / folder.name, ignore=sockets, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        return outcome

    def _account(self, seed: int, fault: Fault, folder: Path) -> Account:
        real_time = fault in microphone.FAULTS
        kind = microphone.MicrophoneWorld if real_time else World
        speed = 1.0 if real_time else self._speed
        with kind(folder, self._folder, speed, random.Random(seed), self._template) as world:
            self._worlds.add(world)
            try:
                return self._attacked(world, fault)
            finally:
                self._worlds.discard(world)

    def _attacked(self, world: World, fault: Fault) -> Account:
        attack = Attack(world, self._excerpt.length_s)
        fault.prepare(attack)
        world.start(pages=fault.pages)
        fault.act(attack)
        world.healed()
        recovery_s = world.settle()
        return settle_accounts(
            world,
            self._excerpt.events,
            recovery_s,
            sound_missing=fault.sound_missing,
            kills_s=attack.kills_s,
            torn=attack.torn,
        )
