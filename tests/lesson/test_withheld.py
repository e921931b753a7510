"""Figures that are left out: who spoke is unknown, or the class was too noisy for a while."""

from __future__ import annotations

import pytest
from spoken import turn

from lesson.events import Health, HealthPart, HealthState, LessonEvent, Source
from lesson.turns import speakers_known, talk_shares, too_noisy_s

pytestmark = pytest.mark.unit


def signal(t: float, state: HealthState) -> Health:
    return Health(t=t, part=HealthPart.SIGNAL, state=state)


def test_without_a_turn_or_with_one_known_source_speakers_are_known() -> None:
    assert speakers_known([])
    assert speakers_known([turn(1, 2, Source.UNKNOWN), turn(3, 4, Source.PUPIL)])
    assert not speakers_known([turn(1, 2, Source.UNKNOWN)])


def test_noise_lasts_until_the_signal_changes_or_the_lesson_ends() -> None:
    events: list[LessonEvent] = [
        signal(10, HealthState.TOO_NOISY),
        signal(30, HealthState.OK),
        signal(80, HealthState.TOO_NOISY),
    ]
    assert 40.0 == too_noisy_s(events, 100.0)
    assert 0.0 == too_noisy_s(events[:0], 100.0)


def test_trouble_of_another_kind_is_no_noise() -> None:
    other = Health(t=5, part=HealthPart.MICROPHONE, state=HealthState.LOST)
    assert 0.0 == too_noisy_s([signal(1, HealthState.TOO_QUIET), other], 50.0)


def test_talk_shares_leave_out_the_noisy_stretch() -> None:
    events: list[LessonEvent] = [
        turn(0, 30, Source.TEACHER),
        signal(50, HealthState.TOO_NOISY),
        signal(90, HealthState.OK),
    ]
    shares = talk_shares(events, 100.0)
    assert (60.0, 0.5) == (shares.total_s, shares.teacher.value)
