"""The walk along the parts, with pins in memory and somebody who presses and looks."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory
from rich.console import Console
from spoken_lesson import write_wav

from device.audio.frames import SAMPLE_RATE, Block, Source
from device.audio.recording import Recording
from device.clock import SimulatedClock
from device.commands.hardware_test import BUTTON_S, Walk
from device.errors import SourceError
from device.settings import DeviceSettings, OutputSettings, Settings

pytestmark = pytest.mark.unit

SETTINGS = Settings(
    device=DeviceSettings(language="nl"), outputs=OutputSettings(haptic=True, light_brightness=1.0)
)


class Finger(SimulatedClock):
    """Time, and a teacher who presses each button when its turn has come."""

    def __init__(self, pins: MockFactory, said: io.StringIO, *, presses: bool) -> None:
        super().__init__(sleep_advances=True)
        outputs = SETTINGS.outputs
        self._light = [
            pins.pin(number)
            for number in (outputs.light_red_pin, outputs.light_green_pin, outputs.light_blue_pin)
        ]
        self._motor = pins.pin(outputs.haptic_pin)
        self._buttons = {
            button: pins.pin(getattr(outputs, f"{button}_button_pin"))
            for button in ("lesson", "mute", "mark", "cues_off")
        }
        self._said = said
        self._presses = presses
        self.seen: set[tuple[float, float, float]] = set()
        self.felt = False

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        red, green, blue = (round(float(pin.state), 1) for pin in self._light)
        self.seen.add((red, green, blue))
        self.felt |= bool(self._motor.state)
        last = self._said.getvalue().rstrip().rpartition("\n")[2]
        for button, pin in self._buttons.items():
            if pin.pull != "up":
                continue  # nobody asks for the buttons yet
            if self._presses and f"de knop: {button} (" in last:
                pin.drive_low()
            else:
                pin.drive_high()


def a_voice(folder: Path) -> Source:
    random = np.random.default_rng(3)
    loudness = np.repeat([30.0, 3000.0], [4 * SAMPLE_RATE, 9 * SAMPLE_RATE])
    sound = (random.normal(0.0, 1.0, len(loudness)) * loudness).astype(np.int16)
    return Recording(write_wav([Block(sound)], folder / "voice.wav"))


def walk(
    pins: MockFactory, microphone: Callable[[], Source], *, presses: bool = True, yes: bool = True
) -> tuple[bool, str, Finger]:
    said = io.StringIO()
    finger = Finger(pins, said, presses=presses)
    console = Console(file=said, force_terminal=False, width=200)
    well = Walk(SETTINGS, finger, console, lambda _asked: yes).all(microphone)
    return well, said.getvalue(), finger


def test_all_parts_are_walked_through_and_found_well(
    tmp_path: Path, mock_pins: MockFactory
) -> None:
    well, said, finger = walk(mock_pins, lambda: a_voice(tmp_path))
    assert well, said
    for part in ("Lampjes", "Knoppen", "Trilling", "Microfoon"):
        assert f"{part}: ✓" in said
    shown = {(1.0, 0.8, 0.6), (0.0, 0.1, 1.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.1), (0.0, 0.0, 0.0)}
    assert (set(), True) == (shown - finger.seen, finger.felt)


def test_what_is_not_pressed_not_seen_or_not_there_is_told_and_the_walk_goes_on(
    mock_pins: MockFactory,
) -> None:
    def none() -> Source:
        raise SourceError("no microphone is called clip: plug it in")

    well, said, finger = walk(mock_pins, none, presses=False, yes=False)
    assert not well
    for part in ("Lampjes", "Knoppen", "Trilling", "Microfoon"):
        assert f"{part}: vraagt aandacht" in said
    assert "no microphone is called clip" in said
    assert finger.monotonic() - 1000.0 >= 4 * BUTTON_S


def test_without_pins_each_part_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "lgpio")
    before, Device.pin_factory = Device.pin_factory, None
    try:
        well, said, _ = walk(MockFactory(), lambda: a_voice(tmp_path))
    finally:
        Device.pin_factory = before
    assert (False, True) == (well, "cue light: " in said)
    assert "Microfoon: ✓" in said
