"""The strip of a lesson: everything is drawn where it happened, and inside the strip."""

from __future__ import annotations

import pytest
from lesson_events import LessonScript, a_lesson

from dashboard.health import Stretch
from dashboard.timeline import LANES, WIDTH, Box, timeline
from lesson.episodes import build_episodes
from lesson.events import (
    Cue,
    Feedback,
    HealthPart,
    HealthState,
    Mark,
    Name,
    NamePosition,
    NameRole,
    Question,
    QuestionForm,
    Signal,
    Source,
    Turn,
)

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("in_english")]


def drawn(script: LessonScript, length_s: float) -> tuple[Box, ...]:
    return timeline(build_episodes(e.event for e in script.envelopes), length_s).boxes


def test_question_pause_and_name_lie_where_they_happened() -> None:
    script = LessonScript().started().question_pause_name(100, 5)
    assert (
        Box(100.0, 2.0, "question", "1:40 · question 1, thought-provoking question"),
        Box(102.0, 5.0, "pause", "1:42 · pause of 5.0 s"),
        Box(107.0, 2.0, "name", "1:47 · p07"),  # 0.4 s, widened until it can be seen
    ) == drawn(script, 1000)


def test_a_name_that_came_first_has_no_think_pause() -> None:
    script = LessonScript().started().name_first(100)
    assert ["question", "name"] == [box.kind for box in drawn(script, 1000)]


@pytest.mark.parametrize("length_s", [0.0, 30.0, 3000.0])
def test_nothing_lies_outside_even_when_the_length_is_not_known(length_s: float) -> None:
    boxes = drawn(a_lesson(), length_s)
    assert boxes
    assert all(0 <= box.x <= box.x + box.width <= WIDTH + 2 for box in boxes)


@pytest.mark.parametrize("length_s", [1, 59, 200, 3000, 20_000])
def test_ticks_are_few_and_start_at_nought(length_s: float) -> None:
    ticks = timeline((), length_s).ticks
    assert (0.0, 0) == ticks[0]
    assert 1 <= len(ticks) <= 13


def test_what_belongs_to_no_episode_is_on_it_too() -> None:
    script = LessonScript().started().question_pause_name(100, 5)
    tag = Question(t=200, t_end=201, form=QuestionForm.TAG, arms=False, probability=0.9)
    thanks = Name(
        t=300,
        t_end=301,
        pupil="p03",
        role=NameRole.THANKS,
        position=NamePosition.LAST,
        probability=0.9,
    )
    script.add(tag).add(thanks)
    script.add(Feedback(t=400, t_end=402, specific=True, positive=True))
    events = [envelope.event for envelope in script.envelopes]
    boxes = timeline(build_episodes(events), 1000, events).boxes
    assert [
        "3:20 · tag",
        "5:00 · p03 · thanked or praised",
        "6:40 · feedback, specific",
    ] == [box.text for box in boxes[-3:]]
    assert ["question", "pause", "name"] == [b.kind for b in boxes[:-3] if b.kind != "teacher"][:3]


def test_who_speaks_signals_marks_and_trouble_are_on_it_in_order_of_time() -> None:
    events = [
        Mark(t=50, by="trainer"),
        Cue(t=30, signal=Signal.GO, question_end=27),
        Cue(t=31, signal=Signal.OFF, question_end=27),
        Turn(t=10, t_end=20, source=Source.TEACHER, speech_s=9),
        Turn(t=60, t_end=62, source=Source.UNKNOWN, speech_s=1),
    ]
    noisy = Stretch(HealthPart.SIGNAL, HealthState.TOO_NOISY, 70, 90)
    boxes = timeline((), 1000, events, [noisy]).boxes
    assert [
        Box(10.0, 10.0, "teacher", "0:10 · the teacher"),
        Box(30.0, 2.0, "cue", "0:30 · signal: the target is reached"),
        Box(50.0, 2.0, "fragment", "0:50 · fragment"),
        Box(70.0, 20.0, "health", "1:10 · too noisy"),
    ] == list(boxes)
    assert [LANES[box.kind] for box in boxes] == [(box.y, box.height) for box in boxes]
