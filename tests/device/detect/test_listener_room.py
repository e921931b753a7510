"""A recording made in the room: everybody is as loud, so nobody knows who speaks."""

from __future__ import annotations

import pytest
from spoken_lesson import ROSTER, Heard, Said, SpokenLesson

from device.detect.listener import Listener
from lesson.episodes import EpisodeEnd, build_episodes
from lesson.events import Ender, LessonEnded, Name, Pause, PauseOutcome, Source, Turn
from lesson.metrics import summarise

pytestmark = [pytest.mark.unit, pytest.mark.slow]

EDGE_S = 0.06


def near(seconds: float) -> object:
    return pytest.approx(seconds, abs=EDGE_S)


def hear(lesson: SpokenLesson) -> Heard:
    return lesson.hear(Listener(lesson.recogniser(), ROSTER, "nl", near=False))


def answered() -> tuple[SpokenLesson, Said, Said]:
    """A question, and somebody as loud as the teacher, who says something."""
    lesson = SpokenLesson()
    asked = lesson.teacher("waarom drijft ijs op water")
    lesson.room(3.2)
    answer = lesson.teacher("het heeft veel lucht in zich")
    lesson.room(4.0)
    return lesson, asked, answer


def test_the_pause_is_measured_and_nobody_is_said_to_have_ended_it() -> None:
    lesson, asked, answer = answered()
    heard = hear(lesson)
    (pause,) = heard.of(Pause)
    assert (PauseOutcome.MEASURED, None, "speaker_unknown") == (
        pause.outcome,
        pause.ended_by,
        pause.reason,
    )
    assert (near(asked.end), near(answer.start)) == (pause.t, pause.t_end)


def test_every_turn_is_of_unknown_source() -> None:
    lesson, _, _ = answered()
    assert {Source.UNKNOWN} == {turn.source for turn in hear(lesson).of(Turn)}


def test_a_name_ends_the_pause_as_with_a_clip() -> None:
    lesson = SpokenLesson()
    lesson.teacher("waarom drijft ijs op water")
    lesson.room(3.2)
    lesson.teacher("sanne")
    lesson.room(2.0)
    heard = hear(lesson)
    assert [Ender.NAME] == [pause.ended_by for pause in heard.of(Pause)]
    assert 1 == len(heard.of(Name))


def test_figures_that_need_to_know_who_speaks_are_withheld() -> None:
    lesson, _, _ = answered()
    events = [*hear(lesson).events, LessonEnded(t=lesson.now, reason="end_of_recording")]
    summary = summarise(events)
    assert 1 == summary.pauses.wait_time_1.n
    withheld = (
        summary.self_answer_rate,
        summary.talk.teacher,
        summary.talk.pupil,
        summary.talk.teacher_to_pupil,
        summary.pauses.answer_time.median_s,
        summary.pauses.after_name.median_s,
        summary.pauses.wait_time_2.median_s,
    )
    assert {(None, "not_measurable")} == {(figure.value, figure.reason) for figure in withheld}
    (episode,) = build_episodes(events)
    assert EpisodeEnd.UNKNOWN is episode.ended_by
    assert (0, 0) == (summary.counts.abandoned, summary.counts.called_out)
