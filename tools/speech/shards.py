"""Files of features with their sounds in time: what synthesis writes and training reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.speech.espeak import Segment
from tools.speech.features import COEFFICIENTS, Features


@dataclass(frozen=True)
class Utterance:
    """Features of one utterance, its words, and its sounds in seconds from the first sample.

    ``aligned``: a network found these times; otherwise the synthesiser told them.
    """

    features: Features
    text: str
    segments: tuple[Segment, ...]
    aligned: bool = False


def write_shard(file: Path, utterances: list[Utterance]) -> None:
    """Write utterances as one compact file (features in half precision)."""
    labels = [
        json.dumps(
            [
                item.text,
                item.aligned,
                [
                    [part.word, part.sound, round(part.start_s, 4), round(part.end_s, 4)]
                    for part in item.segments
                ],
            ]
        )
        for item in utterances
    ]
    features = [item.features for item in utterances] or [np.zeros((0, COEFFICIENTS), np.float32)]
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part.npz")
    np.savez(
        part,
        features=np.concatenate(features).astype(np.float16),
        lengths=np.array([len(item.features) for item in utterances], np.int64),
        labels=np.array(labels),
    )
    part.rename(file)


def read_shards(folder: Path) -> list[Utterance]:
    """All utterances of a folder, in the order of the files' names."""
    utterances = []
    for file in sorted(folder.glob("shard_*.npz")):
        if file.name.endswith(".part.npz"):
            continue
        with np.load(file) as content:
            features, lengths, labels = (
                content[name] for name in ("features", "lengths", "labels")
            )
        start = 0
        for length, label in zip(lengths, labels, strict=True):
            text, aligned, rows = json.loads(str(label))
            parts = tuple(Segment(*row) for row in rows)
            utterances.append(Utterance(features[start : start + length], text, parts, aligned))
            start += length
    return utterances
