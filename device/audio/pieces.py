"""From a stream's raw pieces to 16 kHz mono samples."""

from __future__ import annotations

import numpy as np

from device.audio.downmix import Downmixer
from device.audio.frames import Samples
from device.audio.resample import Resampler


class PieceConverter:
    """Converts the pieces of one stream, and notices a digitally flat level.

    Attributes:
        heard: any sound was converted yet.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._channels = channels
        self._mixer = Downmixer(channels, rate)
        self._resampler = Resampler(rate)
        self._flat_value: int | None = None
        self._flat_samples = 0
        self.heard = False

    @property
    def flat_s(self) -> float:
        """Length of the run of one same sample value that lasts until now."""
        return self._flat_samples / self._channels / self._rate

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
            self._flat_value, self._flat_samples = None, 0
            return
        before = self._flat_samples if value == self._flat_value else 0
        self._flat_samples = before + len(raw)
        self._flat_value = value
