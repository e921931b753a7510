"""Buttons on mock pins, bounces included."""

from __future__ import annotations

import itertools
import queue

import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import given
from hypothesis import strategies as st

from device.clock import SimulatedClock
from device.feedback.buttons import DEBOUNCE_S, Button, Buttons, Debounce, Press
from device.feedback.pins import Pins

pytestmark = pytest.mark.unit

PINS = Pins()
NUMBERS = {Button.MUTE: PINS.mute, Button.MARK: PINS.mark, Button.CUES_OFF: PINS.cues_off}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(start_s=100.0)


@pytest.mark.parametrize("button", list(Button))
def test_each_button_reports_its_press_with_the_time(
    mock_pins: MockFactory, clock: SimulatedClock, button: Button
) -> None:
    presses: queue.Queue[Press] = queue.Queue(16)
    buttons = Buttons(presses, clock)
    clock.advance(2.0)
    mock_pins.pin(NUMBERS[button]).drive_low()
    assert presses.get_nowait() == Press(button, 102.0)
    assert presses.empty()
    buttons.close()


def test_a_bouncing_press_and_a_bouncing_release_are_one_press(
    mock_pins: MockFactory, clock: SimulatedClock
) -> None:
    presses: queue.Queue[Press] = queue.Queue(16)
    buttons = Buttons(presses, clock)
    pin = mock_pins.pin(PINS.mark)
    for pause_s in (0.3, 0.002):
        clock.advance(pause_s)
        for _ in range(5):
            pin.drive_low()
            clock.advance(0.001)
            pin.drive_high()
            clock.advance(0.001)
    assert presses.qsize() == 1
    clock.advance(0.2)
    pin.drive_low()
    assert presses.qsize() == 2
    buttons.close()


def test_a_press_that_the_device_is_too_busy_for_is_counted(
    mock_pins: MockFactory, clock: SimulatedClock
) -> None:
    presses: queue.Queue[Press] = queue.Queue(1)
    buttons = Buttons(presses, clock)
    for number in (PINS.mark, PINS.mute):
        mock_pins.pin(number).drive_low()
    assert (presses.qsize(), buttons.dropped) == (1, 1)
    buttons.close()


def test_closed_buttons_give_their_pins_back(mock_pins: MockFactory, clock: SimulatedClock) -> None:
    presses: queue.Queue[Press] = queue.Queue(16)
    buttons = Buttons(presses, clock)
    buttons.close()
    buttons.close()
    Buttons(presses, clock).close()


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60))
def test_no_two_real_edges_are_closer_than_the_rest_time(gaps_ms: list[int]) -> None:
    debounce = Debounce()
    now_ms, real_ms = 0, []
    for gap_ms in gaps_ms:
        now_ms += gap_ms
        if debounce.edge(now_ms / 1000):
            real_ms.append(now_ms)
    assert real_ms[0] == gaps_ms[0]
    assert all(b - a >= DEBOUNCE_S * 1000 for a, b in itertools.pairwise(real_ms))
