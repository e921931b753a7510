"""Sentences as the network sees them, each time differently disturbed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from device.detect.questions.network import LONGEST_CLAUSE, RuleFeatures, Vocabulary, WordClasses
from device.detect.questions.scoring import QuestionScorer
from lesson.events import ARMING_FORMS
from tools.questions.corpus import Sentence
from tools.questions.network import Examples, Floats
from tools.questions.noise import Recogniser

#: how often a sentence is shown as it is, and how wrong the others are heard
UNTOUCHED = 0.4
ERROR_RATES = (0.05, 0.3)
OPENED = 0.10
NAMED = 0.06
CUT = 0.06
#: in training a first word is hit this much more often than others
FIRST_WORD = 1.5
FIRST_LOST = 0.02
#: known words shown by their ending only, and clauses shown without the rules' verdict
WORD_DROPOUT = 0.2
RULE_DROPOUT = 0.05
#: a question mark behind these is no question to the class
QUIET = frozenset({"request", "hortative", "conditional", "exclamation", "fixed_phrase", "quoted"})
#: a small source may count this much more per sentence than the largest
MOST_WEIGHT = 6.0
#: the share of questions among a teacher's stretches of speech; the sources have far fewer
QUESTION_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Disturber:
    """Makes one disturbed copy of a sentence per call."""

    recogniser: Recogniser
    openers: Sequence[str]
    names: Sequence[str]
    generator: np.random.Generator

    def disturb(self, words: Sequence[str]) -> tuple[str, ...]:
        draw = self.generator.random
        changed = list(words)
        if draw() < CUT and len(changed) > 5:
            changed = changed[: int(self.generator.integers(len(changed) // 2 + 1, len(changed)))]
        if draw() < FIRST_LOST and len(changed) > 3:
            changed = changed[1:]
        if draw() < OPENED:
            changed.insert(0, self._one(self.openers))
        if draw() < NAMED:
            changed.insert(0 if draw() < 0.5 else len(changed), self._one(self.names))
        if draw() >= UNTOUCHED:
            changed = list(
                self.recogniser.hear(changed, self.generator.uniform(*ERROR_RATES), FIRST_WORD)
            )
        return tuple(changed)

    def _one(self, words: Sequence[str]) -> str:
        return words[int(self.generator.integers(len(words)))]


def source_weights(sentences: Sequence[Sentence]) -> dict[str, float]:
    """The square root of how much larger the largest source is, at most ``MOST_WEIGHT``."""
    counts = Counter(sentence.source for sentence in sentences)
    largest = max(counts.values())
    return {name: min(MOST_WEIGHT, (largest / n) ** 0.5) for name, n in counts.items()}


def source_shares(sentences: Sequence[Sentence]) -> Floats:
    """The weight of each sentence's source, shape (n,)."""
    by_source = source_weights(sentences)
    return np.array([by_source[sentence.source] for sentence in sentences], np.float32)


def sentence_weights(sentences: Sequence[Sentence]) -> Floats:
    """Weights by source, raised for questions to ``QUESTION_SHARE``; shape (n,)."""
    weights = source_shares(sentences)
    asked = np.array([sentence.question for sentence in sentences])
    wanted = QUESTION_SHARE / (1.0 - QUESTION_SHARE) * weights[~asked].sum()
    weights[asked] *= max(1.0, wanted / max(weights[asked].sum(), 1e-6))
    return weights


def examples(
    clauses: Sequence[Sequence[str]],
    sentences: Sequence[Sentence],
    rules: QuestionScorer,
    features: RuleFeatures,
    vocabulary: Vocabulary,
    classes: WordClasses,
    generator: np.random.Generator | None = None,
) -> Examples:
    """``clauses`` as heard, with the labels of ``sentences``; with a generator for dropout."""
    rows = np.full((len(clauses), LONGEST_CLAUSE), -1, np.int32)
    kinds = np.full_like(rows, -1)
    lengths = np.zeros(len(clauses), np.int32)
    verdicts = np.zeros((len(clauses), features.size), np.float32)
    for place, clause in enumerate(clauses):
        seen = clause[-LONGEST_CLAUSE:]
        lengths[place] = len(seen)
        rows[place, : len(seen)] = [vocabulary.row(word) for word in seen]
        kinds[place, : len(seen)] = [classes.row(word) for word in seen]
        if generator is not None:
            for word in np.flatnonzero(generator.random(len(seen)) < WORD_DROPOUT):
                rows[place, word] = vocabulary.ending_row(seen[word])
        if generator is None or generator.random() >= RULE_DROPOUT:
            verdicts[place] = features.of(clause, rules.score(clause))
    targets = [(sentence.question, starts_timer(sentence, rules)) for sentence in sentences]
    return Examples(
        rows,
        kinds,
        lengths,
        verdicts,
        np.array(targets, np.float32),
        sentence_weights(sentences),
    )


def starts_timer(sentence: Sentence, rules: QuestionScorer) -> bool:
    """The label of the light; where only the question mark is known, the rules' form decides."""
    if sentence.arm is not None:
        return sentence.arm
    if not sentence.question:
        return False
    verdict = rules.score(sentence.words)
    return verdict.form in ARMING_FORMS and not QUIET & set(verdict.reasons)
