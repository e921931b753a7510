"""Rules and trained network together: the rules name the form, the sum of both is the probability.

Where the rules recognised something that only looks like a question, or asks without the form of
one, they keep the last word: the network learnt from question marks, which tell neither a request
from a question nor an order to explain from any other order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

from device.detect.lexicon import dutch, english
from device.detect.questions.network import (
    BELOW_CUE,
    QuestionNetwork,
    RuleFeatures,
    WordClasses,
)
from device.detect.questions.scoring import QUESTION_THRESHOLD, QuestionScore, QuestionScorer
from lesson.events import ARMING_FORMS, Focus, QuestionForm

WEIGHTS = Path(__file__).resolve().parents[2] / "data" / "questions"
#: the rules are never surer than this in the sum
SUREST = 0.97
#: the trained part contradicts a keyword only from this logit beyond its limits on
KEYWORD_MARGIN = 1.0
#: a verb form that is nothing else counts so much more than other rules
SURE_ORDER_SHARE = 2.0
#: below this a clause is no question of either kind
DOUBTFUL = 0.1
#: the order of a statement or of a subordinate clause
QUIET = frozenset({"subordinate", "statement_order"})
#: the rules' last word, by reason
KEPT = frozenset(
    {
        "no_content",
        "exclamation",
        "rhetorical",
        "fixed_phrase",
        "sure_tag",
        "quoted",
        "do_you_follow",
        "procedural",
        "hortative",
        "request",
        "conditional",
        "elicit",
        "completion",
        "free_relative",
        "indirect",
        "declarative",
        "choice_alone",
        "in_situ",
        "after_condition",
        "who_else",
    }
)


def weights_path(language: str) -> Path:
    """Where the weights of a language lie, whether or not there are any."""
    return WEIGHTS / f"{language}.npz"


def rule_logit(verdict: QuestionScore, cue: bool = False) -> float:
    """The rules' probability on the scale on which it is summed with the network's answer.

    As a ``cue`` it is the least for a form that starts no timer.
    """
    said = 0.0 if cue and verdict.form not in ARMING_FORMS else verdict.probability
    probability = min(SUREST, max(1.0 - SUREST, said))
    return math.log(probability / (1.0 - probability))


def share_of(verdict: QuestionScore, share: float) -> float:
    """How much the rules count beside the network, of which ``share`` is the usual."""
    return share * (SURE_ORDER_SHARE if "inverted" in verdict.reasons else 1.0)


def _summed(network: float, rules: float, share: float) -> float:
    return (network + share * rules) / (1.0 + share)


@cache
def _load(path: Path) -> QuestionNetwork:
    return QuestionNetwork.load(path)


class TrainedQuestions:
    """A ``QuestionScorer``; ``rules`` are those of the same language."""

    def __init__(self, language: str, rules: QuestionScorer, weights: Path | None = None) -> None:
        """Load the weights.

        Raises:
            QuestionWeightsError: they are missing or damaged.
        """
        self._rules = rules
        self._network = _load(weights or weights_path(language))
        self._lexicon: ModuleType = english if language == "en" else dutch
        self._features = RuleFeatures(rules, self._network.reasons, self._lexicon)
        self._share = float(self._network.arrays["rule_share"][0])
        self._check_below, self._open_above = map(float, self._network.arrays["focus_limits"])
        # «Okay» alone ends in a question mark often enough, and asks nothing.
        self._contentless: frozenset[str] = (
            self._lexicon.OPENERS
            | self._lexicon.FILLERS
            | self._lexicon.FEEDBACK_OPENERS
            | self._lexicon.THANKS
        )
        self._classes = WordClasses(self._lexicon)

    def score(self, words: Sequence[str]) -> QuestionScore:
        verdict = self._rules.score(words)
        if set(words) <= self._contentless or KEPT & set(verdict.reasons):
            return replace(verdict, focus=self._focus(words, verdict))
        question, cue = self._network.logits(
            words, self._classes, self._features.of(words, verdict)
        )
        share = share_of(verdict, self._share)
        probability = self._network.probability(
            _summed(question, rule_logit(verdict), share),
            _summed(cue, rule_logit(verdict, cue=True), share),
        )
        if QUIET & set(verdict.reasons):
            # Counted when the words say so, but no cue against the word order.
            probability = min(probability, BELOW_CUE)
        form, reasons = verdict.form, verdict.reasons
        if (probability >= QUESTION_THRESHOLD) != verdict.is_question:
            reasons = (*reasons, "trained")
            if "statement_order" in verdict.reasons:
                form = self._form(words)
        score = replace(verdict, probability=probability, form=form, reasons=reasons)
        return replace(score, focus=self._focus(words, score))

    def _form(self, words: Sequence[str]) -> QuestionForm:
        """The form of a question that the rules did not see."""
        if {"waarom", "hoe", "hoezo", "why", "how"} & set(words):
            return QuestionForm.OPEN
        if self._lexicon.QUESTION_WORDS & set(words):
            return QuestionForm.CHECK
        if self._lexicon.FINITE_VERBS & set(words[:2]):
            return QuestionForm.YESNO
        return QuestionForm.DECLARATIVE

    def _focus(self, words: Sequence[str], score: QuestionScore) -> Focus | None:
        """Open or check, only when sure."""
        if score.form in (QuestionForm.META, QuestionForm.PROCEDURAL, QuestionForm.TAG):
            return Focus.CHECK
        if score.probability < DOUBTFUL:
            return None
        keyword = {Focus.OPEN: 1.0, Focus.CHECK: -1.0, None: 0.0}[score.focus]
        logit = self._network.focus_logit(words, keyword)
        margin = 0.0 if score.focus is None else KEYWORD_MARGIN
        if logit > self._open_above + margin:
            return Focus.OPEN
        return Focus.CHECK if logit < self._check_below - margin else score.focus
