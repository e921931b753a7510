"""From a folder of labelled text to the weights of one language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from device.detect import dutch, english
from device.detect.dutch_questions import DutchQuestions
from device.detect.english_questions import EnglishQuestions
from device.detect.question_network import QuestionNetwork, RuleFeatures, Vocabulary, WordClasses
from device.detect.questions import CUE_THRESHOLD, QUESTION_THRESHOLD, QuestionScorer
from device.detect.trained_questions import rule_logit
from tools.questions.corpus import (
    CALIBRATION_BUCKETS,
    TEST_BUCKETS,
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
    best_limit,
    features,
    held_out_logits,
    read_focus,
    train_focus,
)
from tools.questions.network import Trained
from tools.questions.noise import Recogniser

Floats = npt.NDArray[np.float32]

#: few words have a row of their own, so that what is learnt is order more than subject matter
VOCABULARY_WORDS = 2000
SIZE = 32
CHANNELS = 64
UNITS = 32
BATCH = 256
RATE = 0.002
WARM_UP_STEPS = 100
#: how loudly the rules count in the sum; by sources that were left out of the training
RULE_SHARE = 1.0
#: of words, in the noisy half of the sentences that set the thresholds
CALIBRATION_ERRORS = 0.15
CUE_PRECISION = 0.95
SURE_PRECISION = 0.98
SEED = 20


@dataclass(frozen=True, slots=True)
class Options:
    """What to train on: ``data`` is the folder of tables, ``without`` leaves sources out."""

    language: str
    data: Path
    scenes: Path | None = None
    passes: int = 8
    without: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Sentences by their use; a source that was left out is all test."""

    training: list[Sentence]
    calibration: list[Sentence]
    test: list[Sentence]


def rules_of(language: str) -> QuestionScorer:
    """The hand-written rules alone."""
    return EnglishQuestions() if language == "en" else DutchQuestions()


def classes_of(language: str) -> WordClasses:
    """Word classes by the lexicon of the rules."""
    return WordClasses(english if language == "en" else dutch)


def read_corpus(options: Options) -> Corpus:
    """The labelled sentences without any line of the test material."""
    left_out = test_material(options.data, options.scenes)
    corpus = Corpus([], [], [])
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
    return corpus


def build(options: Options, corpus: Corpus, progress: Callable[[str], None]) -> QuestionNetwork:
    """Train both parts and set the thresholds; the same data give the same weights."""
    rules = rules_of(options.language)
    classes = classes_of(options.language)
    frequent = frequent_words(corpus.training, VOCABULARY_WORDS)
    vocabulary = Vocabulary([*frequent, *sorted(classes.words - set(frequent))])
    reasons = sorted({r for s in corpus.training for r in rules.score(s.words).reasons})
    rule_features = RuleFeatures(rules, reasons)
    trained = _train(options, corpus.training, rules, rule_features, vocabulary, classes, progress)
    arrays = dict(trained.arrays)
    arrays["rule_share"] = np.array([RULE_SHARE], np.float32)
    arrays["knots"] = _knots(trained, corpus.calibration, rules, rule_features, vocabulary, classes)
    arrays["focus"], arrays["focus_limits"] = _focus(options, vocabulary, rules, progress)
    return QuestionNetwork(vocabulary, tuple(reasons), arrays)


def _train(
    options: Options,
    sentences: Sequence[Sentence],
    rules: QuestionScorer,
    rule_features: RuleFeatures,
    vocabulary: Vocabulary,
    classes: WordClasses,
    progress: Callable[[str], None],
) -> Trained:
    generator = np.random.default_rng(SEED)
    openers = sorted((english if options.language == "en" else dutch).OPENERS)
    names = [plain_words(row["name"])[0] for row in table(options.data / "nl_pupil_names.tsv")]
    recogniser = Recogniser(frequent_words(sentences, 8000), generator)
    disturber = Disturber(recogniser, openers, names, generator)
    trained = Trained.fresh(len(vocabulary), SIZE, CHANNELS, UNITS, rule_features.size, SEED)
    total = options.passes * -(-len(sentences) // BATCH)
    for number in range(options.passes):
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
    """Logits of the network alone, shape (n,)."""
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
) -> Floats:
    """Logits at the best F1 and at the precisions that a cue asks for, as probabilities."""
    recogniser = Recogniser(vocabulary.words, np.random.default_rng(SEED + 1))
    clauses = [s.words for s in sentences]
    clauses += [recogniser.hear(s.words, CALIBRATION_ERRORS) for s in sentences]
    both = [*sentences, *sentences]
    network = logits_of(trained, examples(clauses, both, rules, rule_features, vocabulary, classes))
    said = np.array([rule_logit(rules.score(clause)) for clause in clauses])
    logits = (network + RULE_SHARE * said) / (1.0 + RULE_SHARE)
    truth = np.array([sentence.question for sentence in both])
    best, cue, sure = thresholds(
        logits.astype(np.float32), truth, source_shares(both), sentence_weights(both)
    )
    low, high = min(float(logits.min()), best - 4.0), max(float(logits.max()), sure + 2.0)
    return np.array(
        [[low, best, cue, sure, high], [0.0, QUESTION_THRESHOLD, CUE_THRESHOLD, 0.85, 1.0]],
        np.float32,
    )


def thresholds(
    logits: Floats, truth: npt.NDArray[np.bool_], as_found: Floats, as_taught: Floats
) -> tuple[float, float, float]:
    """Logits of the best F1, of the cue's precision and of being sure; each above the last.

    F1 is weighed with the sources as they are (``as_found``), so that statistics hold for talk
    with few questions; precision with as many questions as a teacher asks (``as_taught``).
    """
    order = np.argsort(-logits, kind="stable")
    right = np.cumsum((truth * as_found)[order])
    f1 = 2 * right / (np.cumsum(as_found[order]) + (truth * as_found).sum())
    precision = np.cumsum((truth * as_taught)[order]) / np.cumsum(as_taught[order])
    best = int(f1.argmax())

    def at_precision(wanted: float) -> float:
        enough = np.flatnonzero(precision >= wanted)
        return float(logits[order[enough[-1]]]) if len(enough) else float(logits.max())

    limit = float(logits[order[best]])
    cue = max(at_precision(CUE_PRECISION), limit + 0.05)
    return limit, cue, max(at_precision(SURE_PRECISION), cue + 0.05)


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
    limit = best_limit(truth, held_out_logits(matrix, rows, shrink))
    progress(f"open or check: limit {limit:.2f} on {len(rows)} questions")
    limits = np.array([limit - UNSURE_LOGITS, limit + UNSURE_LOGITS], np.float32)
    return train_focus(matrix, rows, shrink), limits
