"""The voices of the training scenes: recordings of readers, espeak-ng, and what is no speech."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator

from tools.demo_lesson.script import Voice
from tools.demo_lesson.voice import (
    SAMPLE_RATE,
    Sound,
    Synthesizer,
    VoiceError,
    active_rms,
    resample,
    sounding_part,
)

_VARIANTS = (
    *(f"m{number}" for number in range(1, 9)),
    *(f"f{number}" for number in range(1, 6)),
    *("adam", "anika", "antonio", "belinda", "caleb", "linda", "steph", "victor"),
)
_WHISPERS = ("whisper", "whisperf")
_SYNTHETIC_UTTERANCES = 400
_WHISPERED_UTTERANCES = 60
_LONGEST_S = 3.0
_STFT_SAMPLES = 512


@dataclass(frozen=True)
class Speakers:
    """Sounds with an active level of 1: people, synthetic voices, whispers, hesitations."""

    people: list[Sound]
    synthetic: list[Sound]
    whispers: list[Sound]
    hesitations: list[Sound]

    def utterance(self, random: Generator, shift: tuple[float, float]) -> Sound:
        """Somebody says something, ``shift`` semitones higher, at most 3 s long."""
        pool = self.people if random.random() < 0.6 else self.synthetic
        sound = shifted(pool[random.integers(len(pool))], random.uniform(*shift))
        longest = int(random.uniform(0.3, _LONGEST_S) * SAMPLE_RATE)
        first = int(random.integers(max(1, len(sound) - longest)))
        return _edged(sound[first : first + longest])

    def whisper(self, random: Generator) -> Sound:
        """Of a synthesiser, or a recording without its pitch."""
        if random.random() < 0.5:
            return self.whispers[random.integers(len(self.whispers))]
        return without_pitch(self.utterance(random, (0.0, 4.0)), random)


def load_speakers(recordings: Path, random: Generator) -> Speakers:
    """All voices; ``recordings`` holds labels.json and FLAC files (docs/data.md)."""
    labels = json.loads((recordings / "labels.json").read_text(encoding="utf-8"))
    people = [
        _edged(soundfile.read(recordings / f"{clip}.flac", dtype="float64")[0]) for clip in labels
    ]
    texts = [label["text"] for label in labels.values()]
    with Synthesizer() as synthesizer:

        def say(variant: str, text: str) -> Sound:
            language = ("nl", "en-gb", "en-us")[random.integers(3)]
            rate, pitch = int(random.integers(130, 185)), int(random.integers(25, 95))
            voice = Voice(
                voice=f"{language}+{variant}", words_per_minute=rate, pitch=pitch, level_db=0
            )
            return synthesizer.say(voice, text)

        def some(variants: tuple[str, ...], count: int) -> list[Sound]:
            found = []
            for _ in range(count):
                text = " ".join(str(texts[random.integers(len(texts))]).split()[:8])
                try:
                    found.append(say(variants[random.integers(len(variants))], text))
                except VoiceError:
                    continue  # a text without a sound, such as a number alone
            return found

        hesitations = [say(variant, "[[@:]]") for variant in _VARIANTS]
        return Speakers(
            people,
            some(_VARIANTS, _SYNTHETIC_UTTERANCES),
            some(_WHISPERS, _WHISPERED_UTTERANCES),
            hesitations,
        )


def shifted(sound: Sound, semitones: float) -> Sound:
    """Higher and shorter, as of a smaller speaker."""
    from_hz = round(SAMPLE_RATE * 2 ** (semitones / 12) / 100) * 100
    return resample(sound, from_hz, SAMPLE_RATE) if from_hz != SAMPLE_RATE else sound


def without_pitch(sound: Sound, random: Generator) -> Sound:
    """The course of the spectrum with noise for a voice: a whisper."""
    hop = _STFT_SAMPLES // 2
    window = np.hanning(_STFT_SAMPLES)
    noise = random.standard_normal(len(sound) + _STFT_SAMPLES)
    whispered = np.zeros(len(sound) + _STFT_SAMPLES)
    padded = np.pad(sound, (0, _STFT_SAMPLES))
    smooth = np.ones(13) / 13
    for start in range(0, len(sound), hop):
        part = slice(start, start + _STFT_SAMPLES)
        size = np.convolve(np.abs(np.fft.rfft(padded[part] * window)), smooth, "same")
        bright = np.fft.rfft(noise[part] * window)
        whispered[part] += np.fft.irfft(bright * size * np.linspace(0.3, 1.0, len(size)))
    return _edged(whispered[: len(sound)])


def _edged(sound: Sound) -> Sound:
    first, end = sounding_part(sound)
    return sound[first:end] / active_rms(sound[first:end])
