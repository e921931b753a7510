"""A recording of any length: the demo lesson over and over, as a real file."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from device.audio.frames import SAMPLE_RATE, Block
from device.audio.recording import Recording

_FRAME_SAMPLES = 4096


def write_long_recording(lesson: Path, target: Path, seconds: float) -> None:
    """Write ``lesson`` again and again to a FLAC file of that length."""
    with Recording(lesson) as recording:
        once = np.concatenate(
            [item.samples for item in recording.items() if isinstance(item, Block)]
        )
    left_samples = round(seconds * SAMPLE_RATE)
    with av.open(str(target), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        written_samples = 0
        while left_samples:
            part = once[:left_samples]
            left_samples -= len(part)
            for start in range(0, len(part), _FRAME_SAMPLES):
                piece = part[start : start + _FRAME_SAMPLES].reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="mono")
                frame.sample_rate = SAMPLE_RATE
                frame.pts = written_samples
                written_samples += piece.shape[1]
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
