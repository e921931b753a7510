"""The strip of a lesson: everything is drawn where it happened, and inside the strip."""

from __future__ import annotations

import pytest
from lesson_events import LessonScript, a_lesson

from dashboard.timeline import WIDTH, Box, timeline
from lesson.episodes import build_episodes

pytestmark = pytest.mark.unit


def drawn(script: LessonScript, length_s: float) -> tuple[Box, ...]:
    return timeline(build_episodes(e.event for e in script.envelopes), length_s).boxes


def test_question_pause_and_name_lie_where_they_happened() -> None:
    script = LessonScript().started().question_pause_name(100, 5)
    assert (
        Box(100.0, 2.0, "question", 1),
        Box(102.0, 5.0, "pause", 1),
        Box(107.0, 2.0, "name", 1),  # 0.4 s, widened until it can be seen
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
