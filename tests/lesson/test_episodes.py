"""Every order code and every end of an episode, worked by hand."""

from __future__ import annotations

import pytest
from spoken import END, call, only, orders, pause, question, turn

from lesson.episodes import EpisodeEnd, Flag, Order, build_episodes
from lesson.events import (
    CueMode,
    Ender,
    LessonEnded,
    LessonStarted,
    PauseOutcome,
    QuestionForm,
    Source,
)

pytestmark = pytest.mark.unit


def test_question_pause_name_has_all_its_durations() -> None:
    episode = only(question(1, 3), pause(3, 6.1, Ender.NAME, net_s=3.05), call(6.1), turn(7.0, 9.0))
    assert Order.QPN is episode.order
    assert EpisodeEnd.ANSWER is episode.ended_by
    assert (1.0, 7.0, 3.0) == (episode.start, episode.end, episode.q_off)
    assert 3.1 == episode.denkpauze_gross_s
    assert 3.05 == episode.denkpauze_net_s
    assert 3.1 == episode.wait_time_1_s
    assert 4.0 == episode.answer_time_s
    assert 0.5 == episode.after_name_s
    assert episode.kept is True
    assert () == episode.flags


@pytest.mark.parametrize(
    ("name_on", "expected"),
    [
        (12.849, Order.QN_SHORT),
        (12.850, Order.QPN),  # θ - ε
        (10.300, Order.QN_SHORT),
        (10.299, Order.QN_GLUED),
        (10.0, Order.QN_GLUED),
        (9.9, Order.QN_GLUED),  # the name began before the last word had died away
    ],
)
def test_the_order_depends_on_the_time_to_the_name(name_on: float, expected: Order) -> None:
    assert expected is only(question(8, 10), pause(10, name_on, Ender.NAME), call(name_on)).order


def test_the_target_of_the_lesson_decides_unless_another_is_given() -> None:
    started = LessonStarted.model_validate(
        {
            "t": 0,
            "wall": "2026-11-16T08:30:00Z",
            "clock_synchronised": True,
            "mode": CueMode.CUE,
            "language": "nl",
            "target_s": 5.0,
            "recogniser": "demo",
            "software": "0.1.0",
        }
    )
    events = (started, question(8, 10), pause(10, 14, Ender.NAME), call(14))
    assert Order.QN_SHORT is only(*events).order
    assert Order.QPN is only(*events, target_s=4.0).order


def test_a_pupil_without_a_name_is_a_volunteer() -> None:
    episode = only(question(8, 10), pause(10, 13.2, Ender.PUPIL), turn(13.2, 14))
    assert Order.Q_VOL is episode.order
    assert episode.kept is True
    assert (Flag.TURN_WITHOUT_NAME,) == episode.flags


def test_a_pupil_within_half_a_second_called_out_and_is_not_judged() -> None:
    episode = only(question(8, 10), pause(10, 10.3, Ender.PUPIL), turn(10.3, 12))
    assert (Flag.CALLED_OUT,) == episode.flags
    assert 0.3 == episode.wait_time_1_s
    assert episode.kept is None


def test_a_pupil_who_begins_inside_the_question_waits_zero_seconds() -> None:
    episode = only(question(8, 10), pause(10, 10, Ender.PUPIL), turn(9.8, 12))
    assert 0.0 == episode.answer_time_s
    assert (Flag.CALLED_OUT,) == episode.flags


def test_many_voices_are_a_choral_answer() -> None:
    episode = only(question(8, 10), pause(10, 11, Ender.CHORAL), turn(11, 12, Source.MANY))
    assert Order.Q_CHORAL is episode.order
    assert 1.0 == episode.wait_time_1_s


def test_a_choral_answer_that_only_the_pause_tells_of_is_one_too() -> None:
    assert [Order.Q_CHORAL] == orders(question(8, 10), pause(10, 11, Ender.CHORAL))


def test_many_voices_for_long_are_pair_talk() -> None:
    assert [Order.Q_ALL] == orders(
        question(8, 10), pause(10, 13, Ender.CHORAL), turn(13, 23, Source.MANY)
    )


def test_work_set_after_a_question_is_for_all_and_censored() -> None:
    episode = only(
        question(8, 10), pause(10, 12, Ender.TEACHER_CONTINUES, PauseOutcome.CENSORED), END
    )
    assert Order.Q_ALL is episode.order
    assert EpisodeEnd.WORK is episode.ended_by
    assert (Flag.CENSORED,) == episode.flags
    assert episode.wait_time_1_s is None


def test_passing_an_answer_on_is_an_episode_without_a_question() -> None:
    first, second = build_episodes(
        [question(1, 3), pause(3, 6, Ender.NAME), call(6), turn(7, 9), call(10, "p02"), END]
    )
    assert [Order.QPN, Order.FN] == [first.order, second.order]
    assert () == second.questions
    assert 1.0 == second.denkpauze_gross_s
    assert EpisodeEnd.NAMED is second.ended_by


def test_no_name_and_no_answer_is_nobodys_turn() -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.TEACHER_CONTINUES), END)
    assert Order.Q_NONE is episode.order
    assert EpisodeEnd.ABANDONED is episode.ended_by
    assert 14.0 == episode.end
    assert (Flag.ABANDONED,) == episode.flags
    assert 2.0 == episode.wait_time_1_s


def test_a_new_question_later_is_a_new_episode() -> None:
    assert [Order.QPN, Order.Q_VOL] == orders(
        question(1, 3),
        pause(3, 6, Ender.NAME),
        call(6),
        question(10, 12),
        pause(12, 13, Ender.PUPIL),
        turn(13, 14),
    )


def test_questions_that_do_not_arm_give_no_episode() -> None:
    assert [] == orders(
        question(1, 3, QuestionForm.META, arms=False),
        question(5, 6, QuestionForm.TAG, arms=False),
        turn(7, 8),
        END,
    )


def test_pupil_speech_under_three_tenths_is_no_answer() -> None:
    assert [Order.Q_NONE] == orders(question(8, 10), turn(11, 11.29), END)


def test_the_turn_is_attached_to_an_answer_the_pause_told_of_first() -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.PUPIL), turn(12.1, 14))
    assert (12.0, turn(12.1, 14)) == (episode.answer_on, episode.answer)


def test_the_end_of_the_lesson_ends_an_episode() -> None:
    episode = only(question(8, 10), LessonEnded(t=11, reason="button"))
    assert (EpisodeEnd.LESSON_END, 11.0) == (episode.ended_by, episode.end)


def test_an_undecided_episode_is_open() -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.TEACHER_CONTINUES))
    assert episode.open
    assert (None, None) == (episode.order, episode.end)


@pytest.mark.parametrize(
    ("pupil_on", "flag"), [(10.499, Flag.CALLED_OUT), (10.5, Flag.TURN_WITHOUT_NAME)]
)
def test_calling_out_ends_at_half_a_second(pupil_on: float, flag: Flag) -> None:
    events = (question(8, 10), pause(10, pupil_on, Ender.PUPIL), turn(pupil_on, 12))
    assert (flag,) == only(*events).flags


def test_three_tenths_of_pupil_speech_are_an_answer() -> None:
    assert [Order.Q_VOL] == orders(question(8, 10), turn(11, 11.3), END)


@pytest.mark.parametrize(("voices_until", "order"), [(22.99, Order.Q_CHORAL), (23, Order.Q_ALL)])
def test_pair_talk_lasts_ten_seconds(voices_until: float, order: Order) -> None:
    assert [order] == orders(question(8, 10), turn(13, voices_until, Source.MANY))
