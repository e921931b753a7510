"""Sounds made by arithmetic, the same on every machine: a voice, a cough, rustle, hum, babble.

Levels are in the unit of ``FrameFeatures``: dB relative to one 16-bit step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Frame, Samples

Wave = NDArray[np.float64]

_FORMANTS = ((500.0, 150.0, 1.0), (1500.0, 250.0, 0.35), (2500.0, 300.0, 0.15))
_RAMP_SAMPLES = SAMPLE_RATE // 200  # 5 ms


def samples_of(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def at_level(wave: Wave, level_db: float) -> Wave:
    """The wave with a root mean square of ``level_db``."""
    return wave * (10 ** (level_db / 20) / np.sqrt((wave**2).mean()))


def silence(seconds: float) -> Wave:
    return np.zeros(samples_of(seconds))


def tone(seconds: float, hertz: float, level_db: float) -> Wave:
    time = np.arange(samples_of(seconds)) / SAMPLE_RATE
    return at_level(np.sin(2 * np.pi * hertz * time), level_db)


def hum(seconds: float, level_db: float) -> Wave:
    """Mains hum: 50 Hz and a weak 100 Hz."""
    return at_level(tone(seconds, 50, 60) + tone(seconds, 100, 40), level_db)


def voice(
    seconds: float, level_db: float, pitch_hz: float = 120.0, rise_semitones: float = 0.0
) -> Wave:
    """Harmonics under three formants; the last 0.25 s may lie higher or lower."""
    count = samples_of(seconds)
    pitch = np.full(count, float(pitch_hz))
    pitch[max(0, count - SAMPLE_RATE // 4) :] *= 2 ** (rise_semitones / 12)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    wave = np.zeros(count)
    for harmonic in range(1, int(3500 / pitch_hz) + 1):
        hertz = harmonic * pitch_hz
        strength = sum(
            peak / (1 + ((hertz - centre) / width) ** 2) for centre, width, peak in _FORMANTS
        )
        wave += strength * np.sin(harmonic * phase)
    return _ramped(at_level(wave, level_db))


def noise(seconds: float, level_db: float, seed: int = 1) -> Wave:
    """White noise: the room."""
    return at_level(np.random.default_rng(seed).standard_normal(samples_of(seconds)), level_db)


def cough(seconds: float, level_db: float, seed: int = 2) -> Wave:
    """A burst of noise that dies out."""
    wave = noise(seconds, 60.0, seed)
    return _ramped(at_level(wave * np.exp(-3.0 * np.linspace(0, 1, len(wave))), level_db))


def rustle(seconds: float, level_db: float, seed: int = 3) -> Wave:
    """Cloth on the clip: crackle above the voice band."""
    wave = np.diff(noise(seconds, 60.0, seed), prepend=0.0)
    gusts = 0.2 + np.abs(np.sin(2 * np.pi * 7 * np.arange(len(wave)) / SAMPLE_RATE))
    return _ramped(at_level(wave * gusts, level_db))


def babble(seconds: float, level_db: float, seed: int = 4) -> Wave:
    """Many voices that come and go, none of them near."""
    generator = np.random.default_rng(seed)
    wave = np.zeros(samples_of(seconds))
    time = np.arange(len(wave)) / SAMPLE_RATE
    for _ in range(12):
        pitch_hz, rate_hz, phase = generator.uniform((90, 2, 0), (280, 5, 6.28))
        strength = 1.0 + 0.6 * np.sin(2 * np.pi * rate_hz * time + phase)
        wave += strength * voice(seconds, 60.0, float(pitch_hz))
    return at_level(wave, level_db)


def to_samples(wave: Wave) -> Samples:
    return np.clip(np.round(wave), -32768, 32767).astype(np.int16)


def frames_of(wave: Wave, first_sample: int = 0) -> list[Frame]:
    """Whole frames; what is left over at the end is dropped."""
    sound = to_samples(wave)
    return [
        Frame(first_sample + start, sound[start : start + FRAME_SAMPLES])
        for start in range(0, len(sound) - FRAME_SAMPLES + 1, FRAME_SAMPLES)
    ]


def _ramped(wave: Wave) -> Wave:
    """Without clicks at the edges."""
    ramp = np.linspace(0.0, 1.0, min(_RAMP_SAMPLES, len(wave) // 2))
    wave[: len(ramp)] *= ramp
    wave[len(wave) - len(ramp) :] *= ramp[::-1]
    return wave
