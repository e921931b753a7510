"""What is not there is named in one line and left out."""

from __future__ import annotations

import queue
import sys

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from device.clock import SimulatedClock
from device.feedback.build import build_box, build_outputs
from device.feedback.buttons import Press

pytestmark = pytest.mark.unit


@pytest.fixture
def no_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without pins, such as a laptop."""
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "none-here")


def test_all_wanted_outputs_on_a_pi_are_built_without_a_warning(mock_pins: MockFactory) -> None:
    built = build_outputs(light=True, haptic=True)
    assert [output.name for output in built.outputs] == ["cue light", "haptic"]
    assert list(built.warnings) == []
    for output in built.outputs:
        output.close()


def test_nothing_wanted_is_nothing_built() -> None:
    built = build_outputs()
    assert (list(built.outputs), list(built.warnings)) == ([], [])


def test_a_machine_without_pins_gives_one_line_for_each_output(no_pins: None) -> None:
    built = build_outputs(light=True, haptic=True)
    assert list(built.outputs) == []
    assert [line.split(":")[0] for line in built.warnings] == ["cue light", "haptic"]
    assert not any("\n" in line for line in built.warnings)


def test_without_gpiozero_the_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    (line,) = build_outputs(light=True).warnings
    assert line.startswith("cue light: gpiozero is not installed")
    assert "apt install python3-gpiozero" in line


def test_the_box_has_its_listen_light_and_buttons(mock_pins: MockFactory) -> None:
    presses: queue.Queue[Press] = queue.Queue(4)
    box = build_box(presses, SimulatedClock())
    assert box.listen_light is not None
    assert box.buttons is not None
    assert box.warnings == []
    box.close()
    build_box(presses, SimulatedClock()).close()


def test_a_box_without_pins_still_works_and_says_so(no_pins: None) -> None:
    box = build_box(queue.Queue(4), SimulatedClock())
    assert (box.listen_light, box.buttons) == (None, None)
    assert len(box.warnings) == 2
    box.close()


def test_a_box_without_light_and_buttons_asks_for_no_pin(no_pins: None) -> None:
    box = build_box(queue.Queue(4), SimulatedClock(), light=False, buttons=False)
    assert (box.listen_light, box.buttons, box.warnings) == (None, None, [])
