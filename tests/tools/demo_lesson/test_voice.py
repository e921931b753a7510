"""Where speech sounds, how loud it is, and changing its sample rate."""

from __future__ import annotations

import numpy as np
import pytest

from tools.demo_lesson.voice import SAMPLE_RATE, active_rms, resample, sounding_part

pytestmark = pytest.mark.unit


def tone(seconds: float, hertz: float = 440.0, rate: int = SAMPLE_RATE) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def test_silence_around_a_tone_is_no_part_of_it() -> None:
    sound = np.concatenate([np.zeros(4000), tone(0.5), np.zeros(6000)])
    first, end = sounding_part(sound)
    assert first == pytest.approx(4000, abs=160)
    assert end == pytest.approx(12_000, abs=160)


def test_noise_far_below_the_tone_is_no_part_of_it() -> None:
    sound = 0.005 * np.random.default_rng(1).standard_normal(16_000)
    sound[4000:12_000] += tone(0.5)
    first, end = sounding_part(sound)
    assert first == pytest.approx(4000, abs=160)
    assert end == pytest.approx(12_000, abs=160)


def test_silence_has_no_sounding_part() -> None:
    with pytest.raises(ValueError, match="no sound"):
        sounding_part(np.zeros(1000))


def test_the_active_level_ignores_pauses() -> None:
    talk = np.concatenate([tone(0.5), np.zeros(16_000), tone(0.5)])
    assert active_rms(talk) == pytest.approx(np.sqrt(0.5), rel=0.03)


def test_resampling_keeps_a_tone_and_drops_what_does_not_fit() -> None:
    both = tone(1.0, 440, 22_050) + tone(1.0, 9500, 22_050)
    resampled = resample(both, 22_050, 16_000)[2000:14_000]
    np.testing.assert_allclose(tone(1.0)[2000:14_000], resampled, atol=0.02)
