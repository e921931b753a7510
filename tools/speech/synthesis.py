"""Training speech: many altered espeak-ng voices in many rooms, with every sound's time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from tools.speech.augmentation import SAMPLE_RATE, Augmenter, Samples, resample
from tools.speech.espeak import SILENCE, Segment, espeak, segments
from tools.speech.features import mfcc
from tools.speech.languages import LANGUAGES, Language
from tools.speech.recordings import read_samples
from tools.speech.shards import Utterance, write_shard
from tools.speech.text import Script

SHARD_UTTERANCES = 500
TALKER_CLIPS = 30


def spoken(
    script: Script, language: Language, voice: str, draw: random.Random, *, altered: bool
) -> tuple[Samples, list[Segment]] | None:
    """Clean speech at 16 kHz between silences, with its sounds; None when times are unknown.

    ``altered`` also shifts pitch, formants and speed, which makes one variant into many speakers.
    """
    speech = espeak().speak(
        script.spoken, voice, draw.randint(115, 215), draw.randint(20, 85), draw.randint(20, 80)
    )
    parts = segments(script.spoken, speech, language.tail_words)
    if parts is None or speech.duration_s < 0.15:
        return None
    stretch = draw.uniform(0.82, 1.2) if altered and draw.random() < 0.65 else 1.0
    samples = resample(speech.samples, SAMPLE_RATE / speech.sample_rate * stretch)
    before_s, after_s = draw.uniform(0.1, 0.6), draw.uniform(0.08, 0.6)
    moved = [
        Segment(
            part.word,
            part.sound,
            part.start_s * stretch + before_s,
            part.end_s * stretch + before_s,
        )
        for part in parts
    ]
    end_s = before_s + len(samples) / SAMPLE_RATE
    around = [
        Segment(None, SILENCE, 0.0, before_s),
        *moved,
        Segment(None, SILENCE, end_s, end_s + after_s),
    ]
    padded = np.concatenate(
        [
            np.zeros(int(before_s * SAMPLE_RATE), np.float32),
            samples,
            np.zeros(int(after_s * SAMPLE_RATE), np.float32),
        ]
    )
    return padded, around


def voice_of(language: Language, draw: random.Random) -> str:
    """A voice that may be trained on."""
    variant = draw.choice(language.training_variants)
    base = draw.choice(language.base_voices)
    return f"{base}+{variant}" if variant else base


def talkers(clips: Path, rng: np.random.Generator) -> tuple[Samples, ...]:
    """A few clips of the readers, whole classes of whom murmur in the background."""
    files = sorted(clips.glob("*/*.flac"))
    chosen = rng.permutation(len(files))[:TALKER_CLIPS]
    return tuple(read_samples(files[index]) for index in chosen)


def synthesise_shard(
    code: str, scripts: list[str], seed: int, number: int, folder: Path, clips: Path
) -> int:
    """Write shard ``number``; in a fresh process the same arguments give the same file.

    ``clips`` holds a folder of recordings per reader. Returns the shard's frames.
    """
    language = LANGUAGES[code]
    draw = random.Random(seed * 100_003 + number)
    rng = np.random.default_rng([seed, number])
    augmenter = Augmenter(rng, talkers(clips, rng))
    utterances = []
    for line in scripts:
        script = Script(line)
        made = spoken(script, language, voice_of(language, draw), draw, altered=True)
        if made is None:
            continue
        samples, parts = made
        augmenter.remember(samples)
        utterances.append(Utterance(mfcc(augmenter.apply(samples)), script.text, tuple(parts)))
    write_shard(folder / f"shard_{number:03d}.npz", utterances)
    return sum(len(item.features) for item in utterances)


def synthesise(
    language: Language,
    scripts: list[Script],
    seed: int,
    folder: Path,
    clips: Path,
    processes: int,
) -> Iterator[tuple[int, int]]:
    """Make all shards that are not there yet; yields (scripts done, frames) after each."""
    lines = [script.spoken for script in scripts]
    chunks = [
        lines[start : start + SHARD_UTTERANCES] for start in range(0, len(lines), SHARD_UTTERANCES)
    ]
    # espeak-ng carries a trace of what it spoke before: a fresh process for every shard makes the
    # result independent of how the shards fall to the processes.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        jobs = [
            (
                chunk,
                pool.submit(synthesise_shard, language.code, chunk, seed, number, folder, clips),
            )
            for number, chunk in enumerate(chunks)
            if not (folder / f"shard_{number:03d}.npz").exists()
        ]
        for chunk, job in jobs:
            yield len(chunk), job.result()
