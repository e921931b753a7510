"""What is shown while the lesson goes on: when the light may come, and when it goes."""

from __future__ import annotations

import pytest
from scripted import LateRecogniser
from spoken_lesson import Heard, SpokenLesson

from lesson.events import Pause, Question

pytestmark = pytest.mark.unit

EDGE_S = 0.040
ASK = "waarom drijft ijs op water"
FRAMES_PER_S = 50


def near(seconds: float) -> object:
    return pytest.approx(seconds, abs=EDGE_S)


def after_question(late_s: float) -> tuple[Heard, float]:
    """A question whose words come ``late_s`` after its chunk; all others come at once."""
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(6.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    number = 2  # the introduction is the first
    late = LateRecogniser(
        lesson.words, lambda utterance: round(late_s * FRAMES_PER_S) if utterance == number else 0
    )
    return lesson.hear(lesson.listener(late)), asked.end


def test_the_light_counts_from_the_acoustic_end_of_the_question() -> None:
    heard, end = after_question(0.0)
    think = heard.thinking()[0]
    assert near(end) == think.since
    assert think.since < think.t < think.since + 1.0


def test_a_late_decision_still_counts_from_the_end_of_the_question() -> None:
    heard, end = after_question(1.5)
    think = heard.thinking()[0]
    assert near(end) == think.since
    assert end + 1.5 < think.t <= end + 2.5


def test_without_a_decision_in_two_and_a_half_seconds_there_is_no_light() -> None:
    heard, end = after_question(2.6)
    assert [] == heard.thinking()
    assert near(end) == heard.of(Question)[0].t_end  # written down it is


def test_a_name_ends_the_light() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(3.2)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert ["think", "named"] == heard.phase_names
    assert near(named.start) == heard.phases[-1].since


def test_a_pupil_ends_the_light_while_speaking() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(2.0)
    answer = lesson.pupil(2.0)
    lesson.room(1.0)
    heard = lesson.hear()
    assert ["think", "answer"] == heard.phase_names[:2]
    assert near(answer.start) == heard.phases[1].since
    assert heard.phases[1].t < answer.start + 0.3


@pytest.mark.parametrize("sound", ["cough", "rustle"])
def test_a_cough_does_not_move_the_light(sound: str) -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(1.0)
    getattr(lesson, sound)()
    lesson.room(1.8)
    lesson.teacher("sanne")
    lesson.room(1.0)
    assert ["think", "named"] == lesson.hear().phase_names


@pytest.mark.parametrize("said", ["eh", "denk even na"])
def test_after_a_filler_or_a_prompt_the_light_comes_back_for_the_same_pause(said: str) -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(1.0)
    lesson.teacher(said, 0.8)
    lesson.room(2.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert ["think", "listening", "think", "named"] == heard.phase_names
    assert [near(asked.end)] * 2 == [phase.since for phase in heard.thinking()]


def test_a_short_filler_only_holds_the_light() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(1.0)
    filler = lesson.teacher("eh", 0.35)
    lesson.room(2.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert ["think", "named"] == heard.phase_names
    first, held, again = heard.phases[:3]
    assert [False, True, False] == [first.held, held.held, again.held]
    assert filler.start < held.t < filler.end
    assert filler.end < again.t < named.start
    assert [near(asked.end)] * 3 == [first.since, held.since, again.since]


def test_a_voice_too_long_for_a_filler_puts_out_the_light_before_its_words_are_known() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(2.0)
    spoken = lesson.teacher("we gaan nu verder met het boek", 2.0)
    lesson.room(1.0)
    heard = lesson.hear()
    assert ["think", "listening"] == heard.phase_names
    assert near(spoken.start) == heard.phases[-1].since
    assert heard.phases[-1].t < spoken.start + 0.8


def test_a_hesitation_takes_the_light_back_quietly() -> None:
    lesson = SpokenLesson()
    lesson.teacher("wat is het verschil")
    lesson.room(1.0)
    end = lesson.teacher("tussen water en ijs", 1.2)
    lesson.room(3.2)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert "hesitation" in [phase.reason for phase in heard.phases]
    assert near(end.end) == heard.thinking()[-1].since
    assert [near(end.end)] == [pause.t for pause in heard.of(Pause)]


def test_an_unfinished_sentence_is_given_time_to_go_on() -> None:
    lesson = SpokenLesson()
    begin = lesson.teacher("wat is het verschil tussen", 1.2)
    lesson.room(1.1)
    end = lesson.teacher("water en ijs", 0.9)
    lesson.room(3.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert begin.end < heard.thinking()[0].t
    assert near(end.end) == heard.thinking()[0].since
    assert 1 == len(heard.thinking())


def test_an_unfinished_sentence_that_nobody_finishes_gets_its_light_after_all() -> None:
    lesson = SpokenLesson()
    begin = lesson.teacher("wat is het verschil tussen", 1.2)
    lesson.room(4.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    (think,) = lesson.hear().thinking()
    assert near(begin.end) == think.since
    assert begin.end + 1.4 <= think.t < begin.end + 1.6


def test_work_time_ends_the_light() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(17.0)
    heard = lesson.hear()
    assert ["think", "listening"] == heard.phase_names
    assert near(asked.end + 15) == heard.phases[-1].t


def test_lost_sound_is_shown_and_so_is_its_return() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(1.0)
    lost = lesson.gap(2.0)
    lesson.room(2.0)
    heard = lesson.hear()
    assert ["think", "lost", "listening"] == heard.phase_names
    assert near(lost.start) == heard.phases[1].since
    assert near(lost.end) == heard.phases[2].t


def test_a_stacked_question_moves_the_light_to_the_last_end() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(0.7)
    second = lesson.teacher("wat gebeurt er met de vissen")
    lesson.room(3.2)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert near(second.end) == heard.thinking()[-1].since


def test_the_phases_come_in_order_of_time_and_never_look_ahead() -> None:
    lesson = SpokenLesson()
    for _ in range(3):
        lesson.teacher(ASK)
        lesson.room(2.0)
        lesson.teacher("sanne")
        lesson.room(0.8)
        lesson.pupil()
        lesson.room(1.0)
    heard = lesson.hear()
    phases = heard.phases
    assert sorted(phase.t for phase in phases) == [phase.t for phase in phases]
    assert all(phase.since <= phase.t for phase in phases)
    assert 3 == len(heard.thinking())
