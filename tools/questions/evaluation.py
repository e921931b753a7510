"""Figures of a scorer on held-out sentences: clean, with recogniser errors, and per source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from device.detect.questions import CUE_THRESHOLD, QuestionScorer
from lesson.events import Focus
from tools.questions.corpus import Sentence, frequent_words
from tools.questions.focus import FocusRow, macro_f1
from tools.questions.noise import Recogniser

ERROR_RATE = 0.15


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and F1 of ``n`` true questions among all that were found."""

    n: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f} R {self.recall:.3f} F1 {self.f1:.3f}"


def figures(truth: Sequence[bool], found: Sequence[bool]) -> Figures:
    """Counts of two lists of the same length."""
    right = sum(a and b for a, b in zip(truth, found, strict=True))
    return Figures(sum(truth), right / max(1, sum(found)), right / max(1, sum(truth)))


def report(sentences: Sequence[Sentence], scorers: dict[str, QuestionScorer]) -> Iterator[str]:
    """Lines: each source and all, clean and with errors, as a question and as a cue."""
    words = frequent_words(sentences, 8000, least=1)
    recogniser = Recogniser(words, np.random.default_rng(7))
    noisy = [recogniser.hear(sentence.words, ERROR_RATE) for sentence in sentences]
    heard = {"clean": [sentence.words for sentence in sentences], "errors": noisy}
    for condition, clauses in heard.items():
        for name, scorer in scorers.items():
            scores = [scorer.score(clause) for clause in clauses]
            for source in ("all", *sorted({sentence.source for sentence in sentences})):
                chosen = [i for i, s in enumerate(sentences) if source in ("all", s.source)]
                truth = [sentences[i].question for i in chosen]
                asked = figures(truth, [scores[i].is_question for i in chosen])
                cued = figures(truth, [scores[i].probability >= CUE_THRESHOLD for i in chosen])
                yield (
                    f"{condition:7}{name:9}{source:32} n {len(truth):6d} ({asked.n:5d})  "
                    f"question {asked}  cue P {cued.precision:.3f} R {cued.recall:.3f}"
                )


def report_lines(path: Path, language: str, scorers: dict[str, QuestionScorer]) -> Iterator[str]:
    """The hand-labelled lesson lines: what arms the light, and what should not."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["lang"] == language and row["cat"] in "QN"]
    truth = [bool(row["arm"]) for row in rows]
    for name, scorer in scorers.items():
        scores = [scorer.score(row["asr"].split()) for row in rows]
        armed = [score.arms and score.probability >= CUE_THRESHOLD for score in scores]
        alike = [a for a, row in zip(armed, rows, strict=True) if row["cat"] == "N"]
        yield (
            f"lesson lines {name:9} n {len(rows)}: arms {figures(truth, armed)}; "
            f"look-alikes that arm {sum(alike)} of {len(alike)}"
        )


def report_focus(rows: Sequence[FocusRow], scorers: dict[str, QuestionScorer]) -> Iterator[str]:
    """Open or check, on questions that a scorer takes for one, and how many it leaves undecided."""
    truth = np.array([row.open for row in rows])
    for name, scorer in scorers.items():
        given = [scorer.score(row.sentence.words).focus for row in rows]
        opened = np.array([focus is Focus.OPEN for focus in given])
        sure = np.array([focus is not None for focus in given])
        yield (
            f"open or check {name:9} n {len(rows)}: macro-F1 {macro_f1(truth, opened):.3f}, "
            f"where sure {macro_f1(truth[sure], opened[sure]):.3f} ({sure.mean():.2f} of all)"
        )
