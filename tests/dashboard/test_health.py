"""Which part of the device could not do its work, for how long, and what the model is worth."""

from __future__ import annotations

import pytest

from dashboard import health, words
from dashboard.health import Stretch
from lesson.events import Health, HealthPart, HealthState

pytestmark = pytest.mark.unit


def change(t: float, part: str, state: str) -> Health:
    return Health(t=t, part=HealthPart(part), state=HealthState(state))


def test_a_stretch_lasts_until_the_part_is_well_again_or_the_lesson_is_over() -> None:
    events = [
        change(10, "signal", "too_noisy"),
        change(12, "recogniser", "overflow"),
        change(15, "signal", "too_noisy"),
        change(20, "signal", "ok"),
        change(30, "link", "lost"),
    ]
    assert (
        Stretch(HealthPart.SIGNAL, HealthState.TOO_NOISY, 10, 20),
        Stretch(HealthPart.RECOGNISER, HealthState.OVERFLOW, 12, 60),
    ) == health.stretches(events, 60)
    assert ["behind"] == health.present(events)


def test_one_trouble_of_a_part_ends_the_one_before() -> None:
    events = [change(10, "microphone", "muted"), change(20, "microphone", "lost")]
    found = health.stretches(events, 15)  # the length may not be known yet
    assert [("muted", 10, 20), ("no_microphone", 20, 20)] == [
        (one.code, one.start_s, one.end_s) for one in found
    ]


def test_every_state_of_a_measuring_part_has_words() -> None:
    codes = {
        health.code_of(part, state)
        for part in health.MEASURING
        for state in HealthState
        if state is not HealthState.OK
    }
    assert codes == set(words.HEALTH)


def test_the_line_counts_and_adds_up(in_english: None) -> None:
    del in_english
    events = [
        change(0, "signal", "too_noisy"),
        change(5, "signal", "ok"),
        change(8, "signal", "too_noisy"),
        change(9, "signal", "ok"),
    ]
    assert [("too noisy", 2, 6.0)] == health.lines(health.stretches(events, 60))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (None, ""),
        ("none", "Without a speech model: pauses only, no kinds of question and no names"),
        ("denkpauze-nl", "Speech model: denkpauze-nl, built in: for trying only"),
        ("vosk-model-small-nl-0.22", "Speech model: vosk-model-small-nl-0.22"),
    ],
)
def test_the_model_is_said_with_what_it_is_worth(
    in_english: None, name: str | None, expected: str
) -> None:
    del in_english
    assert expected == health.model_line(name)
