"""What holds for any list of events at all."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_events import LOGS, PLAIN_EVENTS, identifier

from lesson.corrections import in_order
from lesson.episodes import Episode, Flag, build_episodes
from lesson.events import Correction, LessonEvent, parse_event
from lesson.metrics import summarise
from lesson.summary import LessonSummary
from lesson.thresholds import TIME_OUT_S

pytestmark = [pytest.mark.unit, pytest.mark.slow]

DURATIONS = [field.name for field in fields(Episode) if field.name.endswith("_s")]


@given(LOGS)
def test_any_log_has_a_summary_that_survives_json(
    log: list[tuple[str | None, LessonEvent]],
) -> None:
    summary = summarise(log)
    assert summary == LessonSummary.model_validate_json(summary.model_dump_json())


@given(LOGS)
def test_every_episode_is_coded_or_says_why_not(
    log: list[tuple[str | None, LessonEvent]],
) -> None:
    for episode in build_episodes(log):
        assert episode.order is not None or episode.open or Flag.UNMEASURED in episode.flags
        assert episode.questions or episode.names
        assert episode.end is not None or episode.open


@given(LOGS)
def test_durations_lie_between_zero_and_the_time_out(
    log: list[tuple[str | None, LessonEvent]],
) -> None:
    for episode in build_episodes(log):
        for name in DURATIONS:
            value = getattr(episode, name)
            values = value if isinstance(value, tuple) else () if value is None else (value,)
            assert all(0 <= each <= TIME_OUT_S + 5 for each in values), name
        gross_s, net_s = episode.denkpauze_gross_s, episode.denkpauze_net_s
        assert net_s is None or (gross_s is not None and net_s <= gross_s)


@given(LOGS)
def test_removing_everything_leaves_the_empty_summary(
    log: list[tuple[str | None, LessonEvent]],
) -> None:
    removals = [
        (
            identifier(1000 + number),
            Correction(t=0, action="remove", target=known, by="trainer"),
        )
        for number, (known, _) in enumerate(log)
    ]
    assert summarise([]) == summarise([*log, *removals])


@given(PLAIN_EVENTS, st.integers(1, 3000))
def test_a_shift_in_time_changes_nothing_but_times(events: list[LessonEvent], shift: int) -> None:
    early, late = ([_moved(event, by) for event in events] for by in (0.0, float(shift)))
    assert summarise(early) == summarise(late)


@given(PLAIN_EVENTS, st.randoms())
def test_the_order_of_arrival_does_not_matter(events: list[LessonEvent], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert build_episodes(events) == build_episodes(shuffled)
    assert summarise(events) == summarise(shuffled)


@given(PLAIN_EVENTS)
def test_delivery_twice_changes_nothing(events: list[LessonEvent]) -> None:
    assert summarise(events) == summarise([*events, *events])


@given(PLAIN_EVENTS)
def test_counts_add_up(events: list[LessonEvent]) -> None:
    episodes = build_episodes(events)
    summary = summarise(events)
    decided = [episode for episode in episodes if not episode.open]
    assert summary.episodes == sum(bool(episode.questions) for episode in decided)
    coded = sum(summary.orders.values())
    assert coded == sum(episode.order is not None for episode in decided)
    asked = [question for episode in episodes for question in episode.questions]
    asked += [question for episode in episodes for question in episode.addressed]
    assert len(asked) == len(set(asked)) == summary.questions.arming
    talk = summary.talk
    parts = [talk.teacher, talk.pupil, talk.many, talk.unknown, talk.silence]
    if talk.total_s > 0:
        assert pytest.approx(1.0, abs=3e-4) == sum(part.value or 0.0 for part in parts)


def test_events_of_one_moment_are_ordered_by_kind() -> None:
    end = parse_event({"kind": "lesson_ended", "t": 3, "reason": "button"})
    mark = parse_event({"kind": "mark", "t": 3, "by": "teacher"})
    assert (end, mark) == in_order([mark, end]) == in_order([end, mark])


def _moved(event: LessonEvent, by_s: float) -> LessonEvent:
    """Later, and on a grid of eighths of a second: the difference of two tenths is not exact."""

    def moment(t: float) -> float:
        return round(t * 10) / 8 + by_s

    data = event.model_dump()
    for field in ("t", "t_end", "question_end"):
        if data.get(field) is not None:
            data[field] = moment(data[field])
    if data.get("prompts"):
        data["prompts"] = [(moment(a), moment(b)) for a, b in data["prompts"]]
    return parse_event(data)
