"""What the voice adds to the words."""

from __future__ import annotations

import pytest
from questions_by_form import score

from device.detect.questions.scoring import QuestionScore, question_scorer, unheard, with_voice
from lesson.events import QuestionForm

pytestmark = pytest.mark.unit

UNSURE = QuestionScore(0.3, QuestionForm.DECLARATIVE)


def test_a_marked_rise_makes_an_undecided_clause_a_question() -> None:
    risen = with_voice(UNSURE, 5.0)
    assert (True, QuestionForm.DECLARATIVE) == (risen.is_question, risen.form)
    assert "final_rise" in risen.reasons


@pytest.mark.parametrize("rise", [None, -3.0, 0.0, 1.0])
def test_without_a_marked_rise_the_words_stand(rise: float | None) -> None:
    assert UNSURE == with_voice(UNSURE, rise)


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.7, 0.95])
@pytest.mark.parametrize("rise", [-6.0, 6.0])
def test_words_that_have_decided_are_not_overruled(probability: float, rise: float) -> None:
    decided = QuestionScore(probability, QuestionForm.CHECK)
    assert decided == with_voice(decided, rise)


def test_without_words_only_a_marked_rise_asks() -> None:
    assert unheard(6.0).is_question
    for rise in (None, -3.0, 1.0):
        assert not unheard(rise).is_question


def test_a_voice_without_words_never_gives_a_light() -> None:
    """A wrong cue costs more than a missing one."""
    from device.detect.questions.scoring import CUE_THRESHOLD

    assert unheard(12.0).probability < CUE_THRESHOLD


def test_each_language_has_its_own_rules() -> None:
    assert score("nl", "waarom drijft ijs").arms
    assert not score("en", "waarom drijft ijs").arms


def test_a_form_that_does_not_arm_stays_so_however_sure() -> None:
    assert not QuestionScore(1.0, QuestionForm.META).arms
    assert not QuestionScore(0.4, QuestionForm.OPEN).arms
    assert QuestionScore(0.6, QuestionForm.OPEN).arms


CHECKS = [("nl", "snapt iedereen dit"), ("nl", "wie is er nog niet klaar"),
          ("en", "does everyone understand this"), ("en", "are there any questions")]  # fmt: skip


@pytest.mark.parametrize(("language", "clause"), CHECKS)
@pytest.mark.parametrize("wished", [False, True])
def test_a_check_lights_on_wish_only_and_never_starts_the_timer(
    language: str, clause: str, wished: bool
) -> None:
    found = question_scorer(language, wished).score(clause.split())

    assert found.is_question
    assert found.form in (QuestionForm.META, QuestionForm.PROCEDURAL)
    assert (wished, False) == (found.starts_light, found.arms)


def test_the_wish_changes_nothing_for_other_questions_and_for_none() -> None:
    plain, wished = question_scorer("nl"), question_scorer("nl", light_for_checks=True)
    for clause in ("waarom drijft ijs", "ijs drijft op water", "kun je even de deur dichtdoen"):
        words = clause.split()
        assert plain.score(words).starts_light == wished.score(words).starts_light
