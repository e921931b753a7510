"""What of a pause is measured, and what takes its number away, worked by hand."""

from __future__ import annotations

import pytest
from spoken import END, call, only, pause, question, turn

from lesson.episodes import EpisodeEnd, Flag, Order
from lesson.events import (
    Correction,
    Ender,
    Health,
    HealthPart,
    HealthState,
    LessonEnded,
    PauseOutcome,
)

pytestmark = pytest.mark.unit


def test_a_teacher_who_answers_keeps_the_wait_time_and_a_flag() -> None:
    episode = only(question(8, 10), pause(10, 11.5, Ender.SELF_ANSWER), call(13), END)
    assert EpisodeEnd.SELF_ANSWER is episode.ended_by
    assert (Order.Q_NONE, 1.5) == (episode.order, episode.wait_time_1_s)
    assert (Flag.SELF_ANSWERED,) == episode.flags


def test_questions_within_a_second_are_stacked_and_the_last_starts_the_clock() -> None:
    episode = only(
        question(1, 3), question(3.999, 5), question(5.2, 7), pause(7, 10, Ender.NAME), call(10)
    )
    assert 3 == episode.stack_size
    assert (3.0, 7.0) == (episode.first_q_off, episode.q_off)
    assert 3.0 == episode.denkpauze_gross_s
    assert (Flag.STACKED,) == episode.flags


def test_a_question_after_a_second_is_a_rephrase_and_breaks_the_pause_off() -> None:
    episode = only(
        question(1, 3),
        pause(3, 4.0, Ender.REPHRASE),
        question(4.0, 5, reasons=("repeat",)),
        pause(5, 8, Ender.NAME),
        call(8),
    )
    assert 1 == episode.stack_size
    assert (1.0,) == episode.broken_off_s
    assert 3.0 == episode.wait_time_1_s
    assert (Flag.REPHRASED, Flag.REPEATED) == episode.flags


def test_a_think_prompt_is_gross_pause_but_not_net() -> None:
    episode = only(
        question(8, 10), pause(10, 14, Ender.NAME, prompts=((11.0, 12.5),)), call(14), END
    )
    assert (4.0, 1.5) == (episode.denkpauze_gross_s, episode.denkpauze_net_s)
    assert (Flag.THINK_PROMPT,) == episode.flags
    assert (Order.QPN, False) == (episode.order, episode.kept)


def test_fifteen_seconds_without_anything_are_censored() -> None:
    episode = only(
        question(8, 10), pause(10, 26, Ender.TIMEOUT, PauseOutcome.CENSORED), call(26), END
    )
    assert (Order.Q_NONE, EpisodeEnd.TIME_OUT, 25.0) == (
        episode.order,
        episode.ended_by,
        episode.end,
    )
    assert (Flag.CENSORED,) == episode.flags
    assert episode.wait_time_1_s is None
    assert () == episode.names


def test_a_pause_of_fifteen_seconds_still_counts() -> None:
    assert 15.0 == only(question(8, 10), pause(10, 25, Ender.NAME), call(25)).wait_time_1_s


@pytest.mark.parametrize("outcome", [PauseOutcome.UNMEASURED, PauseOutcome.INTERRUPTED])
def test_a_pause_without_a_measurement_gives_no_number(outcome: PauseOutcome) -> None:
    episode = only(question(8, 10), pause(10, 13, None, outcome), call(13.5), turn(14, 15))
    assert (None, None, None, None, None) == (
        episode.denkpauze_gross_s,
        episode.denkpauze_net_s,
        episode.wait_time_1_s,
        episode.answer_time_s,
        episode.kept,
    )
    unmeasured = outcome is PauseOutcome.UNMEASURED
    assert (Flag.UNMEASURED if unmeasured else Flag.INTERRUPTED,) == episode.flags
    assert (None if unmeasured else Order.QPN) is episode.order


def test_lost_sound_between_question_and_name_hides_the_order() -> None:
    lost = Health(t=12, part=HealthPart.MICROPHONE, state=HealthState.LOST)
    episode = only(question(8, 10), lost, call(13.5), END)
    assert episode.order is None
    assert episode.denkpauze_gross_s is None
    assert (Flag.UNMEASURED,) == episode.flags


def test_a_question_that_a_person_added_without_its_pause_has_a_think_pause_only() -> None:
    added = Correction(t=8, action="add", event=question(8, 10), by="trainer")
    episode = only(added, call(13.5), END)
    assert (Order.QPN, 3.5) == (episode.order, episode.denkpauze_gross_s)
    assert (None, None) == (episode.denkpauze_net_s, episode.wait_time_1_s)
    assert (Flag.UNMEASURED,) == episode.flags


def test_a_retracted_pause_counts_nowhere() -> None:
    episode = only(
        pause(9, 9.6, None, PauseOutcome.RETRACTED),
        question(8, 10),
        pause(10, 13, Ender.NAME),
        call(13),
    )
    assert (3.0, 10.0) == (episode.wait_time_1_s, episode.q_off)


def test_a_murmur_in_the_pause_is_no_answer() -> None:
    episode = only(question(8, 10), pause(10, 13, Ender.NAME), turn(11, 11.4), call(13), END)
    assert (Order.QPN, 3.0) == (episode.order, episode.wait_time_1_s)


def test_a_question_in_the_noise_says_so() -> None:
    assert Flag.LOW_SNR in only(question(8, 10, snr_db=0.0), END).flags
    assert Flag.LOW_SNR not in only(question(8, 10, snr_db=6.0), END).flags


def test_a_pause_moved_by_a_person_stays_with_its_question() -> None:
    episode = only(question(8, 10.3), pause(10, 13, Ender.NAME), call(13))
    assert (2.7, 2.7) == (episode.wait_time_1_s, episode.denkpauze_gross_s)


def test_the_end_of_the_lesson_is_not_the_next_speech() -> None:
    episode = only(
        question(8, 10), pause(10, 12, Ender.LESSON_END), LessonEnded(t=12, reason="button")
    )
    assert episode.wait_time_1_s is None
    assert (Flag.UNMEASURED,) == episode.flags


@pytest.mark.parametrize(("started", "matched"), [(10.5, True), (10.501, False)])
def test_a_pause_belongs_to_a_question_within_half_a_second(started: float, matched: bool) -> None:
    episode = only(question(8, 10), pause(started, 12, Ender.NAME), call(12))
    assert matched == (episode.pause is not None)


@pytest.mark.parametrize(("snr_db", "low"), [(5.9, True), (6.0, False)])
def test_low_snr_is_under_six_decibels(snr_db: float, low: bool) -> None:
    assert low == (Flag.LOW_SNR in only(question(8, 10, snr_db=snr_db), END).flags)
