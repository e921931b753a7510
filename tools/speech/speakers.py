"""Other speakers from a recording: pitch, size of the mouth and speed, each moved by itself.

Resampling moves all three together, so that a woman's voice made as deep as a man's becomes
that of a slow giant. Here the speed is kept first, and the formants are put back afterwards.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.speech.augmentation import Samples

_HOP = 200  # 12.5 ms between the pieces that are laid over each other
_PIECE = 2 * _HOP
_REACH = 160  # a piece may be taken 10 ms earlier or later, to fit what is there already
_FRAME = 512
_FRAME_HOP = _FRAME // 4
_ENVELOPE_TERMS = 30  # of the cepstrum: the mouth, not the harmonics of the voice
_FLOOR = 1e-3
_FULL_BAND = 0.95
_LONGEST = 2**21  # two minutes
_SMOOTH = sorted(
    2**twos * 3**threes * 5**fives
    for twos in range(1, 22)
    for threes in range(14)
    for fives in range(10)
    if 2**twos * 3**threes * 5**fives <= _LONGEST
)
"""Even lengths whose Fourier transform is quick."""


@dataclass(frozen=True)
class Speaker:
    """Factors on the pitch, on the formants (above 1: a smaller mouth), and on the duration."""

    pitch: float
    formants: float
    duration: float


def drawn(
    draw: random.Random, formants: tuple[float, float], duration: tuple[float, float]
) -> Speaker:
    """A speaker whose pitch goes with the size of the mouth, as it does from men to women.

    A woman's formants lie some 17 % above a man's, her pitch 70 %: about the third power.
    """
    size = draw.uniform(*formants)
    pitch = size**3 * draw.uniform(0.85, 1.18)
    return Speaker(float(np.clip(pitch, 0.5, 2.0)), size, draw.uniform(*duration))


def spoken_by(speaker: Speaker, samples: Samples) -> Samples:
    """``samples`` as that speaker would have said them; about ``duration`` times as long."""
    longer = stretched(samples, speaker.pitch * speaker.duration)
    moved = moved_formants(_resampled(longer, 1 / speaker.pitch), speaker.formants / speaker.pitch)
    if speaker.pitch > _FULL_BAND:
        return moved
    hiss = moved_formants(stretched(samples, speaker.duration), speaker.formants)
    return _joined(moved, hiss, speaker.pitch)


def _resampled(samples: Samples, ratio: float) -> Samples:
    """At ``ratio`` times as many samples, or one per cent off: lengths that are quick."""
    count = _quick(len(samples))
    wanted = _quick(round(count * ratio))
    spectrum = np.fft.rfft(samples, count)
    target = np.zeros(wanted // 2 + 1, complex)
    kept = min(len(target), len(spectrum))
    target[:kept] = spectrum[:kept]
    sound = np.fft.irfft(target, wanted) * (wanted / count)
    return np.asarray(sound[: round(len(samples) * wanted / count)], np.float32)


def _quick(length: int) -> int:
    return _SMOOTH[bisect_left(_SMOOTH, length)]


def _joined(low: Samples, high: Samples, edge: float) -> Samples:
    """A deeper voice has lost its upper band: taken from ``high``, where pitch hardly shows."""
    count = min(len(low), len(high))
    size = _quick(count)
    spectrum, above = np.fft.rfft(low[:count], size), np.fft.rfft(high[:count], size)
    place = np.linspace(0, 1, len(spectrum))
    share = 1 / (1 + np.exp((place - edge * _FULL_BAND) / 0.01))
    return np.fft.irfft(spectrum * share + above * (1 - share), size)[:count].astype(np.float32)


def stretched(samples: Samples, factor: float) -> Samples:
    """``factor`` times as long at the same pitch (overlap-add of pieces that fit, WSOLA)."""
    if abs(factor - 1) < 0.01 or len(samples) < 4 * _PIECE:
        return samples
    window = np.hanning(_PIECE + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, (_REACH, 2 * _PIECE + _REACH))
    count = int(len(samples) * factor) // _HOP
    result = np.zeros(count * _HOP + _PIECE, np.float32)
    place = _REACH
    for index in range(count):
        piece = padded[place : place + _PIECE]
        result[index * _HOP : index * _HOP + _PIECE] += window * piece
        following = padded[place + _HOP : place + _HOP + _PIECE]
        wanted = _REACH + int((index + 1) * _HOP / factor)
        wanted = min(wanted, len(padded) - _PIECE - _REACH)
        place = wanted - _REACH + _best_fit(padded, wanted, following)
        place = min(place, len(padded) - _PIECE - _HOP)
    return result[: round(len(samples) * factor)]


def _best_fit(padded: Samples, wanted: int, following: Samples) -> int:
    """Where around ``wanted`` the sound goes on most like what follows the last piece."""
    around = padded[wanted - _REACH : wanted + _REACH + _PIECE]
    likeness = np.correlate(around, following, "valid")
    power = np.cumsum(np.concatenate([[0.0], around.astype(np.float64) ** 2]))
    norm = np.sqrt(power[_PIECE:] - power[:-_PIECE] + 1.0)
    return int(np.argmax(likeness / norm))


def moved_formants(samples: Samples, factor: float) -> Samples:
    """Every formant from f to f x ``factor``, the pitch left where it is."""
    if abs(factor - 1) < 0.01 or len(samples) < 2 * _FRAME:
        return samples
    window = np.hanning(_FRAME + 1)[:-1]
    padded = np.pad(samples, (_FRAME, 2 * _FRAME))
    starts = np.arange(0, len(padded) - _FRAME, _FRAME_HOP)
    frames = padded[starts[:, None] + np.arange(_FRAME)] * window
    spectra = np.fft.rfft(frames)
    envelope = _envelope(spectra)
    bins = np.clip(np.arange(envelope.shape[1]) / factor, 0, envelope.shape[1] - 1)
    below = np.minimum(bins.astype(int), envelope.shape[1] - 2)
    share = bins - below
    moved = envelope[:, below] * (1 - share) + envelope[:, below + 1] * share
    frames = np.fft.irfft(spectra * np.exp(moved - envelope), _FRAME) * window
    result = np.zeros(len(padded))
    for start, frame in zip(starts, frames, strict=True):
        result[start : start + _FRAME] += frame
    overlap = float(np.sum(window**2)) / _FRAME_HOP
    return np.asarray(result[_FRAME : _FRAME + len(samples)] / overlap, np.float32)


def _envelope(spectra: NDArray[np.complex128]) -> NDArray[np.float64]:
    """The smooth part of each log spectrum (frames x bins)."""
    logarithm = np.log(np.abs(spectra) + _FLOOR)
    cepstrum = np.fft.irfft(logarithm)
    cepstrum[:, _ENVELOPE_TERMS + 1 : -_ENVELOPE_TERMS] = 0
    return np.asarray(np.fft.rfft(cepstrum).real)
