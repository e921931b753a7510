"""Second by second, what the teacher sees: policy, driver and light together on mock pins."""

from __future__ import annotations

import pytest
from gpiozero.pins.mock import MockFactory
from light_bench import ZERO_S, light_of

from lesson.events import CueMode, Signal
from lesson.phases import Phase, PhaseName

pytestmark = pytest.mark.unit

LAG_S = 0.06


def think(t: float, since: float) -> Phase:
    return Phase(t, PhaseName.THINK, since, "question_decided")


def named(t: float) -> Phase:
    return Phase(t, PhaseName.NAMED, t, "name")


def hesitation(t: float) -> Phase:
    return Phase(t, PhaseName.LISTENING, t, "hesitation")


def test_a_kept_pause(mock_pins: MockFactory) -> None:
    log, cues, fired = light_of([think(1.4, 1.0), named(4.6)], 6.0)
    assert [colour for _, colour in log] == ["amber", "green", "dark"]
    glow, green, dark = (t for t, _ in log)
    # The glow begins with the frame that brought the decision, which is late by the lag ...
    assert glow == pytest.approx(1.4 + LAG_S)
    # ... but the green is on time in the room: 3.0 s after the question, to one step of the test.
    assert 4.0 <= green <= 4.02 + 1e-9
    assert 0.6 <= dark - green <= 0.62 + 1e-9
    assert [(cue.t, cue.signal) for cue in cues] == [(1.4, Signal.WAIT), (4.0, Signal.GO)]
    assert fired[1].due_s == pytest.approx(ZERO_S + 4.0)


def test_a_short_pause(mock_pins: MockFactory) -> None:
    log, cues, _ = light_of([think(1.4, 1.0), named(2.2)], 6.0)
    assert log == [(1.46, "amber"), (2.26, "dark")]
    assert [cue.signal for cue in cues] == [Signal.WAIT, Signal.OFF]


def test_a_hesitation_inside_a_question(mock_pins: MockFactory) -> None:
    phases = [think(1.4, 1.0), hesitation(1.8), think(3.4, 3.0), named(7.0)]
    log, _, _ = light_of(phases, 8.0)
    assert log[:3] == [(1.46, "amber"), (1.86, "dark"), (3.46, "amber")]
    assert [colour for _, colour in log[3:]] == ["green", "dark"]


def test_a_decision_that_comes_too_late(mock_pins: MockFactory) -> None:
    assert light_of([think(3.6, 1.0), named(6.0)], 7.0) == ([], [], [])


def test_a_name_right_after_the_green_leaves_the_green_its_time(mock_pins: MockFactory) -> None:
    log, _, _ = light_of([think(1.4, 1.0), named(4.2)], 6.0)
    assert [colour for _, colour in log] == ["amber", "green", "dark"]
    assert log[2][0] - log[1][0] >= 0.6


def test_a_silent_lesson_never_lights_up(mock_pins: MockFactory) -> None:
    phases = [think(1.4, 1.0), named(4.6)]
    assert light_of(phases, 6.0, mode=CueMode.SILENT, driven=False) == ([], [], [])
