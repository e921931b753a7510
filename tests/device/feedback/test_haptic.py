"""One pulse, and only for go."""

from __future__ import annotations

import pytest
from gpiozero.pins.mock import MockFactory

from device.feedback.haptic import PULSE_S, Haptic
from device.feedback.pins import Pins

pytestmark = pytest.mark.unit


def test_go_is_one_pulse_and_wait_is_not_felt(mock_pins: MockFactory) -> None:
    haptic = Haptic(strength=0.7)
    pin = mock_pins.pin(Pins().haptic)
    haptic.wait()
    assert haptic.step(0.0) is None
    haptic.go()
    assert haptic.step(0.0) == PULSE_S
    assert pin.state == pytest.approx(0.7)
    assert haptic.step(PULSE_S) is None
    assert [round(float(state.state), 2) for state in pin.states] == [0, 0.7, 0]
    haptic.close()
    haptic.close()


def test_off_stops_a_running_pulse(mock_pins: MockFactory) -> None:
    haptic = Haptic()
    haptic.go()
    haptic.off()
    assert mock_pins.pin(Pins().haptic).state == 0
    assert haptic.step(0.05) is None
    haptic.close()


def test_the_mask_covers_the_pulse_and_the_motor_spinning_down() -> None:
    assert Haptic.mask_samples == 4000
