"""Sentences as teachers say them, made from patterns: the look-alikes that written text lacks.

A question mark tells neither a request from a question nor an order to explain from any other
order. The patterns in ``patterns/nl.txt`` and ``patterns/en.txt`` label by function (definition
B1); how to write them is said at their top.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.questions.corpus import Sentence, bucket_of, plain_words

PATTERNS = Path(__file__).parent / "patterns"
SOURCE = "patterns"
_CHOICE = re.compile(r"\(([^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a pattern file with the labels of its section."""

    text: str
    question: bool
    arm: bool
    focus: str


@dataclass(frozen=True, slots=True)
class Patterns:
    """A file of patterns: ``fillers`` by slot."""

    patterns: Sequence[Pattern]
    fillers: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, language: str) -> Patterns:
        """The patterns of a language.

        Raises:
            ValueError: a line stands before its section, or a slot has no fillers.
        """
        fillers: dict[str, list[str]] = {}
        patterns: list[Pattern] = []
        labels: list[str] = []
        for line in (PATTERNS / f"{language}.txt").read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            if line.startswith("= "):
                name, _, values = line[2:].partition(":")
                fillers[name] = [value.strip() for value in values.split(";")]
            elif line.startswith("["):
                labels = line.strip("[]").split()
            elif labels:
                patterns.append(
                    Pattern(line, labels[0] == "question", labels[1] == "arm", labels[2])
                )
            else:
                raise ValueError(f"{line!r} stands before the first section")
        missing = {slot for p in patterns for slot in _SLOT.findall(p.text)} - set(fillers)
        if missing:
            raise ValueError(f"slots without fillers: {', '.join(sorted(missing))}")
        return cls(patterns, fillers)

    def fill(self, pattern: Pattern, generator: np.random.Generator) -> tuple[str, ...]:
        """One sentence of a pattern."""

        def one(values: Sequence[str]) -> str:
            return values[int(generator.integers(len(values)))]

        text = pattern.text
        while "(" in text:
            text = _CHOICE.sub(lambda found: one(found[1].split("|")), text)
        return plain_words(_SLOT.sub(lambda found: one(self.fillers[found[1]]), text))

    def sentences(
        self,
        each: int,
        generator: np.random.Generator,
        left_out: frozenset[tuple[str, ...]],
        buckets: range,
    ) -> Iterator[tuple[Sentence, Pattern]]:
        """``each`` sentences a pattern, as many as are different and no test material.

        Whole patterns are held out by a hash of their text, so that figures are of new ones.
        """
        for pattern in self.patterns:
            if bucket_of(pattern.text) not in buckets:
                continue
            seen = {self.fill(pattern, generator) for _ in range(each)} - left_out
            for words in sorted(seen):
                yield Sentence(words, pattern.question, SOURCE, pattern.arm), pattern
