"""The mic check tells the four things that go wrong with a clip microphone from a good one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gpiozero.pins.mock import MockFactory
from rich.console import Console
from spoken_lesson import write_wav

from device.audio.frames import SAMPLE_RATE, Block, Gap, Samples, SourceState
from device.audio.recording import Recording
from device.clock import SimulatedClock
from device.closing import Closing
from device.commands.mic_check import guided
from device.errors import SourceError
from device.mic_check import ADVICE, QUIET_S, SPEECH_S, check, verdict
from device.settings import DeviceSettings, OutputSettings, Settings

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(7)


def noise(seconds: float, rms: float) -> Samples:
    sound = RANDOM.normal(0.0, rms, round(seconds * SAMPLE_RATE))
    return np.clip(sound, -32768, 32767).astype(np.int16)


@pytest.mark.parametrize(
    ("room", "voice", "problem"),
    [
        (30, 3000, None),
        (30, 12_000, "clipping"),
        (3, 60, "quiet"),
        (900, 3000, "noisy"),
        (0, 0, "dead"),
    ],
)
def test_each_trouble_is_told_by_its_name(room: int, voice: int, problem: str | None) -> None:
    found = check(noise(QUIET_S, room), noise(SPEECH_S, voice))
    assert problem == found.problem


def test_the_figures_are_levels_in_decibels() -> None:
    found = check(noise(QUIET_S, 30), noise(SPEECH_S, 3000))
    assert (29.5, 69.5, 40.0) == pytest.approx(
        (found.room_db, found.wearer_db, found.above_room_db), abs=0.6
    )


def test_every_trouble_has_advice_in_both_languages() -> None:
    dead = check(noise(QUIET_S, 0), noise(SPEECH_S, 0))
    assert ADVICE["dead"] == (verdict(dead, "nl"), verdict(dead, "en"))
    assert all(dutch and english and dutch != english for dutch, english in ADVICE.values())


def test_it_takes_less_than_twenty_seconds() -> None:
    assert QUIET_S + SPEECH_S <= 20.0


def settings_with(light: bool) -> Settings:
    return Settings(
        device=DeviceSettings(language="nl"), outputs=OutputSettings(light=light, buttons=False)
    )


def a_recording(folder: Path, speech_s: float = SPEECH_S + 1.0) -> Recording:
    sound = np.concatenate([noise(QUIET_S, 30), noise(speech_s, 3000)])
    return Recording(write_wav([Block(sound)], folder / "check.wav"))


@pytest.mark.parametrize("light", [True, False])
def test_it_guides_by_text_and_light_and_needs_no_light(
    tmp_path: Path, mock_pins: MockFactory, light: bool
) -> None:
    said = io.StringIO()
    clock = SimulatedClock(sleep_advances=True)
    console = Console(file=said, force_terminal=False, width=200)
    found = guided(settings_with(light), a_recording(tmp_path), clock, console)
    assert (None, True) == (found.problem, "Klaar voor de les. (7" in said.getvalue())
    assert light == bool(mock_pins.pins)


def test_sound_that_ends_too_soon_is_no_verdict(tmp_path: Path) -> None:
    console = Console(file=io.StringIO())
    with pytest.raises(SourceError, match="too little sound"):
        guided(settings_with(False), a_recording(tmp_path, 2.0), SimulatedClock(), console)


class Unpaired(Closing):
    """A receiver without its transmitter: the microphone tells gaps and nothing else."""

    name = "receiver"

    def items(self) -> Iterator[Gap]:
        for _ in range(100):
            yield Gap(SAMPLE_RATE // 4, SourceState.SILENT)

    def close(self) -> None:
        return None


def test_a_microphone_that_only_gives_gaps_is_dead() -> None:
    clock = SimulatedClock(sleep_advances=True)
    console = Console(file=io.StringIO())
    assert "dead" == guided(settings_with(False), Unpaired(), clock, console).problem
