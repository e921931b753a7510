"""Any sampling rate to 16 kHz, streaming."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from device.audio.frames import SAMPLE_RATE, Samples

if TYPE_CHECKING:
    import av

NO_SAMPLES: Samples = np.zeros(0, dtype=np.int16)


class Resampler:
    """Mono float samples (full scale ±1) at ``rate`` to int16 at 16 kHz.

    At 16 kHz the samples pass unchanged. Otherwise FFmpeg's polyphase filter runs; it adds no
    delay (what it holds back comes with ``flush``), and its output does not depend on how the
    input was cut into pieces.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._filter: av.AudioResampler | None = None
        self._fed = False
        if rate != SAMPLE_RATE:
            import av  # only here: loading FFmpeg takes as long as the rest of the audio path

            self._filter = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)

    def process(self, sound: NDArray[np.float32]) -> Samples:
        """Shape (n,) in; about n · 16000 / rate samples out, none when n is small."""
        if self._filter is None:
            return np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)
        if len(sound) == 0:
            return NO_SAMPLES
        import av

        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[np.newaxis, :]), format="flt", layout="mono"
        )
        frame.rate = self.rate
        self._fed = True
        return self._drain(frame)

    def flush(self) -> Samples:
        """The rest. The resampler cannot be fed after this."""
        if self._filter is None or not self._fed:
            return NO_SAMPLES
        return self._drain(None)

    def _drain(self, frame: av.AudioFrame | None) -> Samples:
        assert self._filter is not None
        parts = [part.to_ndarray()[0] for part in self._filter.resample(frame)]
        return np.concatenate(parts) if parts else NO_SAMPLES
