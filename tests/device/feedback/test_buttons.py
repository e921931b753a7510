"""Buttons on mock pins, bounces included."""

from __future__ import annotations

import itertools
import queue

import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import given
from hypothesis import strategies as st

from device.clock import SimulatedClock
from device.feedback.buttons import (
    AT_ONCE,
    DEBOUNCE_S,
    LONG_S,
    Button,
    Buttons,
    Debounce,
    Press,
)
from device.feedback.pins import Pins

pytestmark = pytest.mark.unit

PINS = Pins()
NUMBERS = {
    Button.LESSON: PINS.lesson,
    Button.MUTE: PINS.mute,
    Button.MARK: PINS.mark,
    Button.CUES_OFF: PINS.cues_off,
}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(start_s=100.0)


@pytest.mark.parametrize("button", sorted(AT_ONCE))
def test_microphone_and_signals_are_obeyed_with_the_press_itself(
    mock_pins: MockFactory, clock: SimulatedClock, button: Button
) -> None:
    presses: queue.Queue[Press] = queue.Queue(16)
    buttons = Buttons(presses, clock)
    clock.advance(2.0)
    mock_pins.pin(NUMBERS[button]).drive_low()
    assert presses.get_nowait() == Press(button, 102.0)
    assert presses.empty()
    buttons.close()


@pytest.mark.parametrize("button", sorted(set(Button) - AT_ONCE))
@pytest.mark.parametrize(("held_s", "long"), [(0.06, False), (0.9, False), (LONG_S, True)])
def test_a_button_that_can_be_held_is_told_once_with_the_time_of_its_press(
    mock_pins: MockFactory, clock: SimulatedClock, button: Button, held_s: float, long: bool
) -> None:
    presses: queue.Queue[Press] = queue.Queue(16)
    buttons = Buttons(presses, clock)
    pin = mock_pins.pin(NUMBERS[button])
    pin.drive_low()
    buttons.look()
    assert presses.empty()
    clock.advance(held_s)
    if not long:
        pin.drive_high()
        clock.advance(3.0)  # the device was busy: what counts is when it was let go
    buttons.look()
    pin.drive_high()
    clock.advance(5.0)
    buttons.look()
    assert [Press(button, 100.0, long)] == list(presses.queue)
    buttons.close()


def test_a_bounce_of_the_press_is_not_taken_for_letting_go(
    mock_pins: MockFactory, clock: SimulatedClock
) -> None:
    presses: queue.Queue[Press] = queue.Queue(16)
    buttons = Buttons(presses, clock)
    pin = mock_pins.pin(PINS.lesson)
    pin.drive_low()
    clock.advance(0.004)
    pin.drive_high()
    buttons.look()
    pin.drive_low()
    for _ in range(30):
        clock.advance(0.05)
        buttons.look()
    assert [Press(Button.LESSON, 100.0, long=True)] == list(presses.queue)
    buttons.close()


def test_a_bouncing_press_and_a_bouncing_release_are_one_press(
    mock_pins: MockFactory, clock: SimulatedClock
) -> None:
    presses: queue.Queue[Press] = queue.Queue(16)
    buttons = Buttons(presses, clock)
    pin = mock_pins.pin(PINS.mute)
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
    for number in (PINS.cues_off, PINS.mute):
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
