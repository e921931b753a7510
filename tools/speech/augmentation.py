"""Rooms, microphones, noise and levels laid over clean speech (all in place of real recordings)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
FULL_SCALE = 32_767.0

Samples = NDArray[np.float32]
_NOISE_SLOPES = (0.0, 0.25, 0.5, 1.0)  # white, between, pink, brown: amplitude falls with f**slope
_POOL_LENGTH = 40
_DECAY_60_DB = 6.9  # natural logarithm of 1000


def resample(samples: NDArray[np.floating], ratio: float) -> Samples:
    """Samples at ``ratio`` times as many per second (band limited, whole signal at once)."""
    count = round(len(samples) * ratio)
    spectrum = np.fft.rfft(samples)
    target = np.zeros(count // 2 + 1, complex)
    kept = min(len(target), len(spectrum))
    target[:kept] = spectrum[:kept]
    return np.asarray(np.fft.irfft(target, count) * (count / len(samples)), np.float32)


def colored_noise(rng: np.random.Generator, count: int, slope: float) -> Samples:
    """Noise of unit power whose amplitude spectrum falls with frequency to the power ``slope``."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    frequencies = np.maximum(np.arange(len(spectrum)), 1.0)
    noise = np.fft.irfft(spectrum / frequencies**slope, count)
    return (noise / (noise.std() + 1e-9)).astype(np.float32)


def active_power(samples: NDArray[np.floating]) -> float:
    """Mean square over the louder part, so that silence around a word does not count."""
    loud = samples[np.abs(samples) > 0.03 * (np.abs(samples).max() + 1e-9)]
    return float(np.mean(loud.astype(np.float64) ** 2)) if len(loud) else 0.0


def add_noise(samples: Samples, noise: Samples, snr_db: float) -> Samples:
    """``noise`` (unit power) added below the active speech level."""
    return samples + noise * np.float32(np.sqrt(active_power(samples)) * 10 ** (-snr_db / 20))


class Augmenter:
    """Random acoustic conditions, reproducible from one generator."""

    def __init__(self, rng: np.random.Generator, talkers: tuple[Samples, ...] = ()) -> None:
        """``rng`` decides everything; recent clean speech is kept for babble.

        ``talkers`` is speech of people: half of the babble is made from it.
        """
        self._rng = rng
        self._pool: list[Samples] = []
        self._talkers = [samples / (samples.std() + 1e-9) for samples in talkers]

    def remember(self, samples: Samples) -> None:
        """Keep clean speech to make babble from."""
        self._pool.append(samples / (samples.std() + 1e-9))
        del self._pool[:-_POOL_LENGTH]

    def apply(self, samples: Samples) -> Samples:
        """One utterance under random conditions, on the scale of 16-bit integers."""
        rng = self._rng
        sound = samples
        if rng.random() < 0.6:
            sound = self._equalised(sound)
        if rng.random() < 0.4:
            sound = self._reverberant(sound)
        level = FULL_SCALE * 10 ** (rng.uniform(-28, -1) / 20)
        sound = sound / (np.abs(sound).max() + 1e-9) * np.float32(level)
        choice = rng.random()
        if choice < 0.1:
            pass  # digital silence around the words
        elif choice < 0.3:
            sound = sound + rng.normal(size=len(sound)) * rng.uniform(0.3, 8)
        else:
            sound = add_noise(sound, self._noise(len(sound)), rng.uniform(4, 32))
        return np.asarray(np.clip(np.round(sound), -32768, 32767), np.float32)

    def _noise(self, count: int) -> Samples:
        choice = int(self._rng.integers(len(_NOISE_SLOPES) + 2))
        if choice < len(_NOISE_SLOPES) or len(self._pool) < 8:
            return colored_noise(self._rng, count, _NOISE_SLOPES[choice % len(_NOISE_SLOPES)])
        pool = self._talkers if self._talkers and self._rng.random() < 0.5 else self._pool
        babble = np.zeros(count, np.float32)
        for _ in range(int(self._rng.integers(3, 11))):
            voice = pool[int(self._rng.integers(len(pool)))]
            shifted = np.roll(voice, int(self._rng.integers(len(voice))))
            babble += np.resize(shifted, count) * np.float32(self._rng.uniform(0.4, 1))
        return babble / np.float32(babble.std() + 1e-9)

    def _equalised(self, samples: Samples) -> Samples:
        rng = self._rng
        spectrum = np.fft.rfft(samples)
        place = np.linspace(0, 1, len(spectrum))
        frequency_hz = place * SAMPLE_RATE / 2
        gain_db = rng.uniform(-6, 6) * place
        ripple = place * np.pi * rng.uniform(0.5, 3) + rng.uniform(0, 2 * np.pi)
        gain_db += rng.uniform(-4, 4) * np.cos(ripple)
        if rng.random() < 0.2:  # a narrow microphone
            gain_db -= 40 / (1 + np.exp(-(frequency_hz - rng.uniform(3600, 7000)) / 200))
        if rng.random() < 0.3:  # a bass cut
            gain_db -= 30 / (1 + np.exp((frequency_hz - rng.uniform(60, 250)) / 30))
        return np.fft.irfft(spectrum * 10 ** (gain_db / 20), len(samples)).astype(np.float32)

    def _reverberant(self, samples: Samples) -> Samples:
        rng = self._rng
        count = int(rng.uniform(0.08, 0.8) * SAMPLE_RATE)
        decay = np.exp(-_DECAY_60_DB * np.arange(count) / count)
        response = rng.normal(size=count) * decay * rng.uniform(0.02, 0.1)
        response[0] = 1.0
        size = len(samples) + count
        wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)
        return wet[: len(samples)].astype(np.float32)
