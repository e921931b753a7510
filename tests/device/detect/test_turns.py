"""Turns: one source until another has really spoken."""

from __future__ import annotations

import pytest

from device.audio.frames import SAMPLE_RATE
from device.detect.spans import Span
from device.detect.turns import TurnBuilder
from lesson.events import Source, Turn

pytestmark = pytest.mark.unit


def span(source: Source, start_s: float, end_s: float, level_db: float = 50.0) -> Span:
    return Span(
        first_sample=round(start_s * SAMPLE_RATE),
        end_sample=round(end_s * SAMPLE_RATE),
        gate_db=40.0,
        background_db=30.0,
        voice_levels_db=[level_db],
        source=source,
    )


def turns(*spans: Span) -> list[tuple[Source, float, float, float]]:
    builder = TurnBuilder()
    found: list[Turn] = []
    for each in spans:
        found += builder.step(each)
    return [(turn.source, turn.t, turn.t_end, turn.speech_s) for turn in found + builder.flush()]


TEACHER, PUPIL = Source.TEACHER, Source.PUPIL


def test_spans_of_one_source_are_one_turn_with_its_silences_left_out() -> None:
    assert [(TEACHER, 1.0, 4.0, 2.0)] == turns(span(TEACHER, 1, 2), span(TEACHER, 3, 4))


def test_another_source_begins_a_turn() -> None:
    assert [(TEACHER, 1.0, 2.0, 1.0), (PUPIL, 3.0, 4.0, 1.0)] == turns(
        span(TEACHER, 1, 2), span(PUPIL, 3, 4)
    )


def test_less_than_three_tenths_of_a_second_is_no_turn() -> None:
    found = turns(span(TEACHER, 1, 2), span(PUPIL, 2.2, 2.4), span(TEACHER, 3, 4))
    assert [(TEACHER, 1.0, 4.0, 2.0)] == found


def test_a_faint_pupil_is_a_turn_of_unknown_owner_and_a_faint_teacher_the_teacher() -> None:
    found = turns(span(PUPIL, 1, 2, level_db=36.0), span(TEACHER, 3, 4, level_db=36.0))
    assert [Source.UNKNOWN, TEACHER] == [source for source, *_ in found]


def test_nothing_said_is_no_turn() -> None:
    assert [] == turns()


def test_a_flush_ends_the_turn() -> None:
    builder = TurnBuilder()
    builder.step(span(TEACHER, 1, 2))
    assert 1 == len(builder.flush())
    assert [] == builder.flush()
