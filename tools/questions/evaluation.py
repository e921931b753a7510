"""Figures of the scorers on held-out sentences: clean, with recogniser errors, and per source."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from device.detect.questions.scoring import QuestionScore, QuestionScorer
from lesson.events import Focus
from tools.questions.classroom import SOURCE as PATTERNS
from tools.questions.corpus import Sentence, frequent_words
from tools.questions.focus import FocusRow, macro_f1
from tools.questions.noise import Recogniser

Truths = npt.NDArray[np.bool_]

ERROR_RATE = 0.15
RESAMPLES = 1000
SEED = 7


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision and recall of ``n`` true cases, and F1 with its 95 % bootstrap interval."""

    n: int
    precision: float
    recall: float
    low: float = 0.0
    high: float = 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"{_short(self.f1)} ({_short(self.low)}–{_short(self.high)})"


def figures(truth: Sequence[bool], found: Sequence[bool]) -> Figures:
    """Counts of two lists of the same length; the interval is by sentence."""
    true, given = np.asarray(truth, bool), np.asarray(found, bool)
    low, high = _interval(true, given)
    right = int((true & given).sum())
    precision, recall = right / max(1, int(given.sum())), right / max(1, int(true.sum()))
    return Figures(int(true.sum()), precision, recall, low, high)


def _interval(truth: Truths, found: Truths) -> tuple[float, float]:
    """Only hits, misses and inventions matter, so they are drawn together."""
    if not len(truth):
        return 0.0, 0.0
    counts = [(truth & found).sum(), (truth & ~found).sum(), (~truth & found).sum()]
    shares = np.array([*counts, len(truth) - sum(counts)], float) / len(truth)
    drawn = np.random.default_rng(SEED).multinomial(len(truth), shares, RESAMPLES)
    scores = 2 * drawn[:, 0] / np.maximum(1, 2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2])
    low, high = np.quantile(scores, [0.025, 0.975])
    return float(low), float(high)


def heard(
    sentences: Sequence[Sentence], vocabulary: Sequence[str], first_word: float = 1.0
) -> list[tuple[str, ...]]:
    """The sentences with ``ERROR_RATE`` of their words wrong, always in the same way.

    First words are wrong ``first_word`` times as often.
    """
    recogniser = Recogniser(vocabulary, np.random.default_rng(SEED))
    return [recogniser.hear(sentence.words, ERROR_RATE, first_word) for sentence in sentences]


def report(sentences: Sequence[Sentence], scorers: Mapping[str, QuestionScorer]) -> Iterator[str]:
    """Rows of a table: F1 per source, of each scorer, clean and with errors."""
    noisy = heard(sentences, frequent_words(sentences, 8000, least=1))
    clauses = [[sentence.words for sentence in sentences], noisy]
    asked = [
        np.array([scorer.score(words).is_question for words in condition])
        for condition in clauses
        for scorer in scorers.values()
    ]
    truth = np.array([sentence.question for sentence in sentences])
    sources = np.array([sentence.source for sentence in sentences])
    names = sorted(set(sources) - {PATTERNS})
    groups = {"all but patterns": sources != PATTERNS, **{name: sources == name for name in names}}
    groups[f"{PATTERNS} (by function)"] = sources == PATTERNS
    for name, chosen in groups.items():
        cells = [str(figures(truth[chosen].tolist(), one[chosen].tolist())) for one in asked]
        counts = f"{int(chosen.sum()):,} ({int(truth[chosen].sum()):,})"
        yield f"| {name} | {counts} | {' | '.join(cells)} |"


def report_light(sentences: Sequence[Sentence], scorers: Mapping[str, QuestionScorer]) -> str:
    """A row: the light on held-out patterns, which are labelled by function."""
    made = [sentence for sentence in sentences if sentence.source == PATTERNS]
    truth = [bool(sentence.arm) for sentence in made]
    cells = []
    for scorer in scorers.values():
        found = figures(truth, [lights(scorer.score(sentence.words)) for sentence in made])
        cells.append(f"P {_short(found.precision)}, R {_short(found.recall)}")
    return f"| patterns | {len(made)} ({sum(truth)}) | {' | '.join(cells)} | |"


def report_lines(path: Path, language: str, scorers: Mapping[str, QuestionScorer]) -> str:
    """A row: the light on hand-labelled lesson lines, and the look-alikes that start it."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["lang"] == language and row["cat"] in ("Q", "N")]
    truth = [bool(row["arm"]) for row in rows]
    cells, alike = [], 0
    for scorer in scorers.values():
        armed = [lights(scorer.score(row["asr"].split())) for row in rows]
        found = figures(truth, armed)
        cells.append(f"P {_short(found.precision)}, R {_short(found.recall)}")
        alike = sum(lit for lit, row in zip(armed, rows, strict=True) if row["cat"] == "N")
    shaped = sum(row["cat"] == "N" for row in rows)
    return (
        f"| lesson lines | {len(rows)} ({sum(truth)}) | {' | '.join(cells)} | {alike} of {shaped} |"
    )


def report_focus(rows: Sequence[FocusRow], rules: QuestionScorer, found: Truths) -> Iterator[str]:
    """Rows: open or check by the keywords, and by weights and limit from the other four fifths."""
    turns = np.array([row.turn for row in rows])
    for name, part in (("the question", ~turns), ("the turn that ends in it", turns)):
        if not part.any():
            continue
        chosen = [row for row, inside in zip(rows, part, strict=True) if inside]
        truth = np.array([row.open for row in chosen])
        given = [rules.score(row.sentence.words).focus for row in chosen]
        keywords = np.array([focus is Focus.OPEN for focus in given])
        low, high = _macro_interval(truth, found[part])
        yield (
            f"| {name}, {len(chosen):,} ({int(truth.sum()):,} open) "
            f"| {_short(macro_f1(truth, keywords))} "
            f"| {_short(macro_f1(truth, found[part]))} ({_short(low)}–{_short(high)}) |"
        )


def _macro_interval(truth: Truths, found: Truths) -> tuple[float, float]:
    generator = np.random.default_rng(SEED)
    scores = []
    for _ in range(RESAMPLES):
        chosen = generator.integers(len(truth), size=len(truth))
        scores.append(macro_f1(truth[chosen], found[chosen]))
    low, high = np.quantile(scores, [0.025, 0.975])
    return float(low), float(high)


def milliseconds_per_word(sentences: Sequence[Sentence], scorer: QuestionScorer) -> float:
    """Processor time per word when a sentence comes in word by word and is scored at each."""
    scorer.score(("ja",))
    begun, words = time.process_time(), 0
    for sentence in sentences[:400]:
        words += len(sentence.words)
        for end in range(1, len(sentence.words) + 1):
            scorer.score(sentence.words[:end])
    return 1000 * (time.process_time() - begun) / words


def lights(score: QuestionScore) -> bool:
    """Whether the light comes for a question that starts the timer."""
    return score.arms and score.starts_light


def _short(value: float) -> str:
    return f"{value:.3f}".lstrip("0") if value < 1.0 else "1.0"
