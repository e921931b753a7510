"""From blocks of any length to numbered frames of exactly 20 ms."""

from __future__ import annotations

import numpy as np

from device.audio.frames import (
    FRAME_SAMPLES,
    Block,
    Discontinuity,
    Frame,
    Gap,
    Resumed,
    Samples,
)
from device.audio.offset import OffsetFilter


class Framer:
    """Gives every sample its number, counted from the start of the lesson.

    Frames do not depend on how the sound was cut into blocks. At a gap the samples that do not
    fill a frame (less than 20 ms) become part of the discontinuity: padding them with zeros
    would put an edge into the sound that nobody made. Frames go on right after a gap, so their
    first sample is then not always a multiple of ``FRAME_SAMPLES``.

    Args:
        remove_offset: take a constant offset (DC) out of the frames.
        first_sample: number of the first sample, above 0 when a lesson goes on.

    Attributes:
        end_sample: number of samples received so far, gaps included.
    """

    def __init__(self, *, remove_offset: bool = False, first_sample: int = 0) -> None:
        self._partial: Samples = np.zeros(FRAME_SAMPLES, dtype=np.int16)
        self._filled = 0
        self._offset = OffsetFilter() if remove_offset else None
        self.end_sample = first_sample

    def feed(self, item: Block | Gap | Resumed) -> list[Frame | Discontinuity]:
        """The frames that are complete now, or the discontinuity that a gap makes.

        A gap of unknown length (0) still yields a discontinuity: no pause may cross it.
        """
        if isinstance(item, Block):
            return list(self._fill(item.samples))
        if isinstance(item, Gap):
            return [self._break(item)]
        return []

    def flush(self) -> list[Frame | Discontinuity]:
        """At the end of the sound: the last frame, padded with zeros, if any sample is left.

        ``end_sample`` keeps telling where the sound really ended.
        """
        if self._filled == 0:
            return []
        self._partial[self._filled :] = 0
        last = Frame(self.end_sample - self._filled, self._without_offset(self._partial.copy()))
        self._filled = 0
        return [last]

    def _fill(self, samples: Samples) -> list[Frame]:
        """All frames together: the filter of the offset costs little more for many than for one."""
        waiting = np.concatenate((self._partial[: self._filled], samples))
        first_sample = self.end_sample - self._filled
        self.end_sample += len(samples)
        whole = len(waiting) // FRAME_SAMPLES * FRAME_SAMPLES
        self._filled = len(waiting) - whole
        self._partial[: self._filled] = waiting[whole:]
        rows = self._without_offset(waiting[:whole].reshape(-1, FRAME_SAMPLES))
        return [Frame(first_sample + n * FRAME_SAMPLES, row) for n, row in enumerate(rows)]

    def _break(self, gap: Gap) -> Discontinuity:
        first_sample = self.end_sample - self._filled
        self._filled = 0
        self.end_sample += gap.missing_samples
        if self._offset is not None:
            self._offset.reset()
        return Discontinuity(first_sample, self.end_sample, gap.state)

    def _without_offset(self, samples: Samples) -> Samples:
        if self._offset is None or not len(samples):
            return samples
        return self._offset.process(samples)
