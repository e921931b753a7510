"""Every order code, every end and every edge case, worked by hand."""

from __future__ import annotations

import pytest
from spoken import call, pause, question, turn

from lesson.episodes import Episode, EpisodeEnd, Flag, Order, build_episodes
from lesson.events import (
    Correction,
    CueMode,
    Ender,
    Health,
    HealthPart,
    HealthState,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Mark,
    NamePosition,
    NameRole,
    PauseOutcome,
    QuestionForm,
    Source,
)

pytestmark = pytest.mark.unit

END = LessonEnded(t=120, reason="button")


def only(*events: LessonEvent, target_s: float | None = None) -> Episode:
    episodes = build_episodes(events, target_s)
    assert 1 == len(episodes)
    return episodes[0]


def orders(*events: LessonEvent) -> list[Order | None]:
    return [episode.order for episode in build_episodes(events)]


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


def test_a_second_name_after_no_answer_is_passing_on_from_the_first() -> None:
    first, second = build_episodes(
        [question(1, 3), pause(3, 6, Ender.NAME), call(6, t_end=6.4), call(10.4, "p02"), END]
    )
    assert (Order.QPN, EpisodeEnd.NAMED) == (first.order, first.ended_by)
    assert (Order.FN, 4.0) == (second.order, second.denkpauze_gross_s)


def test_no_name_and_no_answer_is_nobodys_turn() -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.TEACHER_CONTINUES), END)
    assert Order.Q_NONE is episode.order
    assert EpisodeEnd.ABANDONED is episode.ended_by
    assert 14.0 == episode.end
    assert (Flag.ABANDONED,) == episode.flags
    assert 2.0 == episode.wait_time_1_s


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


def test_a_murmur_in_the_pause_is_no_answer() -> None:
    episode = only(question(8, 10), pause(10, 13, Ender.NAME), turn(11, 11.4), call(13), END)
    assert (Order.QPN, 3.0) == (episode.order, episode.wait_time_1_s)


def test_pupil_speech_under_three_tenths_is_no_answer() -> None:
    assert [Order.Q_NONE] == orders(question(8, 10), turn(11, 11.29), END)


def test_the_turn_is_attached_to_an_answer_the_pause_told_of_first() -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.PUPIL), turn(12.1, 14))
    assert (12.0, turn(12.1, 14)) == (episode.answer_on, episode.answer)


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


def test_a_question_in_the_noise_says_so() -> None:
    assert Flag.LOW_SNR in only(question(8, 10, snr_db=0.0), END).flags
    assert Flag.LOW_SNR not in only(question(8, 10, snr_db=6.0), END).flags


def test_the_end_of_the_lesson_ends_an_episode() -> None:
    episode = only(question(8, 10), LessonEnded(t=11, reason="button"))
    assert (EpisodeEnd.LESSON_END, 11.0) == (episode.ended_by, episode.end)


def test_an_undecided_episode_is_open() -> None:
    episode = only(question(8, 10), pause(10, 12, Ender.TEACHER_CONTINUES))
    assert episode.open
    assert (None, None) == (episode.order, episode.end)


def test_a_pause_moved_by_a_person_stays_with_its_question() -> None:
    episode = only(question(8, 10.3), pause(10, 13, Ender.NAME), call(13))
    assert (2.7, 2.7) == (episode.wait_time_1_s, episode.denkpauze_gross_s)


def test_the_end_of_the_lesson_is_not_the_next_speech() -> None:
    episode = only(
        question(8, 10), pause(10, 12, Ender.LESSON_END), LessonEnded(t=12, reason="button")
    )
    assert episode.wait_time_1_s is None
    assert (Flag.UNMEASURED,) == episode.flags


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
    ("pupil_on", "flag"), [(10.499, Flag.CALLED_OUT), (10.5, Flag.TURN_WITHOUT_NAME)]
)
def test_calling_out_ends_at_half_a_second(pupil_on: float, flag: Flag) -> None:
    events = (question(8, 10), pause(10, pupil_on, Ender.PUPIL), turn(pupil_on, 12))
    assert (flag,) == only(*events).flags


def test_three_tenths_of_pupil_speech_are_an_answer() -> None:
    assert [Order.Q_VOL] == orders(question(8, 10), turn(11, 11.3), END)


@pytest.mark.parametrize(("started", "matched"), [(10.5, True), (10.501, False)])
def test_a_pause_belongs_to_a_question_within_half_a_second(started: float, matched: bool) -> None:
    episode = only(question(8, 10), pause(started, 12, Ender.NAME), call(12))
    assert matched == (episode.pause is not None)


@pytest.mark.parametrize(("voices_until", "order"), [(22.99, Order.Q_CHORAL), (23, Order.Q_ALL)])
def test_pair_talk_lasts_ten_seconds(voices_until: float, order: Order) -> None:
    assert [order] == orders(question(8, 10), turn(13, voices_until, Source.MANY))


@pytest.mark.parametrize(("snr_db", "low"), [(5.9, True), (6.0, False)])
def test_low_snr_is_under_six_decibels(snr_db: float, low: bool) -> None:
    assert low == (Flag.LOW_SNR in only(question(8, 10, snr_db=snr_db), END).flags)


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
