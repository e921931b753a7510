"""The trained scorer that is shipped: its size, its work per clause, and who has the last word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from device.detect.dutch_questions import DutchQuestions
from device.detect.question_network import (
    QuestionNetwork,
    QuestionWeightsError,
    RuleFeatures,
    Vocabulary,
)
from device.detect.questions import CUE_THRESHOLD, QUESTION_THRESHOLD, text_scorer
from device.detect.trained_questions import TrainedQuestions, weights_path

pytestmark = pytest.mark.unit

LANGUAGES = ("nl", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weights_are_there_and_small(language: str) -> None:
    assert weights_path(language).stat().st_size <= 500_000
    assert isinstance(text_scorer(language), TrainedQuestions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clause_of_ten_words_costs_few_multiplications(language: str) -> None:
    arrays = QuestionNetwork.load(weights_path(language)).arrays
    per_word = arrays["convolution"].size

    assert 10 * per_word + arrays["hidden"].size + arrays["output"].size < 100_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_probabilities_rise_with_the_logit_and_meet_both_thresholds(language: str) -> None:
    network = QuestionNetwork.load(weights_path(language))
    logits, probabilities = network.arrays["knots"]

    assert np.all(np.diff(logits) > 0)
    assert np.all(np.diff(probabilities) > 0)
    assert QUESTION_THRESHOLD == pytest.approx(network.probability(float(logits[1])))
    assert CUE_THRESHOLD == pytest.approx(network.probability(float(logits[2])))


def test_the_same_words_give_the_same_score() -> None:
    words = ["waarom", "smelt", "ijs", "in", "water"]

    assert text_scorer("nl").score(words) == text_scorer("nl").score(words)


def test_a_question_with_its_first_word_misheard_is_found_again() -> None:
    words = ["so", "how", "many", "groups", "of", "eighteen", "are", "in", "twenty", "two"]
    misheard = ["sow", *words[1:]]

    assert text_scorer("en").score(words).is_question
    assert text_scorer("en").score(misheard).is_question


LOOK_ALIKES = (
    "kun je even de deur dichtdoen",
    "zullen we beginnen",
    "is het antwoord negatief dan klopt het niet",
    "wat een mooi werkstuk",
    "en toen vroeg hij waar is mijn fiets",
    "wat we straks gaan doen is een proef",
    "pak je boek en ga zitten",
    "ik leg zo uit hoe dat werkt",
    "wie had dat gedacht",
    "begrijpt iedereen dit",
)


@pytest.mark.parametrize("line", LOOK_ALIKES)
def test_a_look_alike_starts_no_light(line: str) -> None:
    score = text_scorer("nl").score(line.split())

    assert not (score.arms and score.probability >= CUE_THRESHOLD)


@pytest.mark.parametrize("line", ["noem eens drie oorzaken", "kun je even de deur dichtdoen"])
def test_the_rules_keep_the_last_word_on_orders_and_requests(line: str) -> None:
    words = line.split()
    expected, actual = DutchQuestions().score(words), text_scorer("nl").score(words)

    assert (expected.probability, expected.form) == (actual.probability, actual.form)


def test_no_words_are_no_question() -> None:
    assert 0.0 == text_scorer("nl").score([]).probability


def test_a_damaged_file_is_told_in_one_line(tmp_path: Path) -> None:
    damaged = tmp_path / "nl.npz"
    damaged.write_bytes(b"no weights")

    with pytest.raises(QuestionWeightsError, match="install Denkpauze again"):
        TrainedQuestions("nl", DutchQuestions(), damaged)


def test_an_unknown_word_is_known_by_its_ending() -> None:
    vocabulary = Vocabulary(["wat", "is"])

    assert 0 == vocabulary.row("wat")
    assert vocabulary.row("breukstreping") == vocabulary.row("zagenping")
    assert vocabulary.row("breuk") >= len(vocabulary)


def test_an_unknown_reason_is_no_feature() -> None:
    rules = DutchQuestions()
    words = ["waarom", "smelt", "ijs"]

    features = RuleFeatures(rules, ["tag"]).of(words, rules.score(words))

    assert 0.0 == features[0]
