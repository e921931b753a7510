"""How the voice ends."""

from __future__ import annotations

import pytest
from synthetic_sound import Wave, frames_of, noise, voice

from device.detect.features import FrameAnalyser
from device.detect.prosody import final_rise_semitones

pytestmark = pytest.mark.unit


def rise(wave: Wave) -> float | None:
    analyser = FrameAnalyser()
    return final_rise_semitones([analyser.analyse(frame) for frame in frames_of(wave)], 40.0)


@pytest.mark.parametrize("semitones", [-4.0, 0.0, 3.0, 6.0])
@pytest.mark.parametrize("pitch_hz", [110.0, 200.0])
def test_the_movement_at_the_end_is_measured(semitones: float, pitch_hz: float) -> None:
    assert pytest.approx(semitones, abs=0.4) == rise(voice(1.0, 60, pitch_hz, semitones))


def test_an_octave_at_the_end_is_an_error_of_the_pitch_tracker() -> None:
    measured = rise(voice(1.0, 60, 150.0, 12.0))
    assert measured is None or abs(measured) < 1


def test_too_little_voice_tells_nothing() -> None:
    assert rise(voice(0.2, 60)) is None


def test_noise_tells_nothing() -> None:
    assert rise(noise(1.0, 60)) is None
