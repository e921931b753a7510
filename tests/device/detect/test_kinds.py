"""A vowel held on is told from words."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic_sound import Wave, frames_of, silence, voice

from device.detect.features import FrameAnalyser, FrameFeatures
from device.detect.kinds import is_steady_vowel

pytestmark = pytest.mark.unit


def voiced_frames(wave: Wave) -> list[FrameFeatures]:
    analyser = FrameAnalyser()
    frames = [analyser.analyse(frame) for frame in frames_of(wave)]
    return [frame for frame in frames if frame.harmonicity >= 0.6 and frame.level_db > 40]


def vowels(*pitches_hz: float) -> Wave:
    return np.concatenate([voice(0.1, 60, hertz) for hertz in pitches_hz])


def test_a_vowel_held_on_is_steady() -> None:
    assert is_steady_vowel(voiced_frames(voice(0.3, 60, 130)))


def test_a_voice_that_moves_is_not_steady() -> None:
    assert not is_steady_vowel(voiced_frames(voice(0.4, 60, 130, rise_semitones=8)))


def test_syllables_are_not_steady() -> None:
    word = np.concatenate((vowels(150.0), silence(0.05), vowels(130.0), 0.3 * vowels(120.0)))
    assert not is_steady_vowel(voiced_frames(word))


def test_a_long_vowel_is_no_filler() -> None:
    assert not is_steady_vowel(voiced_frames(voice(0.8, 60, 130)))


def test_too_little_voice_tells_nothing() -> None:
    assert not is_steady_vowel(voiced_frames(voice(0.06, 60, 130)))
