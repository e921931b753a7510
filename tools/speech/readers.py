"""Recordings of known sentences: when each sound begins, found with a trained network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tools.speech.alignment import align
from tools.speech.augmentation import SAMPLE_RATE, Samples
from tools.speech.espeak import SILENCE, Segment, espeak, is_pause
from tools.speech.features import mfcc
from tools.speech.labels import seconds_of
from tools.speech.languages import LANGUAGES, Language
from tools.speech.recordings import read_samples
from tools.speech.text import normal

if TYPE_CHECKING:  # evaluation uses this module without torch
    from tools.speech.network import AcousticModel

PADDING_S = 0.3
SLICE = 500


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


def align_all(
    code: str, model: Path, spoken: list[tuple[str, Samples]], processes: int
) -> Iterator[list[Reading]]:
    """The readings of texts with their sounds, some hundred at a time, in order."""
    slices = [spoken[first : first + SLICE] for first in range(0, len(spoken), SLICE)]
    # a fresh process for each, as espeak-ng carries a trace of what it spoke before
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        jobs = [pool.submit(_align_slice, code, model, part) for part in slices]
        for job in jobs:
            yield job.result()


def _align_slice(code: str, model: Path, spoken: list[tuple[str, Samples]]) -> list[Reading]:
    import torch

    from tools.speech.network import AcousticModel

    torch.set_num_threads(1)
    aligner = Aligner(LANGUAGES[code], AcousticModel.load(model))
    return [aligner.reading(samples, text) for text, samples in spoken]


def read_clips(
    language: Language, data: Path, apart: set[str], rng: np.random.Generator
) -> Iterator[tuple[str, Samples]]:
    """Text and sound of each clip of the language's reader whose text is not in ``apart``."""
    labels = json.loads((data / "speech" / "labels.json").read_text("utf-8"))
    for clip, label in sorted(labels.items()):
        text = re.sub(r"\s+", " ", label["text"])
        if clip.startswith(language.reader + "/") and normal(text) not in apart:
            yield text, _padded(read_samples(data / "speech" / f"{clip}.flac"), rng)


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
