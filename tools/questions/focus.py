"""Open or check: a logistic regression on words and word pairs, beside the keyword rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from device.detect.question_network import PAIR_ROWS, SUFFIX_ROWS, Vocabulary
from device.detect.questions import QuestionScorer
from lesson.events import Focus
from tools.questions.corpus import Sentence, plain_words, table

Floats = npt.NDArray[np.float32]

STEPS = 300
RATE = 0.05
FOLDS = 5
#: questions this near the limit are left undecided
UNSURE_LOGITS = 0.15
#: pull towards no say: the English table is small
SHRINK = {"nl": 0.1, "en": 1.0}


@dataclass(frozen=True, slots=True)
class FocusRow:
    """A question and whether it is open."""

    sentence: Sentence
    open: bool


def read_focus(folder: Path, language: str, left_out: frozenset[tuple[str, ...]]) -> list[FocusRow]:
    """The labelled questions of a language; exact test lines are left out."""
    rows = []
    name = "nl_openclosed_weak.tsv" if language == "nl" else "en_openclosed_ncte.tsv"
    for row in table(folder / name):
        words = plain_words(row["text"])
        rows.append(FocusRow(Sentence(words, True, row["source"]), row["oc"] == "open"))
    return [row for row in rows if row.sentence.words and row.sentence.words not in left_out]


def keyword_of(focus: Focus | None) -> float:
    """What the rules say, as a number."""
    return {Focus.OPEN: 1.0, Focus.CHECK: -1.0}.get(focus, 0.0) if focus else 0.0


def features(rows: Sequence[FocusRow], vocabulary: Vocabulary, rules: QuestionScorer) -> Floats:
    """(n, vocabulary + SUFFIX_ROWS + PAIR_ROWS + 2): words and pairs, the rules, and one."""
    words = len(vocabulary) + SUFFIX_ROWS + PAIR_ROWS
    matrix = np.zeros((len(rows), words + 2), np.float32)
    for place, row in enumerate(rows):
        found = vocabulary.focus_rows(row.sentence.words)
        matrix[place, found] = 1.0 / np.sqrt(len(found))
        matrix[place, -2] = keyword_of(rules.score(row.sentence.words).focus)
        matrix[place, -1] = 1.0
    return matrix


def train_focus(matrix: Floats, rows: Sequence[FocusRow], shrink: float) -> Floats:
    """Weights of shape (features, 1); open and check count alike however many there are."""
    targets = np.array([row.open for row in rows], np.float32)
    shares = np.where(targets > 0.5, 0.5 / targets.sum(), 0.5 / (1 - targets).sum())
    weights = np.zeros(matrix.shape[1], np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        error = (1.0 / (1.0 + np.exp(-matrix @ weights)) - targets) * shares
        gradient = matrix.T @ error + shrink / len(rows) * weights
        first += 0.1 * (gradient - first)
        second += 0.01 * (gradient * gradient - second)
        rate = RATE * (1.0 - step / (STEPS + 1))
        weights -= (
            rate * (first / (1.0 - 0.9**step)) / (np.sqrt(second / (1.0 - 0.99**step)) + 1e-8)
        )
    return weights[:, None]


def held_out_logits(matrix: Floats, rows: Sequence[FocusRow], shrink: float) -> Floats:
    """Logits of each row from weights that were trained on the other four fifths."""
    folds = np.array([row.sentence.bucket % FOLDS for row in rows])
    logits = np.zeros(len(rows), np.float32)
    for fold in range(FOLDS):
        inside = folds == fold
        others = [row for row, held in zip(rows, inside, strict=True) if not held]
        if inside.any():
            weights = train_focus(matrix[~inside], others, shrink)
            logits[inside] = (matrix[inside] @ weights)[:, 0]
    return logits


def best_limit(truth: npt.NDArray[np.bool_], logits: Floats) -> float:
    """The logit between check and open with the best macro-F1."""
    limits = np.linspace(-1.0, 1.5, 51)
    return float(max(limits, key=lambda limit: macro_f1(truth, logits > limit)))


def macro_f1(truth: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_]) -> float:
    """Mean of the F1 of open and of check."""
    scores = []
    for side in (True, False):
        right = int(((truth == side) & (found == side)).sum())
        scores.append(2 * right / max(1, int((truth == side).sum() + (found == side).sum())))
    return sum(scores) / 2
