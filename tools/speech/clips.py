"""Single utterances with their truth, to measure a model on."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.speech.augmentation import SAMPLE_RATE, Samples, add_noise, colored_noise
from tools.speech.languages import Language
from tools.speech.recordings import read_samples
from tools.speech.synthesis import spoken
from tools.speech.text import Script, words_of

CONTEXT_S = 0.3  # sound before and after an utterance, as the device cuts it
QUIET = 2.0  # standard deviation of the sound around a clip, in steps of 16 bits
ROSTER_SIZE = 25
QUESTION_KINDS = ("question", "rephrase", "question_name_last", "name_first_question")


@dataclass(frozen=True)
class Clip:
    """Samples of one utterance, its words, its bounds in seconds, and the class list."""

    samples: Samples
    words: list[str]
    roster: tuple[str, ...] = ()
    bounds_s: tuple[float, float] | None = None
    question: bool = False


def synthetic_clips(
    language: Language, texts: list[str], seed: int, snr_db: float | None, roster: tuple[str, ...]
) -> list[Clip]:
    """Sentences in the voices that were never trained on."""
    draw, rng = random.Random(seed), np.random.default_rng(seed)
    clips = []
    for text in texts:
        variant = draw.choice(language.held_out_variants)
        voice = f"{draw.choice(language.base_voices)}+{variant}"
        made = spoken(Script(text), language, voice, draw, altered=False)
        if made is None:
            continue
        sound = made[0] / np.abs(made[0]).max() * 13_000
        if snr_db is not None:
            sound = add_noise(sound, colored_noise(rng, len(sound), 0.5), snr_db)
        sound = sound + rng.normal(size=len(sound)) * QUIET
        bounds = (made[1][0].end_s, made[1][-1].start_s)  # silence lies around the words
        clips.append(Clip(sound.astype(np.float32), words_of(text), roster, bounds))
    return clips


def after_mute(clips: list[Clip], mute_s: float) -> list[Clip]:
    """The same clips, each behind so many seconds of digital zeros in the same stream."""
    zeros = np.zeros(int(mute_s * SAMPLE_RATE), np.float32)
    return [Clip(np.concatenate([zeros, clip.samples]), clip.words) for clip in clips]


def lesson_clips(folder: Path, lesson: str, names: tuple[str, ...]) -> list[Clip]:
    """The teacher's utterances of a test lesson, cut with 0.3 s before and after.

    The roster is the class of the lesson, filled up to 25 with other names.
    """
    truth = json.loads((folder / f"{lesson}.json").read_text("utf-8"))
    samples = read_samples(folder / f"{lesson}.flac")
    in_class = [name.lower() for name in truth["class_names"]]
    others = [name for name in names if name not in in_class]
    roster = tuple(in_class + others[: ROSTER_SIZE - len(in_class)])
    clips = []
    for item in truth["utterances"]:
        words = words_of(item["text"])
        if item["speaker"] != "teacher" or not words:
            continue
        first = max(0, int((item["start_s"] - CONTEXT_S) * SAMPLE_RATE))
        last = int((item["end_s"] + CONTEXT_S) * SAMPLE_RATE)
        begin_s = first / SAMPLE_RATE
        bounds = (item["start_s"] - begin_s, item["end_s"] - begin_s)
        question = item.get("kind") in QUESTION_KINDS
        clips.append(Clip(samples[first:last], words, roster, bounds, question))
    return clips


def human_clips(folder: Path, speaker: str) -> list[Clip]:
    """Single sentences of one person."""
    labels = json.loads((folder / "human_clips" / "labels.json").read_text("utf-8"))
    return [
        Clip(
            read_samples(folder / "human_clips" / item["file"]),
            words_of(item["text"]),
            bounds_s=(item["start_s"], item["end_s"]) if "start_s" in item else None,
            question=item.get("question", False),
        )
        for item in labels
        if item["speaker"] == speaker and words_of(item["text"])
    ]
