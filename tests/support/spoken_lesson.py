"""A lesson of synthetic sound with its words, and what the listener makes of it.

Example::

    lesson = SpokenLesson()
    asked = lesson.teacher("waarom drijft ijs op water")
    lesson.room(3.2)
    named = lesson.teacher("sanne")
    heard = lesson.hear()
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from scripted import ScriptedRecogniser, spread
from synthetic_sound import Wave, cough, frames_of, noise, rustle, samples_of, to_samples, voice

from device.audio.framer import Framer
from device.audio.frames import (
    SAMPLE_RATE,
    Block,
    Discontinuity,
    Frame,
    Gap,
    Resumed,
    SourceState,
)
from device.detect.listener import Listener, Output
from device.detect.words import Recogniser, Word
from device.roster import Pupil, Roster
from lesson.events import Event, LessonEvent
from lesson.phases import Phase, PhaseName

TEACHER_DB = 66.0
PUPIL_DB = 50.0
ROOM_DB = 30.0
SECONDS_PER_WORD = 0.3
INTRODUCTION = "vandaag gaat het over water en ijs in de winter"

ROSTER = Roster(
    (
        Pupil("p01", ("Sanne",)),
        Pupil("p02", ("Bo",)),
        Pupil("p03", ("Sofie",)),
        Pupil("p04", ("Jan Willem",)),
        Pupil("p05", ("Kay",), counted=False),
    )
)

Kind = TypeVar("Kind", bound=Event)


@dataclass(frozen=True, slots=True)
class Said:
    """Where something lies, in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Heard:
    """All that a listener gave out."""

    outputs: list[Output]

    @property
    def events(self) -> list[LessonEvent]:
        return [output for output in self.outputs if not isinstance(output, Phase)]

    @property
    def phases(self) -> list[Phase]:
        return [output for output in self.outputs if isinstance(output, Phase)]

    @property
    def changes(self) -> list[Phase]:
        """The phases without those that only hold the one before, or let go of it."""
        pairs = zip([None, *self.phases], self.phases, strict=False)
        return [
            phase
            for before, phase in pairs
            if before is None or (before.name, before.since) != (phase.name, phase.since)
        ]

    @property
    def phase_names(self) -> list[str]:
        return [phase.name.value for phase in self.changes]

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]

    def thinking(self) -> list[Phase]:
        return [phase for phase in self.changes if phase.name is PhaseName.THINK]

    def json(self) -> str:
        """The events as bytes to compare."""
        return "\n".join(event.model_dump_json() for event in self.events)


@dataclass
class SpokenLesson:
    """Grows piece by piece; every voice is a steady one with silence around it.

    After ``quiet_s`` of the room it opens, unless ``introduction`` is taken away, with 3 s of the
    teacher's voice, from which the listener learns who wears the clip. ``room_db`` may be changed
    on the way.
    """

    room_db: float = ROOM_DB
    introduction: str = INTRODUCTION
    quiet_s: float = 1.0
    words: list[Word] = field(default_factory=list)
    _pieces: list[tuple[Wave, float] | Gap] = field(default_factory=list)
    _samples: int = 0

    def __post_init__(self) -> None:
        self.room(self.quiet_s)
        if self.introduction:
            self.teacher(self.introduction)
            self.room(1.0)

    @classmethod
    def of_pauses(cls, *pauses_s: float) -> SpokenLesson:
        """For each a question, a pause of this length, a name, and an answer."""
        lesson = cls()
        for pause_s in pauses_s:
            lesson.teacher("waarom drijft ijs op water")
            lesson.room(pause_s)
            lesson.teacher("sanne")
            lesson.room(0.8)
            lesson.pupil()
            lesson.room(1.0)
        return lesson

    @property
    def now(self) -> float:
        """End of the lesson so far, in seconds."""
        return self._samples / SAMPLE_RATE

    def room(self, seconds: float) -> Said:
        return self._add(np.zeros(samples_of(seconds)))

    def teacher(
        self, text: str, seconds: float | None = None, confidence: float = 1.0, rise: float = 0.0
    ) -> Said:
        """The teacher speaks; no text: a voice without words."""
        length = seconds or max(0.4, SECONDS_PER_WORD * len(text.split()))
        said = self._add(voice(length, TEACHER_DB, 180.0, rise))
        if text:
            self.words += spread(text, said.start, said.end, confidence)
        return said

    def pupil(self, seconds: float = 1.0) -> Said:
        return self._add(voice(seconds, PUPIL_DB, 260.0))

    def cough(self, seconds: float = 0.4) -> Said:
        return self._add(cough(seconds, TEACHER_DB))

    def rustle(self, seconds: float = 0.5) -> Said:
        return self._add(rustle(seconds, TEACHER_DB - 6))

    def add(self, wave: Wave) -> Said:
        """Any other sound."""
        return self._add(wave)

    def gap(self, seconds: float, state: SourceState = SourceState.LOST) -> Said:
        start = self.now
        self._pieces.append(Gap(samples_of(seconds), state))
        self._samples += samples_of(seconds)
        return Said(start, self.now)

    def items(self) -> list[Block | Gap | Resumed]:
        """As a source delivers it: the longest blocks possible."""
        items: list[Block | Gap | Resumed] = []
        waiting: list[Wave] = []
        for number, piece in enumerate((*self._pieces, None)):
            if isinstance(piece, tuple):
                wave, room_db = piece
                waiting.append(wave + noise(len(wave) / SAMPLE_RATE, room_db, 10 + number))
                continue
            if waiting:
                items.append(Block(to_samples(np.concatenate(waiting))))
                waiting = []
            if piece is not None:
                items += [piece, Resumed()]
        return items

    def recogniser(self) -> ScriptedRecogniser:
        return ScriptedRecogniser(self.words)

    def listener(
        self, recogniser: Recogniser | None = None, language: str = "nl", roster: Roster = ROSTER
    ) -> Listener:
        return Listener(recogniser or self.recogniser(), roster, language)

    def hear(self, listener: Listener | None = None) -> Heard:
        """Feed the whole lesson."""
        return hear(self.items(), listener or self.listener())

    def _add(self, wave: Wave) -> Said:
        start = self.now
        self._pieces.append((wave, self.room_db))
        self._samples += len(wave)
        return Said(start, self.now)


def hear(items: Iterable[Block | Gap | Resumed], listener: Listener) -> Heard:
    """What a listener gives out for what a source delivers."""
    framer = Framer(remove_offset=True)
    outputs: list[Output] = []
    for item in items:
        for frame in framer.feed(item):
            outputs += listener.feed(frame)
    for frame in framer.flush():
        outputs += listener.feed(frame)
    return Heard(outputs + listener.finish())


def write_wav(items: Iterable[Block | Gap | Resumed], path: Path) -> Path:
    """The sound as a file; a gap becomes silence."""
    import wave as wave_file

    with wave_file.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for item in items:
            if isinstance(item, Block):
                file.writeframes(item.samples.tobytes())
            elif isinstance(item, Gap):
                file.writeframes(bytes(2 * item.missing_samples))
    return path


__all__ = [
    "PUPIL_DB",
    "ROOM_DB",
    "ROSTER",
    "TEACHER_DB",
    "Discontinuity",
    "Frame",
    "Heard",
    "Said",
    "SpokenLesson",
    "frames_of",
    "hear",
    "write_wav",
]
