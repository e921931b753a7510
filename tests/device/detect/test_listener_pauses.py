"""What is written down of a lesson: questions, pauses and names with their times."""

from __future__ import annotations

import pytest
from spoken_lesson import PUPIL_DB, TEACHER_DB, Heard, SpokenLesson
from synthetic_sound import samples_of, tone

from device.audio.frames import SourceState
from lesson.events import (
    Ender,
    Focus,
    Health,
    HealthState,
    Name,
    NamePosition,
    NameRole,
    Pause,
    PauseOutcome,
    Question,
    QuestionForm,
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


@pytest.mark.parametrize("snr_db", [20.0, 15.0])
def test_in_a_murmuring_class_the_pause_is_still_true(snr_db: float) -> None:
    lesson = SpokenLesson(room_db=TEACHER_DB - snr_db)
    asked = lesson.teacher(ASK)
    lesson.room(3.2)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), near(named.start)) == (pause.t, pause.t_end)


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


def test_lost_sound_closes_the_pause_without_a_number() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(1.0)
    lost = lesson.gap(2.0)
    lesson.room(1.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    pause = only_pause(heard)
    assert near(asked.end) == pause.t
    assert (PauseOutcome.UNMEASURED, None, None) == (pause.outcome, pause.t_end, pause.net_s)
    worse, well = heard.of(Health)
    assert (HealthState.LOST, near(lost.start)) == (worse.state, worse.t)
    assert (HealthState.OK, near(lost.end), near(2.0)) == (well.state, well.t, well.missing_s)


def test_one_loss_in_many_pieces_is_told_once_each_way() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(1.0)
    for _ in range(4):
        lesson.gap(0.5)
    lesson.room(1.0)
    worse, well = lesson.hear().of(Health)
    assert (HealthState.LOST, HealthState.OK) == (worse.state, well.state)
    assert near(2.0) == well.missing_s


def test_a_loss_that_becomes_a_mute_is_told_as_both() -> None:
    lesson = SpokenLesson()
    lesson.gap(1.0, SourceState.LOST)
    lesson.gap(1.0, SourceState.MUTED)
    lesson.room(1.0)
    states = [health.state for health in lesson.hear().of(Health)]
    assert [HealthState.LOST, HealthState.MUTED, HealthState.OK] == states


def test_a_question_cut_off_by_lost_sound_yields_no_measured_pause() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.gap(1.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    outcomes = [pause.outcome for pause in lesson.hear().of(Pause)]
    assert PauseOutcome.MEASURED not in outcomes


def test_after_lost_sound_measuring_goes_on() -> None:
    lesson = SpokenLesson()
    lesson.gap(2.0)
    lesson.room(1.0)
    asked = lesson.teacher(ASK)
    lesson.room(3.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), near(named.start)) == (pause.t, pause.t_end)


@pytest.mark.slow
@pytest.mark.parametrize("then", ["nothing", "name"])
def test_a_pause_longer_than_fifteen_seconds_is_work_time(then: str) -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(16.0)
    if then == "name":
        lesson.teacher("sanne")
        lesson.room(1.0)
    heard = lesson.hear()
    pause = only_pause(heard)
    assert (near(asked.end), PauseOutcome.CENSORED) == (pause.t, pause.outcome)
    assert Ender.TIMEOUT is pause.ended_by


def test_a_pause_at_the_end_of_the_lesson_has_no_number() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(4.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), None) == (pause.t, pause.t_end)
    assert (PauseOutcome.UNMEASURED, Ender.LESSON_END) == (pause.outcome, pause.ended_by)


def test_a_question_cut_off_by_the_end_of_the_lesson_is_kept() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    (question,) = lesson.hear().of(Question)
    assert (near(asked.start), near(asked.end)) == (question.t, question.t_end)


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


@pytest.mark.slow
@pytest.mark.parametrize("distance_db", [9.0, 5.0])
def test_a_question_in_a_class_too_noisy_to_measure_gives_nothing(distance_db: float) -> None:
    lesson = SpokenLesson()
    lesson.room_db = TEACHER_DB - distance_db
    for _ in range(10):
        lesson.teacher("vandaag gaat het over water en ijs", 2.0)
        lesson.room(2.0)
    asked = lesson.teacher(ASK)
    lesson.room(3.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    (noisy,) = heard.of(Health)
    assert HealthState.TOO_NOISY is noisy.state
    assert noisy.t < asked.start
    assert [] == heard.of(Question) + heard.of(Pause) + heard.of(Name)
    assert [] == heard.thinking()


def test_the_own_tick_does_not_end_the_pause() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(3.0)
    tick = lesson.add(tone(0.3, 300, PUPIL_DB))
    lesson.room(1.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    assert near(tick.start) == only_pause(lesson.hear()).t_end  # taken for a pupil
    listener = lesson.listener()
    listener.mask(samples_of(tick.start), samples_of(tick.end))
    heard = lesson.hear(listener)
    masked = only_pause(heard)
    assert (near(asked.end), near(named.start)) == (masked.t, masked.t_end)
    assert ["think", "listening", "named"] == heard.phase_names


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
