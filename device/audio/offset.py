"""Taking a constant offset (DC) out of the sound, frame by frame."""

from __future__ import annotations

import math

import numpy as np

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Samples

#: far below the lowest voice (70 Hz), yet settled within a second
CUTOFF_HZ = 10.0


class OffsetFilter:
    """A one-pole high-pass. It works on whole frames, so block sizes cannot change its output.

    The running mean starts at the first frame's own mean: a recording with an offset does not
    begin with a thump.
    """

    def __init__(self, cutoff_hz: float = CUTOFF_HZ) -> None:
        pole = math.exp(-2 * math.pi * cutoff_hz / SAMPLE_RATE)
        # the recursion mean[n] = pole·mean[n-1] + (1-pole)·x[n], written out for one frame:
        # mean[n] = decay[n] · (mean[-1] + Σ growth[k]·x[k]), with k up to n
        self._decay = pole ** (np.arange(FRAME_SAMPLES) + 1.0)
        self._growth = (1 - pole) / self._decay
        self._mean: float | None = None

    def process(self, samples: Samples) -> Samples:
        """Filter frames, int16 of shape (FRAME_SAMPLES,) or (frames, FRAME_SAMPLES)."""
        sound = np.atleast_2d(samples).astype(np.float64)
        if self._mean is None:
            self._mean = float(sound[0].mean())
        sums = np.cumsum(self._growth * sound, axis=1)
        means = np.empty_like(sums)
        for row, of_row in zip(means, sums, strict=True):
            np.multiply(self._decay, self._mean + of_row, out=row)
            self._mean = float(row[-1])
        rest = np.rint(sound - means)
        kept = np.maximum(np.minimum(rest, 32767), -32768).astype(np.int16)
        return kept.reshape(samples.shape)

    def reset(self) -> None:
        """Forget the mean: what follows a gap may have another offset."""
        self._mean = None
