"""Words and voice are believed as far as they can be trusted."""

from __future__ import annotations

import pytest

from device.detect.questions.scoring import CUE_THRESHOLD, QuestionScore
from device.detect.questions.weighing import clarity, cue_probability, weighed
from device.detect.words import Word
from lesson.events import QuestionForm

pytestmark = pytest.mark.unit

ASKS, STATES = 3.0, -3.0
VERB_FIRST = QuestionScore(0.88, QuestionForm.YESNO, reasons=("verb_first",))
QUESTION_WORD = QuestionScore(0.92, QuestionForm.CHECK, reasons=("question_word_first",))
STATEMENT = QuestionScore(0.1, QuestionForm.CHECK, reasons=("statement_order",))


def said(*confidences: float) -> list[Word]:
    return [Word("woord", 0, 100, confidence) for confidence in confidences]


def test_clarity_is_that_of_the_words_that_make_the_order() -> None:
    assert pytest.approx(0.8) == clarity(said(1.0, 0.8, 0.6, 0.0))
    assert pytest.approx(0.6) == clarity(said(1.0, 0.8, 0.6, 0.0), whole=True)
    assert 0.0 == clarity([])


@pytest.mark.parametrize("voice", [ASKS, STATES, None])
@pytest.mark.parametrize("score", [VERB_FIRST, QUESTION_WORD, STATEMENT])
def test_clear_words_decide_alone(score: QuestionScore, voice: float | None) -> None:
    assert pytest.approx(score.probability) == weighed(score, 1.0, voice).probability


def test_where_words_are_unclear_a_voice_that_asks_makes_a_question_in_statement_order() -> None:
    risen = weighed(STATEMENT, 0.6, ASKS)
    assert (True, QuestionForm.DECLARATIVE) == (risen.is_question, risen.form)
    assert "voice_asks" in risen.reasons
    assert not weighed(STATEMENT, 0.6, STATES).is_question


def test_where_words_are_unclear_a_voice_that_states_takes_a_verb_in_front_back() -> None:
    fallen = weighed(VERB_FIRST, 0.5, STATES)
    assert not fallen.is_question
    assert "voice_states" in fallen.reasons


def test_a_question_word_needs_no_melody() -> None:
    assert weighed(QUESTION_WORD, 0.6, STATES).is_question


def test_words_without_content_are_left_alone() -> None:
    empty = QuestionScore(0.0, reasons=("no_content",))
    assert empty == weighed(empty, 0.3, ASKS)


def test_the_light_needs_clearer_words_than_the_figures() -> None:
    assert weighed(VERB_FIRST, 0.6, 0.0).is_question
    assert cue_probability(VERB_FIRST, 0.4, 0.0) < CUE_THRESHOLD
    assert cue_probability(VERB_FIRST, 1.0, STATES) > CUE_THRESHOLD


def test_no_light_on_the_strength_of_the_voice_alone() -> None:
    assert 0.0 == cue_probability(STATEMENT, 0.5, ASKS)


def test_a_verb_in_front_that_may_be_misheard_needs_a_voice_that_does_not_state() -> None:
    assert cue_probability(VERB_FIRST, 0.85, STATES) < CUE_THRESHOLD
    assert cue_probability(VERB_FIRST, 0.85, ASKS) > CUE_THRESHOLD
    assert cue_probability(QUESTION_WORD, 0.85, STATES) > CUE_THRESHOLD
