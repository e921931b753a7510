"""Other sizes of the mouth: spectra stretched along the frequency axis, as maps of the features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.speech.features import COEFFICIENTS, HIGHEST_HZ, LOWEST_HZ

LIFTER = 22  # Kaldi's default weighting of the coefficients
STRETCHES = tuple(np.linspace(0.88, 1.14, 14))


def warp(stretch: float) -> NDArray[np.float32]:
    """The 40 x 40 map that moves every formant from f to f / ``stretch``.

    As many coefficients as bands lose nothing: back to the bands, along the axis, and forth again.
    The map is linear, so that it may follow the mean normalisation.
    """
    transform = _cosines() * _lifter()[:, None]
    low, high = _mel(LOWEST_HZ), _mel(HIGHEST_HZ)
    width = (high - low) / (COEFFICIENTS + 1)
    centres_hz = _hertz(low + width * np.arange(1, COEFFICIENTS + 1))
    source = (_mel(centres_hz * stretch) - low) / width - 1
    source = np.clip(source, 0, COEFFICIENTS - 1)
    below = np.minimum(source.astype(int), COEFFICIENTS - 2)
    share = source - below
    bands = np.zeros((COEFFICIENTS, COEFFICIENTS))
    rows = np.arange(COEFFICIENTS)
    bands[rows, below] = 1 - share
    bands[rows, below + 1] += share
    return np.asarray(transform @ bands @ np.linalg.inv(transform), np.float32)


def _cosines() -> NDArray[np.float64]:
    """From log energies of bands to cepstral coefficients (orthonormal)."""
    order, band = np.arange(COEFFICIENTS)[:, None], np.arange(COEFFICIENTS)[None]
    table = np.sqrt(2 / COEFFICIENTS) * np.cos(np.pi * order * (band + 0.5) / COEFFICIENTS)
    table[0] = np.sqrt(1 / COEFFICIENTS)
    return np.asarray(table)


def _lifter() -> NDArray[np.float64]:
    return 1 + LIFTER / 2 * np.sin(np.pi * np.arange(COEFFICIENTS) / LIFTER)


def _mel(hertz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127 * np.log(1 + np.asarray(hertz) / 700))


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700 * (np.exp(mel / 1127) - 1))
