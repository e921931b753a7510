"""Whose turn it is: names before, after and beside a question, worked by hand."""

from __future__ import annotations

import pytest
from spoken import END, call, only, orders, pause, question, turn

from lesson.episodes import EpisodeEnd, Flag, Order, build_episodes
from lesson.events import (
    Ender,
    LessonEvent,
    Mark,
    NamePosition,
    NameRole,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "name",
    [
        call(7.5, position=NamePosition.FIRST),
        call(9.0, position=NamePosition.INSIDE),
        call(3.1),  # 4.9 s before the question
    ],
)
def test_a_name_before_or_inside_the_question_is_name_first(name: LessonEvent) -> None:
    episode = only(name, question(8, 10), pause(10, 12, Ender.PUPIL), turn(12, 14))
    assert Order.NQ is episode.order
    assert episode.denkpauze_gross_s is None
    assert 2.0 == episode.wait_time_1_s == episode.answer_time_s
    assert episode.after_name_s is None
    assert episode.kept is None


def test_a_name_five_seconds_before_the_question_is_a_wake_up() -> None:
    episode = only(call(3.0), question(8, 10), pause(10, 12, Ender.PUPIL), turn(12, 14))
    assert Order.Q_VOL is episode.order
    assert () == episode.names


def test_a_name_before_other_speech_is_not_name_first() -> None:
    assert [Order.Q_VOL] == orders(
        call(5.0), turn(6.0, 7.0), question(8, 10), pause(10, 12, Ender.PUPIL), turn(12, 14)
    )


@pytest.mark.parametrize("role", [NameRole.MENTION, NameRole.THANKS, NameRole.REPRIMAND])
def test_only_a_call_gives_the_turn(role: NameRole) -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.PUPIL), call(11, role=role), turn(12, 14))
    assert Order.Q_VOL is episode.order


def test_a_second_name_after_no_answer_is_passing_on_from_the_first() -> None:
    first, second = build_episodes(
        [question(1, 3), pause(3, 6, Ender.NAME), call(6, t_end=6.4), call(10.4, "p02"), END]
    )
    assert (Order.QPN, EpisodeEnd.NAMED) == (first.order, first.ended_by)
    assert (Order.FN, 4.0) == (second.order, second.denkpauze_gross_s)


def test_a_name_soon_after_the_teacher_went_on_still_belongs_to_the_question() -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.TEACHER_CONTINUES), call(13.9), END)
    assert Order.QPN is episode.order
    assert 3.9 == episode.denkpauze_gross_s
    assert 2.0 == episode.denkpauze_net_s
    assert 2.0 == episode.wait_time_1_s
    assert episode.kept is False


def test_a_name_after_two_seconds_of_other_talk_does_not() -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.TEACHER_CONTINUES), call(14.0), END)
    assert Order.Q_NONE is episode.order


def test_a_name_put_right_counts_as_the_last() -> None:
    episode = only(
        question(8, 10), pause(10, 13, Ender.NAME), call(13, "p01"), call(14.1, "p02"), END
    )
    assert episode.name is not None
    assert ("p02", 1, 4.1) == (
        episode.name.pupil,
        len(episode.names),
        episode.denkpauze_gross_s,
    )


def test_two_pupils_named_together_are_one_nomination() -> None:
    episode = only(
        question(8, 10), pause(10, 13, Ender.NAME), call(13, "p01"), call(13.6, "p02"), END
    )
    assert ["p01", "p02"] == [name.pupil for name in episode.names]
    assert 3.0 == episode.denkpauze_gross_s


def test_the_same_name_again_is_the_same_nomination() -> None:
    episode = only(
        question(8, 10), pause(10, 13, Ender.NAME), call(13), call(17), turn(18, 19), END
    )
    assert (3.0, EpisodeEnd.ANSWER) == (episode.denkpauze_gross_s, episode.ended_by)


def test_say_it_is_a_nomination_without_a_name() -> None:
    episode = only(question(8, 10), pause(10, 13, Ender.NAME), call(13, None), turn(14, 15))
    assert Order.QPN is episode.order
    assert (Flag.UNKNOWN_PUPIL,) == episode.flags


def test_a_question_put_to_the_named_pupil_restarts_nothing() -> None:
    episode = only(
        question(1, 3),
        pause(3, 6, Ender.NAME),
        call(6, t_end=6.4, position=NamePosition.FIRST),
        question(6.5, 8),
        turn(9, 10),
    )
    assert (Order.QPN, 3.0, 1) == (episode.order, episode.q_off, len(episode.addressed))


def test_a_name_between_stacked_questions_in_one_breath_is_name_first() -> None:
    episode = only(
        question(1, 3),
        call(3.2, t_end=3.6, position=NamePosition.FIRST),
        question(3.7, 5),
        pause(5, 7, Ender.PUPIL),
        turn(7, 8),
    )
    assert (Order.NQ, 2) == (episode.order, len(episode.questions))


def test_a_mark_calls_name_first_deliberate() -> None:
    mark = Mark(t=20, by="trainer", label="deliberate_name_first")
    first, second = build_episodes(
        [
            call(1),
            question(2, 3),
            turn(5, 6),
            call(10),
            question(11, 12),
            turn(14, 15),
            mark,
        ]
    )
    assert Flag.DELIBERATE_NAME_FIRST not in first.flags
    assert Flag.DELIBERATE_NAME_FIRST in second.flags


@pytest.mark.parametrize(("asked_on", "stacked"), [(4.099, True), (4.1, False)])
def test_a_name_opens_the_question_within_half_a_second(asked_on: float, stacked: bool) -> None:
    episode = only(
        question(1, 3), call(3.2, t_end=3.6, position=NamePosition.FIRST), question(asked_on, 6)
    )
    assert (Order.NQ if stacked else Order.QN_GLUED) is episode.order


@pytest.mark.parametrize(("second_on", "names"), [(15.4, 1), (15.401, 2)])
def test_a_name_is_put_right_within_two_seconds(second_on: float, names: int) -> None:
    events = [question(8, 10), call(13, "p01", 13.4), call(second_on, "p02"), END]
    assert names == len(build_episodes(events))


@pytest.mark.parametrize(("second_on", "names"), [(13.699, 2), (13.7, 1)])
def test_names_less_than_three_tenths_apart_are_together(second_on: float, names: int) -> None:
    assert names == len(only(question(8, 10), call(13, "p01"), call(second_on, "p02")).names)


@pytest.mark.parametrize(
    ("marked", "reached"), [(0.501, True), (0.5, False), (61, True), (61.1, False)]
)
def test_a_mark_reaches_back_sixty_seconds(marked: float, reached: bool) -> None:
    mark = Mark(t=marked, by="teacher", label="deliberate_name_first")
    episode = only(call(1), question(2, 3), turn(5, 6), mark)
    assert reached == (Flag.DELIBERATE_NAME_FIRST in episode.flags)


def test_a_mark_for_a_fragment_says_nothing_about_names() -> None:
    episode = only(call(1), question(2, 3), turn(5, 6), Mark(t=7, by="trainer"))
    assert () == tuple(flag for flag in episode.flags if flag is not Flag.UNMEASURED)
