"""The attacked device: a process of its own that hears a lesson, to be killed at any moment.

Everything in it is the real thing, from the framer to the MQTT client, except its clock, which
runs faster, and its microphone, which is a room that goes on whether it is listened to or not.
Signals reach what a process cannot be given from outside: SIGUSR1 makes the wall clock jump,
SIGUSR2 makes the journal read-only or writable again.
"""

from __future__ import annotations

import io
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from device import app
from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Block, Gap, Resumed, SourceState
from device.clock import HastyClock
from device.closing import Closing
from device.journal import Journal, JournalWriter, Outbox
from device.lesson_plan import LessonPlan
from device.parts import build_telemetry, journal_path
from device.settings import DeviceSettings, MqttSettings, OutputSettings, Settings
from lesson.events import LessonEvent, LessonStarted
from tools.chaos.sound import load, replay_plan
from tools.chaos.stations import end_with, redirect

DEVICE = "lokaal-12"
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Order:
    """What a device is to do.

    Attributes:
        folder: of its journal, its log and the list of the events it made.
        sound: folder of the excerpt.
        port: of the broker or of what stands in front of it.
        speed: of its clock.
        slowness: of its recogniser; above 1 it cannot keep up.
        deaf_s: beginning and length, in lesson seconds, of sound that the card drops.
        wall_jump_s: what SIGUSR1 does to its wall clock.
    """

    folder: Path
    sound: Path
    port: int
    speed: float
    slowness: float = 0.0
    deaf_s: tuple[float, float] | None = None
    wall_jump_s: float = 0.0

    @property
    def began(self) -> Path:
        """Holds the real seconds since boot at which the lesson in the room began."""
        return self.folder / "began.txt"


class Room(Closing):
    """Sound as the room makes it: the lesson begins with the first who listens.

    Whoever comes later, after a kill, hears the rest.

    Attributes:
        taken: how many samples the device has taken, on its own audio clock.
    """

    def __init__(self, order: Order, clock: HastyClock) -> None:
        self.name = "room"
        self._samples = load(order.sound).samples
        self._clock = clock
        self._began = order.began
        self._deaf = order.deaf_s
        self._closed = False
        self.taken: Callable[[], int] = lambda: 0
        self._ahead_samples = 0

    def ahead_samples(self) -> int:
        """How far the room's numbers are ahead of the device's, which came later."""
        return self._ahead_samples

    def close(self) -> None:
        self._closed = True

    def items(self) -> Iterator[Block | Gap | Resumed]:
        ahead_s = self._clock.monotonic() - self._clock.since_boot()
        now_s = self._clock.since_boot()
        if not self._began.exists():
            self._began.write_text(str(now_s / self._clock.speed), encoding="ascii")
        began_s = float(self._began.read_text(encoding="ascii")) * self._clock.speed
        first = round((now_s - began_s) * SAMPLE_RATE)
        for start in range(max(0, first), len(self._samples) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            due = began_s + (start + FRAME_SAMPLES) / SAMPLE_RATE
            self._clock.sleep(due - self._clock.since_boot())
            if self._closed:
                return
            if self._deaf is not None and start / SAMPLE_RATE >= self._deaf[0]:
                if start / SAMPLE_RATE < sum(self._deaf):
                    yield Gap(FRAME_SAMPLES, SourceState.OVERFLOW)
                    continue
                self._deaf = None
                yield Resumed()
            yield Block(self._samples[start : start + FRAME_SAMPLES], due + ahead_s)
            self._ahead_samples = start + FRAME_SAMPLES - self.taken()


class TellingWriter(JournalWriter):
    """Writes down what it was given before it does anything else with it."""

    notes: io.FileIO
    clock: HastyClock
    journal: Journal

    def __init__(self, journal: Journal, *arguments: Any, **options: Any) -> None:
        super().__init__(journal, *arguments, **options)
        type(self).journal = journal

    def start_lesson(self, started: LessonStarted) -> str:
        lesson = super().start_lesson(started)
        self._note(lesson, started)
        return lesson

    def append(self, lesson: str, event: LessonEvent) -> bool:
        self._note(lesson, event)
        return super().append(lesson, event)

    def _note(self, lesson: str, event: LessonEvent) -> None:
        at_s = self.clock.since_boot() / self.clock.speed
        self.notes.write(f"{at_s:.4f} {lesson} {event.kind} {event.t:.3f}\n".encode())


def settings_of(order: Order) -> Settings:
    return Settings(
        device=DeviceSettings(id=DEVICE, data_folder=order.folder),
        mqtt=MqttSettings(enabled=True, host="127.0.0.1", port=order.port),
        outputs=OutputSettings(light=False, buttons=False, terminal=False),
    )


def run(campaign: int, order: Order) -> None:
    """Hear the rest of the lesson, then send until nothing is left; the target of a process."""
    end_with(campaign)
    redirect(order.folder / "device.log")
    clock = HastyClock(order.speed)
    TellingWriter.clock = clock
    TellingWriter.notes = (order.folder / "made.txt").open("ab", buffering=0)  # type: ignore[assignment]
    app.JournalWriter = TellingWriter  # type: ignore[attr-defined,misc]
    _obey(order, clock)
    settings = settings_of(order)
    room = Room(order, clock)
    plan = replay_plan(load(order.sound), clock, order.slowness, room.ahead_samples)
    console = Console(file=sys.stdout, force_terminal=False)
    lesson = app.LessonRun(settings, plan, room, clock, console, resumes=True)
    room.taken = lambda: lesson.sound.taken_samples
    app.MAIN_LOOP_S *= order.speed  # supervision needs no film time
    lesson.run()
    _send_rest(settings, plan, clock)


def send_rest(campaign: int, order: Order) -> None:
    """Only send what another device left in the outbox; the target of a process."""
    end_with(campaign)
    redirect(order.folder / "device.log")
    clock = HastyClock(order.speed)
    plan = replay_plan(load(order.sound), clock, 0.0, lambda: 0)
    _send_rest(settings_of(order), plan, clock)


def _send_rest(settings: Settings, plan: LessonPlan, clock: HastyClock) -> None:
    with Journal.open(journal_path(settings), DEVICE, clock) as journal:
        telemetry = build_telemetry(settings, plan, journal, clock, lambda _state, _text: None)
        assert telemetry is not None
        with telemetry, Outbox.open(journal.path) as outbox:
            while outbox.count():
                threading.Event().wait(POLL_S)
    print("the outbox is empty", flush=True)


def _obey(order: Order, clock: HastyClock) -> None:
    read_only = False

    def jump(*_: object) -> None:
        clock.wall_jump_s = order.wall_jump_s

    def toggle(*_: object) -> None:
        nonlocal read_only
        read_only = not read_only
        connection: sqlite3.Connection = TellingWriter.journal._connection
        connection.execute(f"PRAGMA query_only = {int(read_only)}")

    signal.signal(signal.SIGUSR1, jump)
    signal.signal(signal.SIGUSR2, toggle)
