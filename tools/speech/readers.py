"""A person's recordings of known sentences: aligned by the network, multiplied, written."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tools.speech.alignment import align
from tools.speech.augmentation import SAMPLE_RATE, Augmenter, Samples
from tools.speech.espeak import SILENCE, Segment, espeak, is_pause
from tools.speech.features import mfcc
from tools.speech.labels import seconds_of
from tools.speech.languages import Language
from tools.speech.recordings import read_samples
from tools.speech.shards import Utterance, write_shard
from tools.speech.speakers import drawn, spoken_by
from tools.speech.text import normal

if TYPE_CHECKING:  # evaluation uses this module without torch
    from tools.speech.network import AcousticModel

PADDING_S = 0.3
SPEEDS = (0.78, 1.25)  # factors on the duration
WORST_SHARE = 0.03  # of the clips: misread or badly aligned


@dataclass(frozen=True)
class Place:
    """One sound that a sentence may have; an optional one may be left out by the reader."""

    sound: str
    word: int | None
    optional: bool


@dataclass(frozen=True)
class Reading:
    """One clip with its words and sounds in time; ``score`` is the mean per step."""

    samples: Samples
    text: str
    segments: tuple[Segment, ...]
    score: float


def expected_places(text: str, language: Language, voice: str) -> list[Place]:
    """The sounds that espeak-ng would make, with pauses possible between all words."""
    places = [Place(SILENCE, None, True)]
    word = -1
    for event in espeak().speak(text, voice, 150).events:
        if event.text_position is not None:
            word += 1
            _swallow(places, language)
            if places[-1].sound != SILENCE:
                places.append(Place(SILENCE, None, True))
        elif event.sound and not is_pause(event.sound):
            if event.sound in language.dropped_sounds or event.sound == "!":
                continue
            places.append(Place(language.sound(event.sound), word, False))
    _swallow(places, language)
    if places[-1].sound != SILENCE:
        places.append(Place(SILENCE, None, True))
    return places


def _swallow(places: list[Place], language: Language) -> None:
    """People drop some endings which espeak-ng always speaks (lope(n)): make them optional."""
    if len(places) < 3 or places[-2].word is None or places[-2].word != places[-1].word:
        return
    if (places[-2].sound, places[-1].sound) in language.swallowed_endings:
        places[-1] = Place(places[-1].sound, places[-1].word, True)


class Aligner:
    """Finds the sounds of a known text in a recording, with a trained network."""

    def __init__(self, language: Language, model: AcousticModel) -> None:
        """``model`` must know most sounds of the language; others are left out."""
        self._language, self._model = language, model
        self._units = {unit: number for number, unit in enumerate(model.units)}
        self._log_prior = np.log(model.prior / model.prior.sum()).astype(np.float32)

    def reading(self, samples: Samples, text: str) -> Reading:
        """The sounds of the accent in which they fit best."""
        features = mfcc(samples)
        scores = self._model.log_posteriors(features) - np.float32(0.5) * self._log_prior
        found = [
            self._fitted(scores, text, voice, len(samples) / SAMPLE_RATE)
            for voice in self._language.reader_voices
        ]
        parts, score = max(found, key=lambda item: item[1])
        return Reading(samples, normal(text), tuple(parts), score)

    def _fitted(
        self, scores: NDArray[np.float32], text: str, voice: str, duration_s: float
    ) -> tuple[list[Segment], float]:
        places = [
            place
            for place in expected_places(text, self._language, voice)
            if place.sound in self._units
        ]
        columns = scores[:, [self._units[place.sound] for place in places]]
        skip = np.array([place.optional for place in places])
        path = align([columns], [skip])[0]
        return _segments(path.places, places, duration_s), path.score


def read_clips(
    language: Language, data: Path, aligner: Aligner, apart: set[str], rng: np.random.Generator
) -> Iterator[Reading | None]:
    """Each clip of the language's reader, aligned; None for one that is left out."""
    labels = json.loads((data / "speech" / "labels.json").read_text("utf-8"))
    for clip, label in sorted(labels.items()):
        if not clip.startswith(language.reader + "/"):
            continue
        text = re.sub(r"\s+", " ", label["text"])
        if normal(text) in apart:
            yield None
            continue
        samples = _padded(read_samples(data / "speech" / f"{clip}.flac"), rng)
        yield aligner.reading(samples, text)


def _padded(samples: Samples, rng: np.random.Generator) -> Samples:
    quiet = np.zeros(int(PADDING_S * SAMPLE_RATE), np.float32)
    sound = np.concatenate([quiet, samples, quiet])
    sound = sound + rng.normal(size=len(sound)) * 2
    return np.asarray(sound / np.abs(sound).max() * 13_000, np.float32)


def _segments(path: NDArray[np.int64], places: list[Place], duration_s: float) -> list[Segment]:
    """The path as sounds in seconds."""
    changes = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist()]
    starts = [seconds_of(step) for step in changes]
    ends = [*starts[1:], duration_s]
    return [
        Segment(places[path[step]].word, places[path[step]].sound, start, end)
        for step, start, end in zip(changes, starts, ends, strict=True)
    ]


def write_copies(
    readings: list[Reading], folder: Path, copies: int, seed: int, formants: tuple[float, float]
) -> Iterator[int]:
    """The clips in many rooms and by many altered speakers; yields each copy's frames.

    The badly aligned ones are left out. ``formants`` bounds the speakers; the first copy of a clip
    keeps its own.
    """
    worst = np.quantile([item.score for item in readings], WORST_SHARE)
    kept = [item for item in readings if item.score > worst]
    draw = random.Random(seed)
    augmenter = Augmenter(np.random.default_rng([seed, 77]))
    for item in kept[:40]:
        augmenter.remember(item.samples)
    for copy in range(copies):
        utterances = [_altered(item, draw, augmenter, formants, copy) for item in kept]
        write_shard(folder / f"shard_{copy:03d}.npz", utterances)
        yield sum(len(item.features) for item in utterances)


def _altered(
    item: Reading,
    draw: random.Random,
    augmenter: Augmenter,
    formants: tuple[float, float],
    copy: int,
) -> Utterance:
    """One copy; every third one is cut to a few words, as lessons are full of short turns."""
    first, last, parts = 0.0, len(item.samples) / SAMPLE_RATE, item.segments
    if copy % 3 == 2:
        first, last, parts = _cut(item, draw)
    samples = item.samples[int(first * SAMPLE_RATE) : int(last * SAMPLE_RATE)]
    factor = 1.0
    if copy:
        spoken = spoken_by(drawn(draw, formants, SPEEDS), samples)
        samples, factor = spoken, len(spoken) / len(samples)
    sound = mfcc(augmenter.apply(samples))
    moved = tuple(
        Segment(
            part.word,
            part.sound,
            max(0.0, part.start_s - first) * factor,
            (min(part.end_s, last) - first) * factor,
        )
        for part in parts
    )
    return Utterance(sound, item.text, moved, aligned=True)


def _cut(item: Reading, draw: random.Random) -> tuple[float, float, tuple[Segment, ...]]:
    """A stretch between two pauses of at least 0.1 s, or the whole clip when there is none."""
    pauses = [
        part for part in item.segments if part.sound == SILENCE and part.end_s - part.start_s >= 0.1
    ]
    if len(pauses) < 3:
        return 0.0, len(item.samples) / SAMPLE_RATE, item.segments
    index = draw.randrange(len(pauses) - 1)
    first = max(pauses[index].start_s, pauses[index].end_s - 0.35)
    last = min(pauses[index + 1].end_s, pauses[index + 1].start_s + 0.35)
    inside = tuple(part for part in item.segments if part.end_s > first and part.start_s < last)
    return first, last, inside
