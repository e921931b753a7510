"""docs/wiring.md says what the device does."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from device.feedback.buttons import DEBOUNCE_S, LONG_S, Button
from device.feedback.earpiece import TONE_HZ, TONE_S
from device.feedback.haptic import PULSE_S
from device.feedback.light import BREATH_S, GREEN_S, BoxState
from device.feedback.pins import Pins
from device.feedback.policy import LATEST_DECISION_S
from device.settings import OutputSettings

pytestmark = pytest.mark.contract

#: Position on the header of each GPIO of the plan, from the board's own documentation.
HEADER = {5: 29, 6: 31, 13: 33, 27: 13, 22: 15, 23: 16, 24: 18, 25: 22, 12: 32}


@pytest.fixture(scope="module")
def wiring() -> str:
    return (Path(__file__).resolve().parents[3] / "docs" / "wiring.md").read_text()


def _rows(wiring: str) -> list[tuple[int, int, str]]:
    found = re.findall(r"^\| [^|]+ \| (\d+) \| (\d+) \| `(\w+)` \|$", wiring, re.M)
    return [(int(gpio), int(header), setting) for gpio, header, setting in found]


def test_every_pin_of_the_plan_is_in_the_table_with_its_header_position(wiring: str) -> None:
    expected = {(gpio, HEADER[gpio]) for gpio in dataclasses.astuple(Pins())}
    assert {(gpio, header) for gpio, header, _ in _rows(wiring)} == expected


def test_every_pin_has_the_default_of_its_setting(wiring: str) -> None:
    settings = OutputSettings()
    assert {setting: gpio for gpio, _, setting in _rows(wiring)} == {
        setting: getattr(settings, setting)
        for setting in OutputSettings.model_fields
        if setting.endswith("_pin")
    }


def test_every_button_and_every_state_of_the_box_is_explained(wiring: str) -> None:
    explained = re.findall(r"^\| \*\*(\w+)\*\*", wiring, re.M)
    words = {*BoxState, *Button, "think", "go"} - {BoxState.STOPPED}
    assert set() == {str(word) for word in words} - set(explained)


@pytest.mark.parametrize(
    "claim",
    [
        f"one breath in {BREATH_S:.0f} s",
        f"green for {GREEN_S} s",
        f"{TONE_HZ:.0f} Hz, {TONE_S * 1000:.0f} ms",
        f"one pulse, {PULSE_S} s",
        f"later than {LATEST_DECISION_S} s",
        f"held for {LONG_S:.0f} s",
        f"rest for {DEBOUNCE_S * 1000:.0f} ms",
    ],
)
def test_every_length_is_the_one_in_the_program(wiring: str, claim: str) -> None:
    assert claim in wiring
