"""Labelled sentences: reading, leaving out test material, holding out by a hash of the sentence."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

#: of one hundred buckets: the first ten are for reporting, the next ten for thresholds
TEST_BUCKETS = range(10)
CALIBRATION_BUCKETS = range(10, 20)
BUCKETS = 100
TRAINING_BUCKETS = range(20, BUCKETS)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One utterance as a recogniser without punctuation gives it.

    Attributes:
        words: lower case.
        question: it had a question mark, or its pattern is one of a question.
        source: where it comes from.
        arm: whether it starts the think timer; ``None`` when only the question mark is known.
    """

    words: tuple[str, ...]
    question: bool
    source: str
    arm: bool | None = None

    @property
    def bucket(self) -> int:
        return bucket_of(" ".join(self.words))


def bucket_of(text: str) -> int:
    """One of ``BUCKETS``, by a hash: the same text is always held out, or never."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % BUCKETS


def plain_words(text: str) -> tuple[str, ...]:
    """Lower case, no punctuation, apostrophes inside words kept."""
    kept = re.sub(r"[^\w' ]+", " ", text.lower().replace("\u2019", "'"))
    return tuple(word for word in (piece.strip("'") for piece in kept.split()) if word)


def table(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a tab-separated file with a header, plain or gzipped."""
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    lines = text.decode("utf-8").split("\n")
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_sentences(path: Path, left_out: frozenset[tuple[str, ...]]) -> list[Sentence]:
    """The sentences of a table with ``text``, ``label`` and ``source``."""
    sentences = []
    for row in table(path):
        words = plain_words(row["text"])
        if words and words not in left_out:
            sentences.append(Sentence(words, row["label"] == "1", row["source"]))
    return sentences


def test_material(text: Path, scenes: Path | None) -> frozenset[tuple[str, ...]]:
    """Every line that is used for testing: lesson scripts, single recordings, hand-labelled lines.

    ``text`` holds ``utterances_dev.jsonl``; ``scenes`` the test lessons, when they are at hand.
    """
    found: set[tuple[str, ...]] = set()
    lines = text / "utterances_dev.jsonl"
    if lines.is_file():
        for line in lines.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.update(plain_words(row[key]) for key in ("text", "asr") if row.get(key))
    if scenes is not None:
        for path in sorted(scenes.rglob("*.json")):
            found.update(plain_words(value) for value in _texts(json.loads(path.read_bytes())))
        for path in sorted(scenes.rglob("scripts/*.txt")):
            for line in path.read_text(encoding="utf-8").splitlines():
                found.update(plain_words(part) for part in (line, line.split("|")[-1]))
    return frozenset(found)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def frequent_words(sentences: Iterable[Sentence], most: int, least: int = 3) -> list[str]:
    """The words of the training sentences, the most frequent first, ties by the alphabet."""
    counts = Counter(word for sentence in sentences for word in sentence.words)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, count in ordered if count >= least][:most]
