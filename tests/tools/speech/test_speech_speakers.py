"""Altered speakers: pitch, formants and speed each go where they were sent."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tools.speech.speakers import Speaker, drawn, moved_formants, spoken_by, stretched

pytestmark = pytest.mark.unit

RATE = 16_000


def vowel(pitch_hz: float, formant_hz: float, seconds: float = 0.8) -> np.ndarray:
    """Harmonics under one resonance, the phases at random."""
    time_s = np.arange(int(seconds * RATE)) / RATE
    harmonics = np.arange(pitch_hz, 7000, pitch_hz)
    phases = np.random.default_rng(3).uniform(0, 2 * np.pi, len(harmonics))[:, None]
    strengths = np.exp(-(((harmonics - formant_hz) / 800) ** 2))
    waves = strengths[:, None] * np.cos(2 * np.pi * harmonics[:, None] * time_s + phases)
    return (3000 * waves.sum(0)).astype(np.float32)


def pitch_of(sound: np.ndarray) -> float:
    """From the shortest lag at which the sound is much like itself."""
    middle = sound[len(sound) // 2 - 2048 : len(sound) // 2 + 2048]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(4096), 16_384)) ** 2
    likeness = np.fft.irfft(spectrum)[40:400]
    lag = int(np.argmax(likeness > 0.9 * likeness.max()))
    while likeness[lag + 1] > likeness[lag]:
        lag += 1
    return RATE / (40 + lag)


def centre_of(sound: np.ndarray) -> float:
    """Where the energy lies, in hertz."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float(np.sum(power * np.linspace(0, RATE / 2, len(power))) / power.sum())


def test_stretching_keeps_the_pitch() -> None:
    sound = vowel(150, 1000)
    longer = stretched(sound, 1.3)
    assert pytest.approx(1.3, abs=0.01) == len(longer) / len(sound)
    assert pytest.approx(150, rel=0.03) == pitch_of(longer)


@pytest.mark.parametrize("factor", [0.85, 1.2])
def test_formants_move_without_the_pitch(factor: float) -> None:
    sound = vowel(150, 1500)
    moved = moved_formants(sound, factor)
    assert pytest.approx(150, rel=0.03) == pitch_of(moved)
    assert pytest.approx(factor, rel=0.08) == centre_of(moved) / centre_of(sound)


@pytest.mark.parametrize(
    "speaker", [Speaker(0.6, 0.85, 1.0), Speaker(1.6, 1.15, 0.8), Speaker(1.0, 1.0, 1.2)]
)
def test_another_speaker_has_the_pitch_mouth_and_speed_asked_for(speaker: Speaker) -> None:
    sound = vowel(150, 1500)
    other = spoken_by(speaker, sound)
    assert pytest.approx(speaker.duration, rel=0.02) == len(other) / len(sound)
    assert pytest.approx(150 * speaker.pitch, rel=0.05) == pitch_of(other)
    assert pytest.approx(speaker.formants, rel=0.12) == centre_of(other) / centre_of(sound)


def test_a_deeper_voice_keeps_its_high_sounds() -> None:
    hiss = np.random.default_rng(2).normal(size=RATE).astype(np.float32) * 1000
    spectrum = np.abs(np.fft.rfft(spoken_by(Speaker(0.6, 0.9, 1.0), hiss))) ** 2
    share = spectrum[len(spectrum) * 3 // 4 :].sum() / spectrum.sum()
    assert share > 0.1  # 0.25 in the original


def test_drawn_pitch_goes_with_the_size_of_the_mouth() -> None:
    draw = random.Random(1)
    speakers = [drawn(draw, (0.8, 1.15), (0.8, 1.2)) for _ in range(200)]
    small = [item.pitch for item in speakers if item.formants > 1.08]
    large = [item.pitch for item in speakers if item.formants < 0.87]
    assert min(small) > max(large)
    assert all(0.8 <= item.formants <= 1.15 for item in speakers)
