"""Features of a longer or shorter mouth, checked against sounds that are really so."""

from __future__ import annotations

import numpy as np
import pytest

from tools.speech.features import mfcc
from tools.speech.warping import warp

pytestmark = pytest.mark.unit


def hum(formants_hz: tuple[float, ...]) -> np.ndarray:
    """Half a second of noise with peaks at these frequencies."""
    count = 8000
    spectrum = np.fft.rfft(np.random.default_rng(3).normal(size=count))
    hertz = np.fft.rfftfreq(count, 1 / 16_000)
    shape = sum(np.exp(-(((hertz - peak) / (0.12 * peak)) ** 2)) for peak in formants_hz)
    return np.fft.irfft(spectrum * (0.02 + shape), count).astype(np.float32) * 3000


def test_no_stretch_changes_nothing() -> None:
    assert np.allclose(np.eye(40), warp(1.0), atol=1e-4)


@pytest.mark.parametrize("stretch", [0.88, 1.14])
def test_warped_features_are_near_those_of_moved_formants(stretch: float) -> None:
    pytest.importorskip("kaldi_native_fbank", reason="kaldi-native-fbank is not installed")
    peaks = (600.0, 1500.0, 2600.0)
    plain = mfcc(hum(peaks)).mean(0)
    moved = mfcc(hum(tuple(peak / stretch for peak in peaks))).mean(0)
    warped = warp(stretch) @ plain
    assert np.abs(warped - moved)[1:].mean() < 0.5 * np.abs(plain - moved)[1:].mean()
