"""From a folder of labelled text to the weights of one language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt

from device.detect.lexicon import dutch, english
from device.detect.questions.dutch import DutchQuestions
from device.detect.questions.english import EnglishQuestions
from device.detect.questions.network import (
    BELOW_CUE,
    QuestionNetwork,
    RuleFeatures,
    Vocabulary,
    WordClasses,
)
from device.detect.questions.scoring import CUE_THRESHOLD, QUESTION_THRESHOLD, QuestionScorer
from device.detect.questions.trained import KEPT, QUIET, rule_logit, share_of
from tools.questions.classroom import SOURCE as PATTERNS_SOURCE
from tools.questions.classroom import Patterns
from tools.questions.corpus import (
    CALIBRATION_BUCKETS,
    TEST_BUCKETS,
    TRAINING_BUCKETS,
    Sentence,
    frequent_words,
    plain_words,
    read_sentences,
    table,
    test_material,
)
from tools.questions.examples import Disturber, Examples, examples, sentence_weights, source_shares
from tools.questions.focus import (
    SHRINK,
    UNSURE_LOGITS,
    features,
    held_out_logits,
    limit_of,
    made_rows,
    read_focus,
    train_focus,
)
from tools.questions.network import Trained
from tools.questions.noise import Recogniser

Floats = npt.NDArray[np.float32]

#: few words have a row of their own, so that what is learnt is order more than subject matter
VOCABULARY_WORDS = 4000
SIZE = 48
CHANNELS = 128
UNITS = 48
BATCH = 256
RATE = 0.002
WARM_UP_STEPS = 100
#: how loudly the rules count in the sum
RULE_SHARE = 0.25
#: of words, in the noisy half of the sentences that set the thresholds
CALIBRATION_ERRORS = 0.15
#: on text, where question marks are left out and put in by habit; of lines labelled by function
#: for the light it is higher
CUE_PRECISION = 0.94
#: a cue asks for more than being counted does
CUE_MARGIN = 0.25
SURE_PRECISION = 0.98
SEED = 20
#: sentences made of each pattern: afresh in every pass, and for thresholds and figures
EACH_PASS = 12
EACH_HELD_OUT = 10


@dataclass(frozen=True, slots=True)
class Options:
    """What to train on: ``data`` is the folder of tables, ``without`` leaves sources out."""

    language: str
    data: Path
    scenes: Path | None = None
    passes: int = 6
    without: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Sentences by their use; a source that was left out is all test."""

    training: list[Sentence]
    calibration: list[Sentence]
    test: list[Sentence]
    patterns: Patterns
    left_out: frozenset[tuple[str, ...]]

    def made(self, buckets: range, each: int, seed: int) -> list[Sentence]:
        """Sentences of the patterns in some of the hundred buckets."""
        generator = np.random.default_rng(seed)
        return [s for s, _ in self.patterns.sentences(each, generator, self.left_out, buckets)]


def rules_of(language: str) -> QuestionScorer:
    """The hand-written rules alone."""
    return EnglishQuestions() if language == "en" else DutchQuestions()


def classes_of(language: str) -> WordClasses:
    """Word classes by the lexicon of the rules."""
    return WordClasses(lexicon_of(language))


def read_corpus(options: Options) -> Corpus:
    """The labelled sentences without any line of the test material."""
    left_out = test_material(options.data, options.scenes)
    corpus = Corpus([], [], [], Patterns.read(options.language), left_out)
    path = options.data / f"{options.language}_question.tsv.gz"
    for sentence in read_sentences(path, left_out):
        if sentence.bucket in TEST_BUCKETS or (
            options.without and sentence.source.startswith(options.without)
        ):
            corpus.test.append(sentence)
        elif sentence.bucket in CALIBRATION_BUCKETS:
            corpus.calibration.append(sentence)
        else:
            corpus.training.append(sentence)
    corpus.test.extend(corpus.made(TEST_BUCKETS, EACH_HELD_OUT, SEED))
    corpus.calibration.extend(corpus.made(CALIBRATION_BUCKETS, EACH_HELD_OUT, SEED))
    return corpus


def lexicon_of(language: str) -> ModuleType:
    """Word classes of the rules."""
    return english if language == "en" else dutch


def build(options: Options, corpus: Corpus, progress: Callable[[str], None]) -> QuestionNetwork:
    """Train both parts and set the thresholds; the same data give the same weights."""
    rules = rules_of(options.language)
    classes = classes_of(options.language)
    frequent = frequent_words(corpus.training, VOCABULARY_WORDS)
    vocabulary = Vocabulary([*frequent, *sorted(classes.words - set(frequent))])
    reasons = sorted({r for s in corpus.training for r in rules.score(s.words).reasons})
    rule_features = RuleFeatures(rules, reasons, lexicon_of(options.language))
    trained = _train(options, corpus, rules, rule_features, vocabulary, classes, progress)
    arrays = dict(trained.arrays)
    arrays["rule_share"] = np.array([RULE_SHARE], np.float32)
    arrays["knots"], arrays["cue_knots"] = _knots(
        trained, corpus.calibration, rules, rule_features, vocabulary, classes
    )
    arrays["focus"], arrays["focus_limits"] = _focus(options, vocabulary, rules, progress)
    return QuestionNetwork(vocabulary, tuple(reasons), arrays)


def _train(
    options: Options,
    corpus: Corpus,
    rules: QuestionScorer,
    rule_features: RuleFeatures,
    vocabulary: Vocabulary,
    classes: WordClasses,
    progress: Callable[[str], None],
) -> Trained:
    generator = np.random.default_rng(SEED)
    openers = sorted(lexicon_of(options.language).OPENERS)
    names = [plain_words(row["name"])[0] for row in table(options.data / "nl_pupil_names.tsv")]
    recogniser = Recogniser(frequent_words(corpus.training, 8000), generator)
    disturber = Disturber(recogniser, openers, names, generator)
    trained = Trained.fresh(len(vocabulary), SIZE, CHANNELS, UNITS, rule_features.size, SEED)
    shown_least = len(corpus.training) + len(corpus.patterns.patterns) * EACH_PASS
    total = options.passes * -(-shown_least // BATCH)
    for number in range(options.passes):
        made = corpus.made(TRAINING_BUCKETS, EACH_PASS, SEED + 1 + number)
        sentences = [*corpus.training, *made]
        clauses = [disturber.disturb(sentence.words) for sentence in sentences]
        shown = examples(clauses, sentences, rules, rule_features, vocabulary, classes, generator)
        losses = []
        for batch in shown.batches(BATCH, generator):
            rising = min(1.0, (trained.step + 1) / WARM_UP_STEPS)
            rate = RATE * max(0.02, rising * (1.0 - trained.step / total))
            losses.append(trained.learn(batch, rate))
        progress(f"pass {number + 1} of {options.passes}: loss {np.mean(losses):.4f}")
    return trained


def logits_of(trained: Trained, shown: Examples) -> Floats:
    """Logits of the network alone, shape (n, 2)."""
    places = np.arange(len(shown.lengths))
    pieces = [trained.logits(shown.at(places[i : i + 500])) for i in range(0, len(places), 500)]
    return np.concatenate(pieces)


def _knots(
    trained: Trained,
    sentences: Sequence[Sentence],
    rules: QuestionScorer,
    rule_features: RuleFeatures,
    vocabulary: Vocabulary,
    classes: WordClasses,
) -> tuple[Floats, Floats]:
    """Logits at the best F1 and at the precisions that a cue asks for, as probabilities."""
    recogniser = Recogniser(vocabulary.words, np.random.default_rng(SEED + 1))
    clauses = [s.words for s in sentences]
    clauses += [recogniser.hear(s.words, CALIBRATION_ERRORS) for s in sentences]
    both = [*sentences, *sentences]
    shown = examples(clauses, both, rules, rule_features, vocabulary, classes)
    verdicts = [rules.score(clause) for clause in clauses]
    said = np.array([(rule_logit(v), rule_logit(v, cue=True)) for v in verdicts])
    share = np.array([[share_of(verdict, RULE_SHARE)] for verdict in verdicts])
    logits = ((logits_of(trained, shown) + share * said) / (1.0 + share)).astype(np.float32)
    truth = shown.targets > 0.5
    # Patterns are made by hand: a sentence of theirs counts as one of the largest source.
    made = np.array([sentence.source == PATTERNS_SOURCE for sentence in both])
    weights = np.where(made, np.float32(1.0), source_shares(both))
    best = best_f1(logits[:, 0], truth[:, 0], weights)
    # The cue's precision is that of clean sentences on which the sum decides.
    decides = np.array([not (KEPT | QUIET) & set(verdict.reasons) for verdict in verdicts])
    decides &= (np.arange(len(both)) < len(sentences)) & (logits[:, 0] >= best)
    cue, sure = precisions(logits[:, 1], truth[:, 1], sentence_weights(both), decides)
    cue = max(cue, best + CUE_MARGIN)
    sure = max(sure, cue + 0.05)
    low, high = min(float(logits[:, 0].min()), best - 4.0), max(float(logits.max()), sure + 2.0)
    asked = [[low, best, best + 2.0], [0.0, QUESTION_THRESHOLD, BELOW_CUE]]
    cued = [[cue, sure, high], [CUE_THRESHOLD, 0.85, 1.0]]
    return np.array(asked, np.float32), np.array(cued, np.float32)


def best_f1(logits: Floats, truth: npt.NDArray[np.bool_], weights: Floats) -> float:
    """The logit of the best F1.

    Weighed with the sources as they are, so that statistics hold for talk with few questions.
    """
    order = np.argsort(-logits, kind="stable")
    right = np.cumsum((truth * weights)[order])
    f1 = 2 * right / (np.cumsum(weights[order]) + (truth * weights).sum())
    return float(logits[order[int(f1.argmax())]])


def precisions(
    logits: Floats,
    truth: npt.NDArray[np.bool_],
    weights: Floats,
    counted: npt.NDArray[np.bool_],
) -> tuple[float, float]:
    """Logits of the cue's precision and of being sure, among what was ``counted``.

    Weighed with as many questions as a teacher asks.
    """
    order = np.flatnonzero(counted)[np.argsort(-logits[counted], kind="stable")]
    precision = np.cumsum((truth * weights)[order]) / np.cumsum(weights[order])

    def at_precision(wanted: float) -> float:
        enough = np.flatnonzero(precision >= wanted)
        return float(logits[order[enough[-1]]]) if len(enough) else float(logits.max())

    return at_precision(CUE_PRECISION), at_precision(SURE_PRECISION)


def _focus(
    options: Options,
    vocabulary: Vocabulary,
    rules: QuestionScorer,
    progress: Callable[[str], None],
) -> tuple[Floats, Floats]:
    left_out = test_material(options.data, options.scenes)
    rows = read_focus(options.data, options.language, left_out)
    matrix = features(rows, vocabulary, rules)
    truth = np.array([row.open for row in rows])
    shrink = SHRINK[options.language]
    more = made_rows(options.language, left_out)
    made = features(more, vocabulary, rules), more
    limit = limit_of(truth, held_out_logits(matrix, rows, shrink, made))
    progress(f"open or check: limit {limit:.2f} on {len(rows)} rows")
    limits = np.array([limit - UNSURE_LOGITS, limit + UNSURE_LOGITS], np.float32)
    return train_focus(matrix, rows, shrink, made), limits
