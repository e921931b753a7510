"""Open or check: a logistic regression on words and word pairs, beside the keyword rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from device.detect.questions.network import PAIR_ROWS, SUFFIX_ROWS, Vocabulary
from device.detect.questions.scoring import QuestionScorer
from lesson.events import Focus
from tools.questions.classroom import Patterns
from tools.questions.corpus import TRAINING_BUCKETS, Sentence, plain_words, table

Floats = npt.NDArray[np.float32]

STEPS = 300
RATE = 0.05
FOLDS = 5
#: what sentences of patterns count beside the labelled ones
MADE_SHARE = 0.1
#: sentences of each pattern
MADE_EACH = 8
#: questions this near the limit are left undecided
UNSURE_LOGITS = 0.1
#: pull towards no say: the English table is small
SHRINK = {"nl": 0.1, "en": 4.0}


@dataclass(frozen=True, slots=True)
class FocusRow:
    """A question and whether it is open.

    Attributes:
        sentence: the question, or the whole turn that ends in it.
        open: whether it asks for thinking.
        fold: which fifth it belongs to; a question and its turn belong to the same.
        turn: there is more than the question.
    """

    sentence: Sentence
    open: bool
    fold: int
    turn: bool = False


def read_focus(folder: Path, language: str, left_out: frozenset[tuple[str, ...]]) -> list[FocusRow]:
    """The labelled questions, then the turns that end in them; exact test lines are left out."""
    questions, turns = [], []
    name = "nl_openclosed_weak.tsv" if language == "nl" else "en_openclosed_ncte.tsv"
    for row in table(folder / name):
        words, turn = plain_words(row["text"]), plain_words(row.get("turn") or "")
        if not words or words in left_out:
            continue
        question = Sentence(words, True, row["source"])
        is_open, fold = row["oc"] == "open", question.bucket % FOLDS
        questions.append(FocusRow(question, is_open, fold))
        if turn:
            turns.append(FocusRow(replace(question, words=turn), is_open, fold, turn=True))
    return questions + turns


def made_rows(language: str, left_out: frozenset[tuple[str, ...]]) -> list[FocusRow]:
    """Questions made of patterns, which are labelled by what they ask for."""
    generator = np.random.default_rng(MADE_EACH)
    sentences = Patterns.read(language).sentences(MADE_EACH, generator, left_out, TRAINING_BUCKETS)
    return [FocusRow(s, p.focus == "open", s.bucket % FOLDS) for s, p in sentences if p.question]


def keyword_of(focus: Focus | None) -> float:
    """What the rules say, as a number."""
    return {Focus.OPEN: 1.0, Focus.CHECK: -1.0}.get(focus, 0.0) if focus else 0.0


@dataclass(frozen=True, slots=True)
class Features:
    """Which columns are set in each row, and how high; column ``size`` is none.

    Attributes:
        columns: (n, most) of ``size + 1`` columns.
        values: (n, most) float32.
        size: vocabulary + SUFFIX_ROWS + PAIR_ROWS + 2: words, pairs, the rules, and one.
    """

    columns: npt.NDArray[np.intp]
    values: Floats
    size: int

    def __add__(self, other: Features) -> Features:
        """The rows of both, one below the other."""
        most = max(self.columns.shape[1], other.columns.shape[1])

        def wide(array: npt.NDArray[np.generic], none: int) -> npt.NDArray[np.generic]:
            missing = most - array.shape[1]
            return np.pad(array, ((0, 0), (0, missing)), constant_values=none)

        columns = np.concatenate([wide(f.columns, self.size) for f in (self, other)])
        values = np.concatenate([wide(f.values, 0) for f in (self, other)])
        return Features(columns.astype(np.intp), values.astype(np.float32), self.size)

    def at(self, chosen: npt.NDArray[np.bool_]) -> Features:
        return Features(self.columns[chosen], self.values[chosen], self.size)

    def times(self, weights: Floats) -> Floats:
        """(n,) sums of the weights of each row."""
        padded = np.append(weights, np.float32(0.0))
        return np.asarray((padded[self.columns] * self.values).sum(axis=1), np.float32)

    def turned(self, errors: Floats) -> Floats:
        """(size,) sums of the errors at each column."""
        spread = (self.values * errors[:, None]).ravel()
        total = np.bincount(self.columns.ravel(), spread, self.size + 1)
        return total[:-1].astype(np.float32)


def features(rows: Sequence[FocusRow], vocabulary: Vocabulary, rules: QuestionScorer) -> Features:
    """What the open-or-check part sees of each row."""
    size = len(vocabulary) + SUFFIX_ROWS + PAIR_ROWS + 2
    found = [vocabulary.focus_rows(row.sentence.words) for row in rows]
    most = max(len(one) for one in found) + 2
    columns = np.full((len(rows), most), size, np.intp)
    values = np.zeros((len(rows), most), np.float32)
    for place, (row, one) in enumerate(zip(rows, found, strict=True)):
        columns[place, : len(one)] = one
        values[place, : len(one)] = 1.0 / np.sqrt(len(one))
        columns[place, -2:] = size - 2, size - 1
        values[place, -2:] = keyword_of(rules.score(row.sentence.words).focus), 1.0
    return Features(columns, values, size)


def train_focus(
    matrix: Features,
    rows: Sequence[FocusRow],
    shrink: float,
    made: tuple[Features, Sequence[FocusRow]] | None = None,
) -> Floats:
    """Weights of shape (features, 1); open and check count alike however many there are.

    ``made`` are sentences of patterns; all together they count ``MADE_SHARE`` of the others.
    """
    targets, shares = _balanced(rows)
    if made is not None:
        matrix = matrix + made[0]
        more, more_shares = _balanced(made[1])
        targets = np.concatenate([targets, more])
        shares = np.concatenate([shares, MADE_SHARE * more_shares])
    weights = np.zeros(matrix.size, np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        error = (1.0 / (1.0 + np.exp(-matrix.times(weights))) - targets) * shares
        gradient = matrix.turned(error) + shrink / len(rows) * weights
        first += 0.1 * (gradient - first)
        second += 0.01 * (gradient * gradient - second)
        rate = RATE * (1.0 - step / (STEPS + 1))
        weights -= (
            rate * (first / (1.0 - 0.9**step)) / (np.sqrt(second / (1.0 - 0.99**step)) + 1e-8)
        )
    return weights[:, None]


def _balanced(rows: Sequence[FocusRow]) -> tuple[Floats, Floats]:
    """Targets, and weights that give open and check half each."""
    targets = np.array([row.open for row in rows], np.float32)
    shares = np.where(targets > 0.5, 0.5 / targets.sum(), 0.5 / (1 - targets).sum())
    return targets, shares.astype(np.float32)


def _fifths(
    matrix: Features, rows: Sequence[FocusRow]
) -> Iterator[tuple[npt.NDArray[np.bool_], Features, list[FocusRow]]]:
    """Which rows a fifth has, then features and rows of the other four."""
    folds = np.array([row.fold for row in rows])
    for fold in np.unique(folds):
        inside = folds == fold
        others = [row for row, held in zip(rows, inside, strict=True) if not held]
        yield inside, matrix.at(~inside), others


def held_out_logits(
    matrix: Features,
    rows: Sequence[FocusRow],
    shrink: float,
    made: tuple[Features, Sequence[FocusRow]] | None = None,
) -> Floats:
    """Logits of each row from weights that were trained on the other fifths."""
    logits = np.zeros(len(rows), np.float32)
    for inside, seen, others in _fifths(matrix, rows):
        weights = train_focus(seen, others, shrink, made)
        logits[inside] = matrix.at(inside).times(weights[:, 0])
    return logits


def held_out_opens(
    matrix: Features,
    rows: Sequence[FocusRow],
    shrink: float,
    made: tuple[Features, Sequence[FocusRow]] | None = None,
) -> npt.NDArray[np.bool_]:
    """Which rows are taken for open, weights and limit both from the other four fifths.

    The limit of a fifth comes from questions that the weights of those four did not see either.
    """
    truth = np.array([row.open for row in rows])
    found = np.zeros(len(rows), bool)
    for inside, seen, others in _fifths(matrix, rows):
        weights = train_focus(seen, others, shrink, made)
        limit = limit_of(truth[~inside], held_out_logits(seen, others, shrink, made))
        found[inside] = matrix.at(inside).times(weights[:, 0]) > limit
    return found


def judged_apart(
    folder: Path,
    language: str,
    left_out: frozenset[tuple[str, ...]],
    vocabulary: Vocabulary,
    rules: QuestionScorer,
) -> tuple[list[FocusRow], npt.NDArray[np.bool_]]:
    """All labelled rows of a language, and which are taken for open by the other four fifths."""
    rows, made = read_focus(folder, language, left_out), made_rows(language, left_out)
    matrix, more = (features(some, vocabulary, rules) for some in (rows, made))
    return rows, held_out_opens(matrix, rows, SHRINK[language], (more, made))


def limit_of(truth: npt.NDArray[np.bool_], logits: Floats) -> float:
    """The logit above which as many questions lie as are open.

    It holds better on new questions than the limit with the best F1 of a few hundred.
    """
    return float(np.quantile(logits, 1.0 - truth.mean()))


def macro_f1(truth: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_]) -> float:
    """Mean of the F1 of open and of check."""
    scores = []
    for side in (True, False):
        right = int(((truth == side) & (found == side)).sum())
        scores.append(2 * right / max(1, int((truth == side).sum() + (found == side).sum())))
    return sum(scores) / 2
