"""Talk shares and the distribution of turns, worked by hand."""

from __future__ import annotations

import math

import pytest
from spoken import call, turn

from lesson.draft import LooseCall
from lesson.events import Name, Source
from lesson.statistics import Figure
from lesson.turns import TurnDistribution, nominations, talk_shares, turn_distribution

pytestmark = pytest.mark.unit


def distribution(*given: tuple[Name, ...], roster_size: int | None = 4) -> TurnDistribution:
    return turn_distribution(given, roster_size, 0.0, 100.0)


def test_a_share_between_two_steps_of_the_last_digit_is_the_same_at_any_time() -> None:
    turns = [turn(12.0, 22.5, Source.TEACHER)]
    before, after = math.nextafter(67.2, 0.0), math.nextafter(67.2, 70.0)
    assert talk_shares(turns, before) == talk_shares(turns, after)


def test_talk_shares_are_voice_over_the_whole_lesson_and_add_up() -> None:
    talk = talk_shares(
        [
            turn(0, 60, Source.TEACHER, 50),
            turn(60, 72, Source.PUPIL, 10),
            turn(72, 80, Source.MANY, 8),
            turn(80, 83, Source.UNKNOWN, 2),
        ],
        100.0,
    )
    shares = (talk.teacher, talk.pupil, talk.many, talk.unknown, talk.silence)
    assert [0.5, 0.1, 0.08, 0.02, 0.3] == [part.value for part in shares]
    assert [1, 1, 1, 1, 4] == [part.n for part in shares]
    assert Figure(value=0.8333, n=2) == talk.teacher_to_pupil


def test_overlapping_voices_leave_no_silence_and_still_add_up() -> None:
    talk = talk_shares([turn(0, 9, Source.TEACHER), turn(3, 9)], 10.0)
    assert (15.0, 0.6, 0.4, 0.0) == (
        talk.total_s,
        talk.teacher.value,
        talk.pupil.value,
        talk.silence.value,
    )


def test_distribution_over_four_pupils() -> None:
    turns = distribution(
        (call(10, "p01"),), (call(20, "p02"),), (call(30, "p01"),), (call(60, "p03"),)
    )
    assert (4.0, 3, {"p01": 2.0, "p02": 1.0, "p03": 1.0}) == (
        turns.nominations,
        turns.pupils_named,
        turns.counts,
    )
    assert 0.75 == turns.coverage.value
    assert 4 == turns.coverage.n
    assert Figure(value=0.75, n=4) == turns.evenness
    assert Figure(value=0.375, n=4) == turns.gini
    assert Figure(value=1.0, n=4) == turns.top3_share
    assert 40.0 == turns.longest_without_new_pupil_s


def test_two_together_count_half_each() -> None:
    turns = distribution((call(10, "p01"), call(10.5, "p02")), (call(20, "p01"),))
    assert {"p01": 1.5, "p02": 0.5} == turns.counts
    assert 2.0 == turns.nominations


def test_turns_without_a_name_are_counted_apart() -> None:
    turns = distribution((call(10, None),), (call(20, "p01"),), (call(30, "p01"),))
    assert (1.0, 2.0) == (turns.unknown, turns.nominations)
    assert Figure(value=0.3333, n=3) == turns.unknown_share


def test_top_three_share() -> None:
    turns = distribution(
        *((call(float(t), f"p{pupil:02}"),) for t, pupil in enumerate([1, 1, 2, 3, 4, 5]))
    )
    assert 0.6667 == turns.top3_share.value


def test_without_a_roster_nothing_is_said_about_the_class() -> None:
    turns = distribution((call(10, "p01"),), roster_size=None)
    missing = Figure(value=None, n=1, reason="no_roster")
    assert (missing, missing, missing) == (turns.coverage, turns.evenness, turns.gini)


def test_a_roster_is_at_least_as_large_as_the_pupils_named() -> None:
    turns = distribution((call(10, "p01"),), (call(20, "p02"),), roster_size=1)
    assert (2, 1.0) == (turns.roster_size, turns.coverage.value)


def test_when_everybody_was_named_the_rest_of_the_lesson_lacks_nobody() -> None:
    turns = distribution((call(10, "p01"),), (call(20, "p02"),), roster_size=2)
    assert 10.0 == turns.longest_without_new_pupil_s


def test_a_call_outside_an_episode_counts_only_when_answered() -> None:
    answered, wake_up = (call(10, "p01"),), (call(20, "p02"),)
    assert (answered,) == nominations((), [LooseCall(wake_up, False), LooseCall(answered, True)])
