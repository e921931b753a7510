"""A small trained network beside the question rules: words and the rules' verdict in, logit out.

Every word is a row of a table: its own, or for a word outside the vocabulary one chosen by its
last letters. Where it stands, from the front and from the end, is added to it. Neighbouring words
are joined by a convolution; its strongest and its mean answer, together with what the rules said,
decide twice: is it a question, and does it start the think timer? Weights are kept as 8-bit
numbers with one factor per row.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt

from device.detect.questions.scoring import (
    CUE_THRESHOLD,
    QUESTION_THRESHOLD,
    QuestionScore,
    QuestionScorer,
)
from device.errors import DenkpauzeError

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

#: rows for words outside the vocabulary, chosen by their ending
SUFFIX_ROWS = 512
SUFFIX_LETTERS = 3
#: places told apart at the front and at the end; everything between is alike
FRONT_PLACES = 6
END_PLACES = 4
#: rows for word classes: the lexicon's own, three endings, and all other words
CLASS_LISTS = (
    "QUESTION_WORDS",
    "SUBJECT_PRONOUNS",
    "FINITE_VERBS",
    "PREPOSITIONS",
    "SUBJECTS",
    "OPENERS",
)
CLASS_ENDINGS = ("en", "t", "s")
CLASS_ROWS = len(CLASS_LISTS) + len(CLASS_ENDINGS) + 1
#: words of a clause that are looked at, from its end: a question stands last
LONGEST_CLAUSE = 40
#: a later part that the rules are asked about begins no earlier, and so many are tried
LONGEST_LATER = 20
MOST_LATER = 3
#: a question that must not start the light
BELOW_CUE = CUE_THRESHOLD - 0.01
#: rows for pairs of neighbouring words, of the open-or-check part
PAIR_ROWS = 4096


class QuestionWeightsError(DenkpauzeError):
    """The file with the trained weights cannot be used."""


def _row_of(text: str, rows: int) -> int:
    return zlib.crc32(text.encode()) % rows


class Vocabulary:
    """Words to rows of the table, the rows for endings behind those of the words."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._rows = {word: row for row, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def row(self, word: str) -> int:
        known = self._rows.get(word)
        return self.ending_row(word) if known is None else known

    def ending_row(self, word: str) -> int:
        return len(self.words) + _row_of(word[-SUFFIX_LETTERS:], SUFFIX_ROWS)

    def focus_rows(self, words: Sequence[str]) -> list[int]:
        """Rows of the open-or-check part: each word once, each pair of neighbours, the opening."""
        first = len(self.words) + SUFFIX_ROWS
        pairs = {f"{a} {b}" for a, b in pairwise(words)}
        pairs.add("^ " + " ".join(words[:1]))
        pairs.add("^^ " + " ".join(words[:2]))
        return sorted({self.row(word) for word in words}) + sorted(
            {first + _row_of(pair, PAIR_ROWS) for pair in pairs}
        )


class WordClasses:
    """The class of a word by a language's lexicon, or by its ending."""

    def __init__(self, lexicon: ModuleType) -> None:
        self._rows: dict[str, int] = {}
        for row, name in enumerate(CLASS_LISTS):
            for word in getattr(lexicon, name):
                self._rows.setdefault(word, row)

    @property
    def words(self) -> frozenset[str]:
        """All words of the lists."""
        return frozenset(self._rows)

    def row(self, word: str) -> int:
        if word in self._rows:
            return self._rows[word]
        for place, ending in enumerate(CLASS_ENDINGS):
            if word.endswith(ending):
                return len(CLASS_LISTS) + place
        return CLASS_ROWS - 1


class RuleFeatures:
    """What the rules say of a clause, of it without its first word, and of its likeliest end.

    A later part may begin at a question word, or at a verb with its subject behind it.
    """

    def __init__(self, rules: QuestionScorer, reasons: Sequence[str], lexicon: ModuleType) -> None:
        self._rules = rules
        self.reasons = tuple(reasons)
        self._places = {reason: place for place, reason in enumerate(self.reasons)}
        self._question_words: frozenset[str] = lexicon.QUESTION_WORDS
        self._verbs: frozenset[str] = lexicon.FINITE_VERBS
        self._subjects: frozenset[str] = lexicon.SUBJECTS

    @property
    def size(self) -> int:
        return 3 * (len(self.reasons) + 1) + 2

    def of(self, words: Sequence[str], verdict: QuestionScore) -> Floats:
        """float32 of shape (size,)."""
        features = np.zeros(self.size, np.float32)
        part = len(self.reasons) + 1
        shorter = self._rules.score(words[1:]) if len(words) > 2 else verdict
        for start, score in enumerate((verdict, shorter, self._later(words))):
            if score is None:
                continue
            for reason in score.reasons:
                if reason in self._places:
                    features[start * part + self._places[reason]] = 1.0
            features[(start + 1) * part - 1] = score.probability * 2.0 - 1.0
        features[-2] = verdict.finished
        features[-1] = min(len(words), 20) / 10.0
        return features

    def _later(self, words: Sequence[str]) -> QuestionScore | None:
        """The rules' verdict on the later part that looks most like a question."""
        best: QuestionScore | None = None
        starts = [
            place
            for place in range(max(2, len(words) - LONGEST_LATER), len(words) - 1)
            if words[place] in self._question_words
            or (words[place] in self._verbs and words[place + 1] in self._subjects)
        ]
        for start in starts[-MOST_LATER:]:
            score = self._rules.score(words[start:])
            if best is None or score.probability > best.probability:
                best = score
        return best


def quantised(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """int8 rows and the factor of each row, shape (rows, 1)."""
    factors = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-8) / 127.0
    return np.round(weights / factors).astype(np.int8), factors.astype(np.float32)


#: the two-dimensional arrays that are kept as int8
MATRICES = ("table", "classes", "front", "end", "convolution", "hidden", "output", "focus")


@dataclass(frozen=True)
class QuestionNetwork:
    """The weights, ready to compute with.

    Attributes:
        table: (vocabulary + SUFFIX_ROWS, size) one row per word.
        classes: (CLASS_ROWS, size) one row per word class.
        front, end: (FRONT_PLACES, size) and (END_PLACES, size).
        convolution: (3 * size, channels), with ``convolution_bias``.
        hidden: (2 * channels + rule features, units), with ``hidden_bias``.
        output: (units + rule features, 2), with ``output_bias``: question and light. The rules
            count directly too.
        focus: (vocabulary + SUFFIX_ROWS + PAIR_ROWS + rule words, 1) of the open-or-check part.
        knots: (2, n) logits of a question and the probabilities they mean, both rising.
        cue_knots: the same for the light, from ``CUE_THRESHOLD`` on.
        focus_limits: logits below which a question is a check and above which it is open.
    """

    vocabulary: Vocabulary
    reasons: tuple[str, ...]
    arrays: Mapping[str, Floats]

    @classmethod
    def load(cls, path: Path) -> QuestionNetwork:
        """Read a weights file.

        Raises:
            QuestionWeightsError: it is missing or not of this format.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                stored = {name: file[name] for name in file.files}
            words = bytes(stored.pop("vocabulary")).decode().split("\n")
            reasons = bytes(stored.pop("reasons")).decode().split("\n")
            arrays = {
                name: stored[name].astype(np.float32)
                * (stored[f"{name}_factors"] if name in MATRICES else np.float32(1.0))
                for name in stored
                if not name.endswith("_factors")
            }
            missing = [name for name in MATRICES if name not in arrays]
        except (OSError, KeyError, ValueError) as error:
            raise QuestionWeightsError(
                f"Question weights {path} cannot be read ({error}): install Denkpauze again."
            ) from error
        if missing:
            raise QuestionWeightsError(
                f"Question weights {path} lack {', '.join(missing)}: install Denkpauze again."
            )
        return cls(Vocabulary(words), tuple(reasons), arrays)

    def save(self, path: Path) -> None:
        """Write the weights file; what is loaded again differs by rounding only."""
        stored: dict[str, npt.NDArray[np.generic]] = {
            "vocabulary": np.frombuffer("\n".join(self.vocabulary.words).encode(), np.uint8),
            "reasons": np.frombuffer("\n".join(self.reasons).encode(), np.uint8),
        }
        for name, array in self.arrays.items():
            if name in MATRICES:
                stored[name], stored[f"{name}_factors"] = quantised(array)
            else:
                stored[name] = array
        np.savez_compressed(path, **stored)  # type: ignore[arg-type]

    def logits(
        self, words: Sequence[str], classes: WordClasses, rules: Floats
    ) -> tuple[float, float]:
        """How much the clause looks like a question, and like one that starts the timer."""
        arrays = self.arrays
        seen = list(words[-LONGEST_CLAUSE:])
        count = len(seen)
        size = arrays["table"].shape[1]
        padded = np.zeros((count + 2, size), np.float32)
        places = np.arange(count)
        padded[1:-1] = arrays["table"][[self.vocabulary.row(word) for word in seen]]
        padded[1:-1] += arrays["classes"][[classes.row(word) for word in seen]]
        padded[1:-1] += arrays["front"][np.minimum(places, FRONT_PLACES - 1)]
        padded[1:-1] += arrays["end"][np.minimum(places[::-1], END_PLACES - 1)]
        joined = np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)
        answers = np.maximum(joined @ arrays["convolution"] + arrays["convolution_bias"], 0.0)
        pooled = np.concatenate([answers.max(axis=0), answers.mean(axis=0), rules])
        units = np.maximum(pooled @ arrays["hidden"] + arrays["hidden_bias"], 0.0)
        last = np.concatenate([units, rules]) @ arrays["output"] + arrays["output_bias"]
        return float(last[0]), float(last[1])

    def probability(self, question: float, cue: float) -> float:
        """Both logits on the one scale of ``QUESTION_THRESHOLD`` and ``CUE_THRESHOLD``."""
        logits, probabilities = self.arrays["knots"]
        asked = float(np.interp(question, logits, probabilities))
        if asked < QUESTION_THRESHOLD:
            return asked
        logits, probabilities = self.arrays["cue_knots"]
        if cue < logits[0]:
            return min(asked, BELOW_CUE)
        return max(float(np.interp(cue, logits, probabilities)), CUE_THRESHOLD)

    def focus_logit(self, words: Sequence[str], keyword: float) -> float:
        """Positive is open; ``keyword`` is the rules' answer: 1 open, -1 check, 0 unsure."""
        weights = self.arrays["focus"][:, 0]
        rows = self.vocabulary.focus_rows(words)
        weight = weights[rows].sum() / np.sqrt(len(rows))
        return float(weight + keyword * weights[-2] + weights[-1])
