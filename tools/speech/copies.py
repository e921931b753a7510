"""Each recording in many rooms and by many altered speakers, written by several processes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from tools.speech.augmentation import SAMPLE_RATE, Augmenter, Samples
from tools.speech.espeak import SILENCE, Segment
from tools.speech.features import mfcc
from tools.speech.readers import Reading
from tools.speech.shards import Utterance, write_shard
from tools.speech.speakers import drawn, spoken_by

SPEEDS = (0.78, 1.25)  # factors on the duration
WORST_SHARE = 0.03  # of the clips: misread or badly aligned
SHARD_READINGS = 500
BACKGROUND_CLIPS = 40


def write_copies(
    readings: list[Reading],
    folder: Path,
    copies: int,
    seed: int,
    formants: tuple[float, float],
    processes: int,
) -> Iterator[tuple[int, int, int]]:
    """Write ``copies`` of every reading, whatever the processes the same.

    The badly aligned ones are left out. ``formants`` bounds the speakers; the first copy of a clip
    keeps its own. Yields (shards done, shards, frames of this one).
    """
    worst = np.quantile([item.score for item in readings], WORST_SHARE)
    kept = [item for item in readings if item.score > worst]
    background = [item.samples for item in kept[:BACKGROUND_CLIPS]]
    parts = [kept[first : first + SHARD_READINGS] for first in range(0, len(kept), SHARD_READINGS)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        jobs = [
            pool.submit(_write_copy, part, background, folder, copy, number, seed, formants)
            for copy in range(copies)
            for number, part in enumerate(parts)
        ]
        for done, job in enumerate(jobs, start=1):
            yield done, len(jobs), job.result()


def _write_copy(
    readings: list[Reading],
    background: list[Samples],
    folder: Path,
    copy: int,
    number: int,
    seed: int,
    formants: tuple[float, float],
) -> int:
    draw = random.Random(f"{seed} {copy} {number}")
    augmenter = Augmenter(np.random.default_rng([seed, 77, copy, number]))
    for samples in background:
        augmenter.remember(samples)
    utterances = [_altered(item, draw, augmenter, formants, copy) for item in readings]
    write_shard(folder / f"shard_{copy:03d}_{number:03d}.npz", utterances)
    return sum(len(item.features) for item in utterances)


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
