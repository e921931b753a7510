"""Wait time 2, worked by hand."""

from __future__ import annotations

import pytest
from spoken import question, turn

from lesson.answers import FollowUp, follow_ups
from lesson.corrections import in_order
from lesson.episodes import build_episodes
from lesson.events import LessonEvent, Source, Turn

pytestmark = pytest.mark.unit


def after(*turns: Turn) -> FollowUp:
    events: tuple[LessonEvent, ...] = in_order([question(1, 3), *turns])
    (only,) = follow_ups(events, build_episodes(events))
    return only


def teacher(t: float, t_end: float) -> Turn:
    return turn(t, t_end, Source.TEACHER)


def test_wait_time_2_runs_from_the_answer_to_the_teacher() -> None:
    answer = after(turn(5, 7), teacher(8.4, 10))
    assert 1.4 == answer.wait_time_2_s == answer.wait_time_2_rowe_s


def test_a_hesitation_under_two_seconds_is_inside_the_answer() -> None:
    answer = after(turn(5, 7), turn(8.9, 10), teacher(11, 12))
    assert (10.0, 1.0, 1.9) == (answer.answer_off, answer.wait_time_2_s, answer.within_s)
    assert 2.9 == answer.wait_time_2_rowe_s


def test_a_hesitation_under_half_a_second_is_no_pause_within() -> None:
    assert 0.0 == after(turn(5, 7), turn(7.4, 10), teacher(11, 12)).within_s


def test_silence_inside_one_turn_counts_from_half_a_second() -> None:
    assert 0.6 == after(turn(5, 7, speech_s=1.4), teacher(8, 9)).within_s
    assert 0.0 == after(turn(5, 7, speech_s=1.6), teacher(8, 9)).within_s


def test_a_teacher_who_cuts_in_gives_zero_and_overlap() -> None:
    answer = after(turn(5, 7), teacher(6.5, 9))
    assert (0.0, True) == (answer.wait_time_2_s, answer.overlap)


def test_a_back_channel_is_not_the_teacher_taking_over() -> None:
    answer = after(turn(5, 7), teacher(7.1, 7.5), turn(7.6, 9), teacher(10, 11))
    assert (9.0, 1.0) == (answer.answer_off, answer.wait_time_2_s)


@pytest.mark.parametrize("source", [Source.PUPIL, Source.MANY])
def test_another_pupil_ends_it(source: Source) -> None:
    answer = after(turn(5, 7), turn(9.2, 10, source), teacher(11, 12))
    assert (2.2, True) == (answer.wait_time_2_s, answer.pupil_to_pupil)


def test_nothing_within_fifteen_seconds_is_no_wait_time() -> None:
    answer = after(turn(5, 7), teacher(22.1, 23))
    assert (None, None) == (answer.wait_time_2_s, answer.wait_time_2_rowe_s)


@pytest.mark.parametrize(("speech_s", "wait_time_2_s"), [(0.49, 1.0), (0.5, 0.1)])
def test_a_back_channel_is_shorter_than_half_a_second(
    speech_s: float, wait_time_2_s: float
) -> None:
    answer = after(
        turn(5, 7), turn(7.1, 7.6, Source.TEACHER, speech_s), turn(7.6, 9), teacher(10, 11)
    )
    assert wait_time_2_s == answer.wait_time_2_s
