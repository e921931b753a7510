"""What the words make of a pause: hesitations, completions, names, thanks and repeats."""

from __future__ import annotations

import pytest
from spoken_lesson import Heard, SpokenLesson

from lesson.events import (
    Ender,
    Focus,
    Name,
    NamePosition,
    NameRole,
    Pause,
    Question,
    QuestionForm,
)

pytestmark = pytest.mark.unit

#: edges found in clean sound are true to two frames
EDGE_S = 0.040
ASK = "waarom drijft ijs op water"


def near(seconds: float) -> object:
    return pytest.approx(seconds, abs=EDGE_S)


def only_pause(heard: Heard) -> Pause:
    (pause,) = heard.of(Pause)
    return pause


def test_a_name_in_front_stands_before_its_question() -> None:
    lesson = SpokenLesson()
    said = lesson.teacher("sanne waarom drijft ijs op water")
    lesson.room(2.0)
    lesson.pupil()
    lesson.room(1.0)
    heard = lesson.hear()
    (name,) = heard.of(Name)
    (question,) = heard.of(Question)
    assert (near(said.start), NamePosition.FIRST) == (name.t, name.position)
    assert name.t < question.t_end
    assert near(said.end) == question.t_end


def test_a_name_behind_a_second_question_does_not_end_the_pause_of_the_first() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(2.0)
    again = lesson.teacher("wat gebeurt er in de winter met de vissen sanne")
    lesson.room(1.0)
    first, second = lesson.hear().of(Pause)
    assert (near(again.start), Ender.REPHRASE) == (first.t_end, first.ended_by)
    assert Ender.NAME is second.ended_by


def test_a_name_in_front_of_a_second_question_ends_the_pause_of_the_first() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(2.0)
    named = lesson.teacher("sanne wat gebeurt er in de winter met de vissen")
    lesson.room(1.0)
    first, _ = lesson.hear().of(Pause)
    assert (near(named.start), Ender.NAME) == (first.t_end, first.ended_by)


@pytest.mark.parametrize("said", ["wat denk jij sanne", "sanne wat denk jij"])
def test_a_question_that_only_hands_the_turn_on_is_no_new_question(said: str) -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(3.2)
    given = lesson.teacher(said)
    lesson.room(1.0)
    heard = lesson.hear()
    assert [near(asked.end)] == [question.t_end for question in heard.of(Question)]
    pause = only_pause(heard)
    assert (near(given.start), Ender.NAME) == (pause.t_end, pause.ended_by)


def test_a_name_at_the_end_of_a_hesitant_question_ends_its_pause() -> None:
    lesson = SpokenLesson()
    lesson.teacher("wat is het verschil tussen", 1.2)
    lesson.room(0.8)
    end = lesson.teacher("water en ijs sanne", 1.2)
    lesson.room(1.0)
    heard = lesson.hear()
    (question,) = heard.of(Question)
    (name,) = heard.of(Name)
    assert near(end.start + 0.9) == question.t_end == name.t
    assert Ender.NAME is only_pause(heard).ended_by


def test_a_question_whose_first_half_was_none_is_joined() -> None:
    lesson = SpokenLesson()
    lesson.teacher("op de", 0.5)
    lesson.room(0.6)
    lesson.teacher(ASK)
    lesson.room(2.0)
    lesson.pupil()
    lesson.room(1.0)
    assert 1 == len(lesson.hear().of(Question))


@pytest.mark.parametrize("again", [ASK, "dus waarom drijft ijs op water"])
def test_the_same_question_once_more_is_told_as_a_repeat(again: str) -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(2.0)
    lesson.teacher(again)
    lesson.room(2.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    first, second = lesson.hear().of(Question)
    assert "repeat" not in first.reasons
    assert "repeat" in second.reasons


def test_a_pupil_who_objects_ends_the_pause_and_is_not_told() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(3.0)
    named = lesson.teacher("kay")
    lesson.room(1.0)
    heard = lesson.hear()
    pause = only_pause(heard)
    assert (near(named.start), Ender.NAME) == (pause.t_end, pause.ended_by)
    assert {None} == {name.pupil for name in heard.of(Name)}


def test_a_hesitation_inside_a_question_leaves_no_trace() -> None:
    lesson = SpokenLesson()
    begin = lesson.teacher("wat is het verschil tussen", 1.2)
    lesson.room(0.9)
    end = lesson.teacher("water en ijs", 0.9)
    lesson.room(3.1)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    (question,) = heard.of(Question)
    assert (near(begin.start), near(end.end)) == (question.t, question.t_end)
    pause = only_pause(heard)
    assert (near(end.end), near(named.start)) == (pause.t, pause.t_end)


def test_a_sentence_for_the_pupil_to_complete_is_a_question() -> None:
    lesson = SpokenLesson()
    said = lesson.teacher("zo'n plant noemen we een")
    lesson.room(2.0)
    answered = lesson.pupil()
    lesson.room(1.0)
    heard = lesson.hear()
    (question,) = heard.of(Question)
    assert (QuestionForm.COMPLETION, near(said.end)) == (question.form, question.t_end)
    pause = only_pause(heard)
    assert (near(answered.start), Ender.PUPIL) == (pause.t_end, pause.ended_by)


def test_a_teacher_who_says_the_last_word_asked_nothing() -> None:
    lesson = SpokenLesson()
    lesson.teacher("zo'n plant noemen we een")
    lesson.room(0.8)
    lesson.teacher("vetplant", 0.6)
    lesson.room(2.0)
    heard = lesson.hear()
    assert [] == heard.of(Question) + heard.of(Pause)


def test_a_statement_is_no_question() -> None:
    lesson = SpokenLesson()
    lesson.teacher("ijs is lichter dan het water in de zee")
    lesson.room(3.0)
    heard = lesson.hear()
    assert [] == heard.of(Question) + heard.of(Pause)


def test_do_you_all_follow_is_a_question_that_arms_nothing() -> None:
    lesson = SpokenLesson()
    lesson.teacher("snapt iedereen dit")
    lesson.room(3.0)
    heard = lesson.hear()
    (question,) = heard.of(Question)
    assert (QuestionForm.META, False) == (question.form, question.arms)
    assert "think" not in heard.phase_names


def test_a_turn_given_without_a_name_ends_the_pause() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(3.0)
    given = lesson.teacher("zeg het maar", 0.8)
    lesson.room(1.0)
    heard = lesson.hear()
    assert "named" == heard.phase_names[-1]
    (name,) = heard.of(Name)
    assert (None, NameRole.CALL, near(given.start)) == (name.pupil, name.role, name.t)
    pause = only_pause(heard)
    assert (near(given.start), Ender.NAME) == (pause.t_end, pause.ended_by)


@pytest.mark.slow
def test_open_and_check_questions_are_told_apart() -> None:
    lesson = SpokenLesson()
    lesson.teacher("wat valt je op aan dit water")
    lesson.room(1.5)
    lesson.pupil()
    lesson.room(1.0)
    lesson.teacher("hoeveel is zeven keer acht")
    lesson.room(1.5)
    lesson.pupil()
    lesson.room(1.0)
    focuses = [question.focus for question in lesson.hear().of(Question)]
    assert [Focus.OPEN, Focus.CHECK] == focuses


def test_english_lessons_are_read_in_english() -> None:
    lesson = SpokenLesson(introduction="today we look at the water and the ice in winter")
    asked = lesson.teacher("why does ice float on water")
    lesson.room(3.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear(lesson.listener(language="en"))
    (question,) = heard.of(Question)
    assert near(asked.end) == question.t_end
    assert near(named.start) == only_pause(heard).t_end


@pytest.mark.parametrize("said", ["dankjewel sanne", "goed zo sanne"])
def test_thanking_a_pupil_gives_no_turn(said: str) -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(2.0)
    thanked = lesson.teacher(said)
    lesson.room(1.0)
    heard = lesson.hear()
    (name,) = heard.of(Name)
    assert NameRole.THANKS is name.role
    pause = only_pause(heard)
    assert (near(thanked.start), Ender.TEACHER_CONTINUES) == (pause.t_end, pause.ended_by)
    assert "named" not in heard.phase_names
