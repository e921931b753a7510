"""Minutes of an imaginary lesson in which it is known who speaks in every frame."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE
from tools.demo_lesson.sounds import MAKERS, band, event, room_response, through_room, ventilation
from tools.demo_lesson.voice import Sound
from tools.voices.speakers import Speakers

NOBODY, ONE, MANY = 0, 1, 2
SCENE_S = 45.0
_FULL_SCALE = 32768.0


@dataclass
class _Stage:
    """A scene in the making; levels are relative to the teacher's."""

    random: Generator
    speakers: Speakers
    sound: Sound = field(default_factory=lambda: np.zeros(int(SCENE_S * SAMPLE_RATE)))
    at: int = SAMPLE_RATE
    said: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        reverberation_s = self.random.uniform(0.35, 0.9)
        self.rooms = [
            room_response(self.random, reverberation_s, self.random.uniform(-5, 4))
            for _ in range(6)
        ]

    def far(self, sound: Sound) -> Sound:
        heard = through_room(sound, self.rooms[self.random.integers(len(self.rooms))])
        return band(heard, 110, self.random.uniform(4000, 7500))

    def put(self, sound: Sound, level_db: float, at: int) -> None:
        end = max(at, min(len(self.sound), at + len(sound)))
        self.sound[at:end] += sound[: end - at] * 10 ** (level_db / 20)

    def one(self, teacher: bool) -> None:
        random = self.random
        voice = self.speakers.utterance(random, (-2.0, 2.0) if teacher else (0.0, 6.0))
        if teacher and random.random() < 0.15:
            pool = self.speakers.hesitations
            voice = pool[random.integers(len(pool))]
        level_db = random.uniform(-2, 2) if teacher else random.uniform(-21, -6)
        self.put(voice if teacher else self.far(voice), level_db, self.at)
        self.said.append((self.at, self.at + len(voice), ONE))
        self.at += len(voice)

    def many(self) -> None:
        """A choir: the same words, not quite together, by voices of different size."""
        random = self.random
        word = self.speakers.utterance(random, (0.0, 2.0))[: int(1.2 * SAMPLE_RATE)]
        count, level_db = int(random.integers(5, 16)), random.uniform(-16, -5)
        first, end = self.at + len(word), self.at
        for _ in range(count):
            start = self.at + int(abs(random.normal(0, 0.06)) * SAMPLE_RATE)
            rate = 2 ** (random.uniform(-4, 5) / 12)
            voice = np.interp(np.arange(0, len(word) - 1, rate), np.arange(len(word)), word)
            self.put(
                self.far(voice), level_db - 10 * np.log10(count) + random.uniform(-3, 3), start
            )
            first, end = min(first, start), max(end, start + len(voice))
        self.said.append((first, end, MANY))
        self.at = end

    def disturb(self, at: int) -> int:
        """Something that is no answer; returns its end."""
        random = self.random
        if random.random() < 0.35:
            sound = self.far(self.speakers.whisper(random))
            sound, level_db = sound[: int(1.5 * SAMPLE_RATE)], random.uniform(-25, -13)
        else:
            kind = list(MAKERS)[random.integers(len(MAKERS))]
            near = kind == "rustle" or random.random() < 0.3
            sound = event(kind, random)
            sound = band(sound, 60, random.uniform(1200, 7000)) if near else self.far(sound)
            level_db = random.uniform(-18, 0) if near else random.uniform(-20, -6)
        self.put(sound, level_db, at)
        return at + len(sound)


def scene(random: Generator, speakers: Speakers, murmurs: list[Sound]) -> tuple[Sound, NDArray]:
    """Sound in 16-bit steps, and per frame ``NOBODY``, ``ONE`` or ``MANY``."""
    stage = _Stage(random, speakers)
    stage.one(teacher=True)
    while stage.at < (SCENE_S - 4) * SAMPLE_RATE:
        stage.at += int(
            random.choice([random.uniform(0.15, 1), random.uniform(1, 5)]) * SAMPLE_RATE
        )
        dice = random.random()
        if dice < 0.38:
            stage.one(teacher=True)
        elif dice < 0.72:
            stage.one(teacher=False)
        elif dice < 0.84:
            stage.many()
        else:
            stage.at = stage.disturb(stage.at)
        if random.random() < 0.15:
            stage.disturb(stage.at - int(random.uniform(0, 0.5) * SAMPLE_RATE))
    return _recorded(stage, murmurs), _who(stage)


def murmur(random: Generator, speakers: Speakers, samples: int) -> Sound:
    """The class among itself: ten or so voices far away; RMS 1."""
    total = np.zeros(samples)
    for _ in range(int(random.integers(7, 13))):
        response = room_response(random, random.uniform(0.4, 0.9), random.uniform(-6, 0))
        stream = np.zeros(samples)
        at = int(random.uniform(0, 1) * SAMPLE_RATE)
        shift = random.uniform(1, 5)
        while at < samples:
            voice = speakers.utterance(random, (shift, shift + 0.1))[: samples - at]
            stream[at : at + len(voice)] += voice
            at += len(voice) + int(random.exponential(0.6) * SAMPLE_RATE)
        total += through_room(stream, response)[:samples] * 10 ** (random.uniform(-6, 0) / 20)
    return total / float(np.sqrt((total**2).mean()))


def _recorded(stage: _Stage, murmurs: list[Sound]) -> Sound:
    """With background noise, through a microphone of some gain and bandwidth."""
    random, sound = stage.random, stage.sound
    if random.random() < 0.45:
        noise = murmurs[random.integers(len(murmurs))]
        noise = np.roll(noise, int(random.integers(len(noise))))[: len(sound)]
        sound = sound + noise * 10 ** (-random.uniform(13, 32) / 20)
    if random.random() < 0.45:
        fan = ventilation(random, len(sound))
        hiss = random.standard_normal(len(sound)) * random.uniform(0.02, 0.3)
        sound = sound + (fan + hiss) * 10 ** (-random.uniform(13, 35) / 20)
    if random.random() < 0.1:
        sound = band(sound, 250, 3600)
    level = _FULL_SCALE * 10 ** (random.uniform(-42, -18) / 20)
    sound = sound * level + random.standard_normal(len(sound)) * 10 ** (random.uniform(-5, 22) / 20)
    if random.random() < 0.2:
        time = np.arange(len(sound)) / SAMPLE_RATE
        for harmonic, share in ((1, 1.0), (2, 0.4), (3, 0.3), (5, 0.15)):
            sound += 0.08 * level * share * np.sin(2 * np.pi * 50 * harmonic * time)
    return np.clip(np.rint(sound), -32768, 32767)


def _who(stage: _Stage) -> NDArray:
    who = np.zeros(len(stage.sound) // FRAME_SAMPLES, dtype=np.int64)
    middle = np.arange(len(who)) * FRAME_SAMPLES + FRAME_SAMPLES // 2
    for first, end, label in stage.said:
        inside = (middle >= first) & (middle < end)
        who[inside] = label
    return who
