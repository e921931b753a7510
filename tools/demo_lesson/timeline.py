"""Places every turn of the script on one line of samples and keeps the sound it needs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from tools.demo_lesson import sounds
from tools.demo_lesson.script import HESITATION, Script, Turn, Voice
from tools.demo_lesson.voice import FILLER, SAMPLE_RATE, Sound, Synthesizer

#: A filler starts this far into its hesitation.
_FILLER_AT_S = 0.25
_WHISPER = Voice(voice="nl+whisper", words_per_minute=165, pitch=60, level_db=0.0)


@dataclass(frozen=True, slots=True)
class Span:
    """From its first sample up to, not including, ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clip:
    """Dry sound at its place, with its level relative to the teacher and who makes it."""

    start: int
    sound: Sound
    level_db: float
    source: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A turn with its acoustic bounds; ``question_end`` leaves out a name called after it."""

    turn: Turn
    span: Span
    question_end: int
    name: Span | None = None
    hesitation: Span | None = None


@dataclass(frozen=True, slots=True)
class PlacedNoise:
    """A sound that is not speech to be answered."""

    kind: str
    span: Span
    level_db: float


@dataclass(slots=True)
class Timeline:
    """Turns, noises and clips so far; ``cursor`` is the end of the last utterance in samples."""

    cursor: int
    placed: list[Placed] = field(default_factory=list)
    noises: list[PlacedNoise] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)


def _to_samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


class Stage:
    """Puts the turns of a script on a timeline, one after the other."""

    def __init__(self, script: Script, synthesizer: Synthesizer) -> None:
        self._script = script
        self._synthesizer = synthesizer
        self._line = Timeline(cursor=_to_samples(script.lesson.start_s))

    def play(self, limit_s: float | None = None) -> Timeline:
        """Place all turns, or those that begin before ``limit_s``."""
        for number, turn in enumerate(self._script.turn):
            start = self._line.cursor + _to_samples(turn.gap_s)
            if limit_s is not None and start >= _to_samples(limit_s):
                break
            self._line.cursor = start
            self._place(turn)
            self._place_noises(turn, number)
        return self._line

    def _speak(self, turn: Turn, text: str) -> Span:
        voice = self._script.voices[turn.speaker]
        sound = self._synthesizer.say(voice, text)
        level_db = voice.level_db if turn.level_db is None else turn.level_db
        start = self._line.cursor
        self._line.clips.append(Clip(start, sound, level_db, turn.speaker))
        self._line.cursor = start + len(sound)
        return Span(start, self._line.cursor)

    def _place(self, turn: Turn) -> None:
        start = self._line.cursor
        name, hesitation, text = None, None, turn.spoken
        if turn.kind == "name_first_question":
            called, text = text.split(",", 1)
            name = self._speak(turn, called + "!")
            self._line.cursor += _to_samples(turn.name_gap_s)
        elif turn.kind == "question_name_last":
            text = text.rsplit(",", 1)[0] + "?"
        parts = [part.strip() for part in text.split(HESITATION)]
        if len(parts) > 1:
            self._speak(turn, parts[0] + ",")
            hesitation = self._hesitate(turn)
        question_end = self._speak(turn, parts[-1]).end
        if turn.kind == "question_name_last":
            self._line.cursor += _to_samples(turn.name_gap_s)
            name = self._speak(turn, f"{turn.name}?")
        span = Span(start, self._line.cursor)
        if turn.kind == "name_call":
            name = span
        self._line.placed.append(Placed(turn, span, question_end, name, hesitation))

    def _hesitate(self, turn: Turn) -> Span:
        start = self._line.cursor
        if turn.filler:
            self._line.cursor = start + _to_samples(_FILLER_AT_S)
            self._speak(turn, FILLER)
        end = start + _to_samples(turn.hesitation_s)
        if self._line.cursor >= end:
            raise ValueError(f"the filler is longer than the hesitation: {turn.text!r}")
        self._line.cursor = end
        return Span(start, end)

    def _place_noises(self, turn: Turn, number: int) -> None:
        for position, noise in enumerate(turn.noise):
            if noise.kind == "whisper":
                sound = self._synthesizer.say(_WHISPER, self._script.room.whisper)
            else:
                random = seeded(self._script, 1, number, position)
                sound = sounds.event(noise.kind, random)
            start = self._line.cursor + _to_samples(noise.at_s)
            self._line.clips.append(Clip(start, sound, noise.level_db, noise.kind))
            span = Span(start, start + len(sound))
            self._line.noises.append(PlacedNoise(noise.kind, span, noise.level_db))


def seeded(script: Script, *path: int) -> Generator:
    """A random generator of its own for each part, so that one part does not shift another."""
    return np.random.default_rng([script.lesson.seed, *path])
