"""From a stream's raw pieces to 16 kHz mono samples."""

from __future__ import annotations

import numpy as np

from device.audio.downmix import Downmixer
from device.audio.frames import Samples
from device.audio.resample import Resampler


class PieceConverter:
    """Converts the pieces of one stream, and notices a digitally flat level.

    Attributes:
        flat_s: length of the run of one same sample value that lasts until now.
        heard: any sound was converted yet.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._channels = channels
        self._mixer = Downmixer(channels, rate)
        self._resampler = Resampler(rate)
        self._flat_value: int | None = None
        self.flat_s = 0.0
        self.heard = False

    def convert(self, data: bytes) -> Samples:
        """Interleaved int16 in, int16 of 16 kHz mono out."""
        raw = np.frombuffer(data, dtype=np.int16)
        self._note_flat(raw)
        sound = raw.reshape(-1, self._channels).T.astype(np.float32) / np.float32(32768)
        return self._resampler.process(self._mixer.process(sound))

    def _note_flat(self, raw: Samples) -> None:
        if len(raw) == 0:
            return
        self.heard = True
        value = int(raw[0])
        if not np.all(raw == value):
            self._flat_value, self.flat_s = None, 0.0
            return
        length_s = len(raw) / self._channels / self._rate
        self.flat_s = self.flat_s + length_s if value == self._flat_value else length_s
        self._flat_value = value
