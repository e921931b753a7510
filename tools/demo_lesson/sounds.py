"""Sounds of a classroom made from filtered noise, and the room itself. Levels are 1 (active)."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from tools.demo_lesson.voice import SAMPLE_RATE, Sound, active_rms


def band(sound: Sound, low_hz: float, high_hz: float) -> Sound:
    """Keep the frequencies between the two, with edges of a third of an octave."""
    frequency = np.maximum(np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE), 1e-3)
    edge = 2 ** (1 / 6)
    rise = np.clip(np.log(frequency / (low_hz / edge)) / np.log(edge**2), 0.0, 1.0)
    fall = np.clip(np.log(high_hz * edge / frequency) / np.log(edge**2), 0.0, 1.0)
    return np.fft.irfft(np.fft.rfft(sound) * rise * fall, len(sound))


def _noise(random: Generator, seconds: float, low_hz: float, high_hz: float) -> Sound:
    return band(random.standard_normal(int(seconds * SAMPLE_RATE)), low_hz, high_hz)


def _decay(sound: Sound, time_constant_s: float) -> Sound:
    return sound * np.exp(-np.arange(len(sound)) / (time_constant_s * SAMPLE_RATE))


def cough(random: Generator) -> Sound:
    """Two bursts of breath, the second one longer, each with a soft attack."""
    bursts = []
    for seconds in (0.17, 0.26):
        burst = _decay(_noise(random, seconds, 300, 3200), seconds / 3.5)
        attack = int(0.012 * SAMPLE_RATE)
        burst[:attack] *= np.linspace(0.0, 1.0, attack)
        bursts += [burst, np.zeros(int(0.05 * SAMPLE_RATE))]
    return np.concatenate(bursts[:-1])


def chair(random: Generator) -> Sound:
    """A leg over the floor: it sticks and slips some sixty times a second."""
    sound = _noise(random, 0.65, 220, 3800)
    drift = np.cumsum(random.standard_normal(len(sound))) / SAMPLE_RATE
    phase = 2 * np.pi * 60 * (np.arange(len(sound)) / SAMPLE_RATE + 0.5 * drift)
    stick_slip = 0.2 + np.clip(np.sin(phase), 0.0, 1.0) ** 2
    return sound * stick_slip * np.sin(np.linspace(0.0, np.pi, len(sound))) ** 0.6


def rustle(random: Generator) -> Sound:
    """A page turned: bright noise that comes in three gusts."""
    sound = _noise(random, 0.7, 900, 7000)
    gusts = 0.1 + np.abs(np.sin(np.linspace(0.0, 3 * np.pi, len(sound)))) ** 3
    return sound * gusts * (0.6 + 0.4 * np.abs(band(random.standard_normal(len(sound)), 1, 30)))


def door(random: Generator) -> Sound:
    """The latch clicks, then the door meets its frame."""
    latch = _decay(_noise(random, 0.06, 1200, 6000), 0.006)
    thud = _decay(_noise(random, 0.35, 50, 600), 0.07)
    return np.concatenate([0.5 * latch, thud])


MAKERS = {"cough": cough, "chair": chair, "rustle": rustle, "door": door}


def event(kind: str, random: Generator) -> Sound:
    """A sound by its kind, shape (n,), active level 1.

    Raises:
        KeyError: there is no such sound.
    """
    sound = MAKERS[kind](random)
    return sound / active_rms(sound)


def ventilation(random: Generator, samples: int) -> Sound:
    """A fan behind a grille: noise that falls with frequency and swells slowly; RMS 1."""
    spectrum = np.fft.rfft(random.standard_normal(samples))
    frequency = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE)
    sound = np.fft.irfft(spectrum / (1 + (frequency / 180.0) ** 2) ** 0.5, samples)
    swell = 1 + 0.15 * np.sin(2 * np.pi * 0.11 * np.arange(samples) / SAMPLE_RATE)
    sound = band(sound, 40, 7000) * swell
    return sound / float(np.sqrt((sound**2).mean()))


def room_response(random: Generator, reverberation_s: float, direct_to_reverb_db: float) -> Sound:
    """Impulse response: the direct sound, then a tail that has fallen 60 dB after the given time.

    The direct sound is its first sample, so a sound that goes through stays where it was.
    """
    tail = random.standard_normal(int(reverberation_s * SAMPLE_RATE))
    tail *= 10 ** (-3 * np.arange(len(tail)) / len(tail))
    tail[: int(0.004 * SAMPLE_RATE)] = 0.0
    tail = band(tail, 120, 5500)
    tail *= 10 ** (-direct_to_reverb_db / 20) / float(np.sqrt((tail**2).sum()))
    tail[0] += 1.0
    return tail


def through_room(sound: Sound, response: Sound) -> Sound:
    """The sound as heard in the room, tail included, at the active level it had."""
    samples = len(sound) + len(response) - 1
    size = 1 << (samples - 1).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    heard = np.fft.irfft(spectrum, size)[:samples]
    return heard * (active_rms(sound) / active_rms(heard))
