"""One lesson of ten questions whose figures were worked out on paper."""

from __future__ import annotations

import json

import pytest
from spoken import call, pause, question, turn

from lesson.episodes import Order
from lesson.events import (
    Ender,
    Focus,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Mark,
    QuestionForm,
    Source,
)
from lesson.metrics import summarise
from lesson.statistics import Figure
from lesson.summary import LessonSummary

pytestmark = pytest.mark.unit


def named(start: float, wait: float, pupil: str, form: QuestionForm) -> list[LessonEvent]:
    """A question of 2 s, a silence, a name, and an answer 1 s after it; the teacher 1 s later."""
    asked, name_on = start + 2, start + 2 + wait
    return [
        question(start, asked, form),
        pause(asked, name_on, Ender.NAME, net_s=wait),
        call(name_on, pupil),
        turn(name_on + 1.4, name_on + 3.4),
        turn(name_on + 4.4, name_on + 6.4, Source.TEACHER),
    ]


STARTED = LessonStarted.model_validate(
    {
        "t": 0,
        "wall": "2026-11-16T08:30:00Z",
        "clock_synchronised": True,
        "mode": "silent",
        "language": "nl",
        "roster_size": 4,
        "recogniser": "demo",
        "software": "0.1.0",
    }
)

LESSON: list[LessonEvent] = [
    STARTED,
    *named(10, 3.5, "p01", QuestionForm.OPEN),
    *named(40, 3.0, "p02", QuestionForm.CHECK),
    *named(70, 2.0, "p01", QuestionForm.CHECK),
    *named(100, 0.1, "p03", QuestionForm.YESNO),
    # name first, and once on purpose
    call(129, "p01"),
    question(130, 132, QuestionForm.OPEN),
    pause(132, 133, Ender.PUPIL),
    turn(133, 135),
    turn(136, 138, Source.TEACHER),
    call(159, "p02"),
    question(160, 162, QuestionForm.FOLLOWUP),
    pause(162, 165, Ender.PUPIL),
    turn(165, 167),
    Mark(t=170, by="trainer", label="deliberate_name_first"),
    # a volunteer after 4 s, a called-out answer, two stacked questions answered by the teacher
    question(190, 192, QuestionForm.CHOICE, focus=Focus.OPEN),
    pause(192, 196, Ender.PUPIL),
    turn(196, 198),
    question(220, 222, QuestionForm.CHECK),
    pause(222, 222.2, Ender.PUPIL),
    turn(222.2, 224),
    question(250, 252, QuestionForm.CHECK),
    question(252.5, 254, QuestionForm.CHECK),
    pause(254, 255, Ender.SELF_ANSWER),
    # not arming
    question(280, 281, QuestionForm.META, arms=False),
    LessonEnded(t=300, reason="button"),
]


def test_episodes_are_counted_by_order() -> None:
    summary = summarise(LESSON)
    expected = {Order.QPN: 2, Order.QN_SHORT: 1, Order.QN_GLUED: 1, Order.NQ: 2}
    expected |= {Order.Q_VOL: 2, Order.Q_NONE: 1}
    assert {order: expected.get(order, 0) for order in Order} == summary.orders
    assert 9 == summary.episodes
    assert (1, 1) == (summary.name_first, summary.name_first_deliberate)


def test_think_pauses_have_median_quartiles_and_success() -> None:
    pauses = summarise(LESSON).pauses
    gross = pauses.denkpauze_gross  # 0.1 2.0 3.0 3.5
    assert (4, 2.5, 1.525, 3.125) == (gross.n, gross.median_s.value, gross.q1_s, gross.q3_s)
    assert gross == pauses.denkpauze_net
    # 2 of QPN QPN short glued and the name-first that nobody called deliberate
    assert (0.4, 5) == (pauses.denkpauze_success.value, pauses.denkpauze_success.n)
    # the volunteer after 4 s kept the pause too; who called out is not judged: 3 of 5
    assert (0.6, 5) == (pauses.kept_share.value, pauses.kept_share.n)


def test_wait_time_1_is_over_all_episodes() -> None:
    pauses = summarise(LESSON).pauses
    # 0.1 0.2 1 1 2 3 3 3.5 4
    assert (9, 2.0) == (pauses.wait_time_1.n, pauses.wait_time_1.median_s.value)
    assert (0.4444, 9) == (
        pauses.wait_time_1_at_least_3_share.value,
        pauses.wait_time_1_at_least_3_share.n,
    )


def test_rates_are_shares_of_the_episodes() -> None:
    summary = summarise(LESSON)
    for rate in (summary.self_answer_rate, summary.stack_rate):
        assert (0.1111, 9) == (rate.value, rate.n)
    assert (0.4, 5) == (
        summary.question_pause_name_share.value,
        summary.question_pause_name_share.n,
    )


def test_pupils_times_are_given_when_enough_pupils_were_heard() -> None:
    summary = summarise(LESSON)
    assert (0.8889, 9) == (summary.answers_heard_share.value, summary.answers_heard_share.n)
    assert (4, 1.0) == (summary.pauses.after_name.n, summary.pauses.after_name.median_s.value)
    # seven answers; after the one at 165, 196 and 222 nothing of the teacher is heard
    assert (5, 1.0) == (summary.pauses.wait_time_2.n, summary.pauses.wait_time_2.median_s.value)


def test_pupils_times_are_not_measurable_when_too_few_were_heard() -> None:
    deaf = [
        event
        for event in LESSON
        if not (hasattr(event, "source") and event.source is Source.PUPIL and event.t > 100)
    ]
    summary = summarise(deaf)
    assert 0.3333 == summary.answers_heard_share.value
    missing = Figure(value=None, n=0, reason="not_measurable")
    for spread in (
        summary.pauses.answer_time,
        summary.pauses.after_name,
        summary.pauses.wait_time_2,
        summary.pauses.wait_time_2_rowe,
    ):
        assert missing == spread.median_s
    assert 9 == summary.pauses.wait_time_1.n


def test_the_question_mix_goes_by_content_where_it_is_known() -> None:
    mix = summarise(LESSON).questions
    # open: two by form, the choice by focus, of open 2 check 5 yesno 1 choice 1
    assert (0.3333, 9) == (mix.open_share.value, mix.open_share.n)
    assert Figure(value=0.125, n=8) == mix.followup_share
    assert (10, 1) == (mix.arming, mix.by_form[QuestionForm.META])


def test_turns_go_over_the_roster_of_the_lesson_unless_another_is_given() -> None:
    turns = summarise(LESSON).turns
    assert {"p01": 3.0, "p02": 2.0, "p03": 1.0} == turns.counts
    assert (4, 0.75) == (turns.roster_size, turns.coverage.value)
    assert 197.9 == turns.longest_without_new_pupil_s  # from p03 at 102.1 to the end at 300
    assert 26 == summarise(LESSON, roster_size=26).turns.roster_size


def test_a_longer_target_changes_the_order_codes() -> None:
    summary = summarise(LESSON, target_s=3.6)
    assert (1, 2) == (summary.orders[Order.QPN], summary.orders[Order.QN_SHORT])
    assert 3.6 == summary.target_s


def test_an_episode_still_open_is_counted_nowhere() -> None:
    before = LESSON[:-2]
    running = [*before, question(270, 272), pause(272, 273, Ender.TEACHER_CONTINUES)]
    summary = summarise(running)
    assert (9, 1) == (summary.episodes, summary.counts.open)
    assert 9 == summary.pauses.wait_time_1.n


def test_a_summary_is_plain_json_and_takes_no_unknown_field() -> None:
    summary = summarise(LESSON)
    data = json.loads(summary.model_dump_json())
    assert summary == LessonSummary.model_validate_json(json.dumps(data))
    with pytest.raises(ValueError, match="extra"):
        LessonSummary.model_validate_json(json.dumps({**data, "name": "Sofie"}))
    with pytest.raises(ValueError, match="valid integer"):
        LessonSummary.model_validate_json(json.dumps({**data, "episodes": "12"}))


@pytest.mark.parametrize(("answered", "measurable"), [(6, True), (5, False)])
def test_pupils_must_be_heard_in_sixty_percent(answered: int, measurable: bool) -> None:
    events: list[LessonEvent] = []
    for number in range(10):
        start = number * 30.0
        events += [question(start, start + 2), pause(start + 2, start + 4, Ender.PUPIL)]
        if number < answered:
            events.append(turn(start + 4, start + 6))
    answer_time = summarise(events).pauses.answer_time
    assert (10 if measurable else 0) == answer_time.n
    assert (None if measurable else "not_measurable") == answer_time.median_s.reason


def test_the_research_line_is_exactly_three_seconds() -> None:
    events: list[LessonEvent] = []
    for number, wait in enumerate([2.9, 2.999, 3.0, 3.1]):
        start = number * 30.0
        events += [question(start, start + 2), pause(start + 2, start + 2 + wait, Ender.PUPIL)]
    at_least_3 = summarise(events).pauses.wait_time_1_at_least_3_share
    assert (0.5, 4) == (at_least_3.value, at_least_3.n)
