"""A lesson with all its threads, from paced sound to the journal, for the tests."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from scripted import ScriptedRecogniser
from spoken_lesson import ROSTER, SpokenLesson, write_wav

from device.app import LessonRun
from device.audio.frames import Block, Gap, Resumed, Source
from device.audio.paced import Paced
from device.audio.recording import Recording
from device.clock import SystemClock
from device.closing import Closing
from device.detect.recogniser import ThreadedRecogniser
from device.detect.words import Recogniser, Word
from device.journal import Journal
from device.lesson_plan import LessonPlan
from device.parts import journal_path
from device.settings import DeviceSettings, OutputSettings, Settings
from lesson.events import (
    CueMode,
    LessonEvent,
)

BOUND_S = 60.0
SPEED = 20.0


@dataclass(frozen=True)
class ScriptedPlan(LessonPlan):
    """A plan whose recogniser knows the words; the thread around it is the real one."""

    script: tuple[Word, ...] = field(default=())

    def recogniser(self, *, threaded: bool) -> Recogniser:
        scripted = ScriptedRecogniser(self.script)
        return ThreadedRecogniser(lambda: scripted) if threaded else scripted


def plan_of(lesson: SpokenLesson, mode: CueMode = CueMode.CUE) -> ScriptedPlan:
    return ScriptedPlan("nl", mode, 3.0, ROSTER, None, tuple(lesson.words))


def a_lesson() -> SpokenLesson:
    """A kept pause and a short one."""
    return SpokenLesson.of_pauses(3.4, 1.5)


def settings_in(folder: Path, **outputs: object) -> Settings:
    wanted = {"light": False, "buttons": False, "terminal": False, **outputs}
    return Settings(
        device=DeviceSettings(id="lokaal-12", data_folder=folder / "data"),
        outputs=OutputSettings.model_validate(wanted),
    )


def paced(lesson: SpokenLesson, folder: Path, speed: float = SPEED) -> Paced:
    recording = Recording(write_wav(lesson.items(), folder / "lesson.wav"))
    return Paced(recording, SystemClock(), speed)


def run_of(settings: Settings, plan: LessonPlan, source: Source) -> LessonRun:
    console = Console(file=io.StringIO(), force_terminal=False)
    return LessonRun(settings, plan, source, SystemClock(), console, real_time=False)


def journalled(settings: Settings) -> list[LessonEvent]:
    """The events of the only lesson in the journal, read after the lesson.

    All are of the lesson's own run: opening a journal ends a lesson that was left open.
    """
    with Journal.open(journal_path(settings), "lokaal-12", SystemClock()) as journal:
        (lesson,) = journal.lessons()
        envelopes = journal.events(lesson)
    return [envelope.event for envelope in envelopes if envelope.boot == envelopes[0].boot]


class Watched(Closing):
    """A source that calls ``at`` with the number of the block it is about to deliver."""

    def __init__(self, source: Source, at: Callable[[int], None]) -> None:
        self._source = source
        self._at = at
        self.name = source.name
        self.closed = False

    def items(self) -> Iterator[Block | Gap | Resumed]:
        for number, item in enumerate(self._source.items()):
            self._at(number)
            yield item

    def close(self) -> None:
        self.closed = True
        self._source.close()


def wait_until(condition: Callable[[], bool]) -> None:
    """Bounded: the main loop looks twenty times a second."""
    clock = SystemClock()
    end_s = clock.monotonic() + BOUND_S
    while not condition():
        assert clock.monotonic() < end_s, "it did not happen"
        clock.sleep(0.01)
