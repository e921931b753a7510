"""What is written down of a lesson: questions, pauses and names with their times."""

from __future__ import annotations

import pytest
from spoken_lesson import Heard, SpokenLesson

from lesson.events import (
    Ender,
    Name,
    NamePosition,
    NameRole,
    Pause,
    PauseOutcome,
    Question,
    Source,
    Turn,
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


@pytest.mark.parametrize("silence_s", [0.5, 1.0, 2.9, 3.2, 8.0])
def test_a_pause_runs_from_the_end_of_the_question_to_the_name(silence_s: float) -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(silence_s)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    (question,) = heard.of(Question)
    assert (near(asked.start), near(asked.end)) == (question.t, question.t_end)
    assert question.arms
    pause = only_pause(heard)
    assert question.t_end == pause.t
    assert near(named.start) == pause.t_end
    assert near(silence_s) == pause.net_s
    assert (PauseOutcome.MEASURED, Ender.NAME) == (pause.outcome, pause.ended_by)
    (name,) = heard.of(Name)
    assert ("p01", NameRole.CALL, NamePosition.ALONE) == (name.pupil, name.role, name.position)
    assert (near(named.start), near(named.end)) == (name.t, name.t_end)


def test_a_name_without_a_pause_is_not_part_of_the_question() -> None:
    lesson = SpokenLesson()
    said = lesson.teacher(ASK + " sanne", 1.8)
    lesson.room(2.0)
    heard = lesson.hear()
    (question,) = heard.of(Question)
    (name,) = heard.of(Name)
    assert near(said.start + 1.5) == question.t_end == name.t
    assert NamePosition.LAST is name.position
    pause = only_pause(heard)
    assert (question.t_end, Ender.NAME) == (pause.t_end, pause.ended_by)


def test_two_questions_close_together_are_two_with_their_own_pauses() -> None:
    lesson = SpokenLesson()
    first = lesson.teacher(ASK)
    lesson.room(0.6)
    second = lesson.teacher("wat gebeurt er met de vissen")
    lesson.room(3.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert [near(first.end), near(second.end)] == [q.t_end for q in heard.of(Question)]
    stacked, kept = heard.of(Pause)
    assert (near(second.start), Ender.TEACHER_CONTINUES) == (stacked.t_end, stacked.ended_by)
    assert Ender.NAME is kept.ended_by


def test_a_question_put_again_after_a_silence_is_a_rephrase() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(2.0)
    again = lesson.teacher("wat is lichter dan water")
    lesson.room(1.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    first, _ = lesson.hear().of(Pause)
    assert (near(again.start), Ender.REPHRASE) == (first.t_end, first.ended_by)


def test_a_pupil_who_answers_while_the_words_are_awaited_keeps_the_order() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(0.25)
    answer = lesson.pupil(0.8)
    lesson.room(0.25)
    lesson.teacher("goed zo")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), near(answer.start)) == (pause.t, pause.t_end)
    assert Ender.PUPIL is pause.ended_by


def test_a_teacher_who_gives_the_answer_ends_the_pause() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(2.0)
    answer = lesson.teacher("omdat ijs lichter is dan het water")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(answer.start), Ender.SELF_ANSWER) == (pause.t_end, pause.ended_by)


def test_a_teacher_who_goes_on_with_something_else_does_not_answer() -> None:
    lesson = SpokenLesson()
    lesson.teacher("waarom drijft de ijsberg")
    lesson.room(1.5)
    lesson.teacher(
        "we gaan straks met de hele klas naar buiten om bladeren te zoeken bij de vijver"
    )
    lesson.room(1.0)
    assert Ender.TEACHER_CONTINUES is only_pause(lesson.hear()).ended_by


def test_a_think_prompt_keeps_the_pause_running() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(1.0)
    prompt = lesson.teacher("denk even na", 0.9)
    lesson.room(2.5)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), near(named.start)) == (pause.t, pause.t_end)
    assert ((near(prompt.start), near(prompt.end)),) == pause.prompts
    assert near(2.5) == pause.net_s
    assert Ender.NAME is pause.ended_by


def test_a_pupil_who_speaks_ends_the_pause() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(1.4)
    answer = lesson.pupil(1.5)
    lesson.room(1.0)
    heard = lesson.hear()
    pause = only_pause(heard)
    assert (near(answer.start), Ender.PUPIL) == (pause.t_end, pause.ended_by)
    pupil = heard.of(Turn)[-1]
    assert (Source.PUPIL, near(answer.start), near(answer.end)) == (
        pupil.source,
        pupil.t,
        pupil.t_end,
    )


@pytest.mark.parametrize("sound", ["cough", "rustle"])
def test_a_sound_that_is_no_voice_does_not_end_the_pause(sound: str) -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(1.0)
    getattr(lesson, sound)()
    lesson.room(1.8)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), near(named.start)) == (pause.t, pause.t_end)
    assert () == pause.prompts


@pytest.mark.parametrize("said", ["eh", "eh eh", ""])
def test_a_voice_without_words_does_not_end_the_pause(said: str) -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(1.0)
    lesson.teacher(said, 0.3)
    lesson.room(2.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), near(named.start)) == (pause.t, pause.t_end)
