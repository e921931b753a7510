"""The trained scorer that is shipped: its size, its work per clause, and who has the last word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from device.detect.lexicon import dutch
from device.detect.questions.dutch import DutchQuestions
from device.detect.questions.network import (
    QuestionNetwork,
    QuestionWeightsError,
    RuleFeatures,
    Vocabulary,
)
from device.detect.questions.scoring import (
    CUE_THRESHOLD,
    QUESTION_THRESHOLD,
    RunningQuestion,
    question_scorer,
)
from device.detect.questions.trained import TrainedQuestions, weights_path

pytestmark = pytest.mark.unit

LANGUAGES = ("nl", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weights_are_there_and_small(language: str) -> None:
    assert weights_path(language).stat().st_size <= 500_000
    assert isinstance(question_scorer(language), TrainedQuestions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clause_of_ten_words_costs_few_multiplications(language: str) -> None:
    arrays = QuestionNetwork.load(weights_path(language)).arrays
    per_word = arrays["convolution"].size

    assert 10 * per_word + arrays["hidden"].size + arrays["output"].size < 250_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_probabilities_rise_with_the_logit_and_meet_both_thresholds(language: str) -> None:
    network = QuestionNetwork.load(weights_path(language))
    asked, cued = network.arrays["knots"], network.arrays["cue_knots"]
    counted, lit = float(asked[0, 1]), float(cued[0, 0])

    for knots in (asked, cued):
        assert np.all(np.diff(knots, axis=1) > 0)
    assert QUESTION_THRESHOLD == pytest.approx(network.probability(counted, -9.0))
    assert CUE_THRESHOLD == pytest.approx(network.probability(counted, lit))
    assert network.probability(counted + 9.0, lit - 0.1) < CUE_THRESHOLD
    assert network.probability(counted - 0.1, lit + 9.0) < QUESTION_THRESHOLD


def test_the_same_words_give_the_same_score() -> None:
    words = ["waarom", "smelt", "ijs", "in", "water"]

    assert question_scorer("nl").score(words) == question_scorer("nl").score(words)


def test_a_question_with_its_first_word_misheard_is_found_again() -> None:
    words = ["so", "how", "many", "groups", "of", "eighteen", "are", "in", "twenty", "two"]
    misheard = ["sow", *words[1:]]

    assert question_scorer("en").score(words).is_question
    assert question_scorer("en").score(misheard).is_question


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
    score = question_scorer("nl").score(line.split())

    assert not score.starts_light


@pytest.mark.parametrize("line", ["noem eens drie oorzaken", "kun je even de deur dichtdoen"])
def test_the_rules_keep_the_last_word_on_orders_and_requests(line: str) -> None:
    words = line.split()
    expected, actual = DutchQuestions().score(words), question_scorer("nl").score(words)

    assert (expected.probability, expected.form) == (actual.probability, actual.form)


def test_no_words_are_no_question() -> None:
    assert 0.0 == question_scorer("nl").score([]).probability


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

    features = RuleFeatures(rules, ["tag"], dutch).of(words, rules.score(words))

    assert 0.0 == features[0]


def test_a_question_behind_another_clause_is_seen_by_its_own_start() -> None:
    rules = DutchQuestions()
    words = ["je", "ziet", "hier", "de", "kaart", "van", "europa", "waar", "ligt", "nu", "spanje"]
    features = RuleFeatures(rules, ["question_word_first"], dutch)

    later = features.of(words, rules.score(words))[4:6]

    assert [1.0, True] == [later[0], bool(later[1] > 0.5)]


CLAUSE = ["kun", "je", "uitleggen", "waarom", "ijs", "op", "water", "drijft"]


@pytest.mark.parametrize("sizes", [[1] * 8, [8], [3, 5], [2, 2, 4], [7, 1]])
def test_the_score_does_not_depend_on_how_many_words_came_at_once(sizes: list[int]) -> None:
    scorer = question_scorer("nl")
    running = RunningQuestion(scorer)
    start = 0
    for size in sizes:
        score = running.hear(CLAUSE[start : start + size])
        start += size

    assert scorer.score(CLAUSE) == score == running.hear(())


@pytest.mark.parametrize(
    ("language", "clause"),
    [("nl", "waarom smelt het ijs aan de polen"), ("en", "why does the ice melt at the poles")],
)
def test_a_question_is_known_from_its_first_words_on(language: str, clause: str) -> None:
    running = RunningQuestion(question_scorer(language))

    assert not running.score.is_question
    scores = [running.hear([word]) for word in clause.split()]

    assert all(score.is_question for score in scores[2:])
