"""Recordings of any format as samples."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from tools.speech.augmentation import SAMPLE_RATE, Samples


def read_samples(file: Path) -> Samples:
    """A recording as mono 16 kHz samples on the scale of 16-bit integers."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    blocks = []
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            blocks += [part.to_ndarray()[0] for part in resampler.resample(frame)]
        blocks += [part.to_ndarray()[0] for part in resampler.resample(None)]
    return np.concatenate(blocks).astype(np.float32)
