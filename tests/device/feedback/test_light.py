"""The lights on mock pins: what the teacher sees, second by second."""

from __future__ import annotations

import pytest
from gpiozero.pins.mock import MockFactory

from device.errors import OutputError
from device.feedback.light import (
    BREATH_S,
    DARK,
    GREEN_S,
    RESTING,
    BoxState,
    CueLight,
    ListenLight,
    glow,
)
from device.feedback.pins import Pins

pytestmark = pytest.mark.unit

PINS = Pins()
Levels = tuple[float, float, float]


def levels(pins: MockFactory) -> Levels:
    """Duty cycle of red, green and blue."""
    plan = (PINS.cue_red, PINS.cue_green, PINS.cue_blue)
    red, green, blue = (round(float(pins.pin(number).state), 3) for number in plan)
    return red, green, blue


def test_the_glow_breathes_between_dim_and_full_and_is_never_dark() -> None:
    assert glow(0.0) == pytest.approx(0.15)
    assert glow(BREATH_S / 2) == pytest.approx(1.0)
    assert glow(BREATH_S) == pytest.approx(0.15)
    assert min(glow(step / 100) for step in range(500)) >= 0.15


def test_a_kept_pause_glows_amber_then_shows_a_short_green_then_nothing(
    mock_pins: MockFactory,
) -> None:
    light = CueLight()
    light.wait()
    assert light.step(0.0) == pytest.approx(0.04)
    assert levels(mock_pins) == (0.045, 0.018, 0.0)
    light.step(1.0)
    assert levels(mock_pins) == (0.3, 0.12, 0.0)
    light.go()
    assert light.step(0.0) == pytest.approx(GREEN_S)
    assert levels(mock_pins) == (0.0, 0.3, 0.03)
    assert light.step(GREEN_S) is None
    assert levels(mock_pins) == (0.0, 0.0, 0.0)
    light.close()


def test_a_short_pause_goes_dark_at_once_and_shows_no_other_colour(
    mock_pins: MockFactory,
) -> None:
    light = CueLight()
    light.wait()
    light.step(0.5)
    light.off()
    assert levels(mock_pins) == (0.0, 0.0, 0.0)
    assert light.step(0.54) == pytest.approx(0.06)
    assert levels(mock_pins) == (0.0, 0.0, 0.0)
    light.close()


def test_the_brightness_scales_all_colours(mock_pins: MockFactory) -> None:
    light = CueLight(brightness=0.6)
    light.go()
    assert levels(mock_pins) == (0.0, 0.6, 0.06)
    light.close()


def test_the_state_of_the_box_is_shown_between_cues_and_never_over_one(
    mock_pins: MockFactory,
) -> None:
    light = CueLight(brightness=1.0)
    light.rest((1.0, 0.0, 0.0))
    assert levels(mock_pins) == (1.0, 0.0, 0.0)
    light.go()
    light.rest((0.0, 0.0, 1.0))
    assert levels(mock_pins) == (0.0, 1.0, 0.1)
    assert light.step(GREEN_S) is None
    assert levels(mock_pins) == (0.0, 0.0, 1.0)
    light.close()


def test_each_state_of_the_box_differs_in_movement_and_not_only_in_colour() -> None:
    moments = [step / 20 for step in range(80)]
    lit = {state: [RESTING[state].at(now) != DARK for now in moments] for state in BoxState}
    dark = [BoxState.LISTENING, BoxState.WATCHED, BoxState.STOPPED]
    assert dark == [state for state in BoxState if not any(lit[state])]
    shown = [tuple(movement) for movement in lit.values() if any(movement)]
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("brightness", [0.0, 1.1, -0.2])
def test_a_brightness_out_of_range_is_refused(brightness: float) -> None:
    with pytest.raises(OutputError, match="brightness"):
        CueLight(brightness=brightness)


def test_a_closed_light_is_dark_gives_its_pins_back_and_may_be_closed_again(
    mock_pins: MockFactory,
) -> None:
    light = CueLight()
    light.go()
    light.close()
    light.close()
    light.off()
    CueLight().close()


def test_a_pin_in_use_is_an_error_in_one_line(mock_pins: MockFactory) -> None:
    light = CueLight()
    with pytest.raises(OutputError, match="cue light: cannot use the pins") as caught:
        CueLight()
    assert "\n" not in str(caught.value)
    light.close()


def test_the_listen_light_is_on_while_the_stream_is_open_and_only_then(
    mock_pins: MockFactory,
) -> None:
    light = ListenLight()
    pin = mock_pins.pin(PINS.listen)
    seen = []
    for state in (
        BoxState.STARTING,
        BoxState.LISTENING,
        BoxState.MUTED,
        BoxState.LISTENING,
        BoxState.TROUBLE,
        BoxState.LISTENING,
        BoxState.STOPPED,
    ):
        light.state(state)
        seen.append(bool(pin.state))
    assert seen == [False, True, False, True, False, True, False]
    light.close()
    light.close()


def test_the_listen_light_winks_while_somebody_watches_and_burns_on_afterwards(
    mock_pins: MockFactory,
) -> None:
    light = ListenLight()
    pin = mock_pins.pin(PINS.listen)
    light.state(BoxState.WATCHED)
    blinking = light._led._blink_thread
    assert blinking is not None
    light.state(BoxState.LISTENING)
    assert light._led._blink_thread is None
    assert bool(pin.state)
    light.close()
