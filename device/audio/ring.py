"""The last seconds of sound, by absolute sample number, in memory that is allocated once."""

from __future__ import annotations

import threading

import numpy as np

from device.audio.frames import SAMPLE_RATE, Samples
from device.errors import DenkpauzeError


class NotHeldError(DenkpauzeError, LookupError):
    """The ring does not hold the samples asked for: too old, wiped, or not yet heard."""


class Ring:
    """A fixed stretch of the newest samples. Safe to use from several threads.

    Args:
        capacity_samples: how much is held, 10 s unless told. No sound is ever held longer, so
            this is also a privacy limit.

    Attributes:
        first_sample: number of the oldest sample held.
        end_sample: number of the next sample to come.
    """

    def __init__(self, capacity_samples: int = 10 * SAMPLE_RATE) -> None:
        if capacity_samples < 1:
            raise ValueError(f"a ring holds at least one sample, not {capacity_samples}")
        self._memory: Samples = np.zeros(capacity_samples, dtype=np.int16)
        self._lock = threading.Lock()
        self.first_sample = 0
        self.end_sample = 0

    @property
    def capacity_samples(self) -> int:
        return len(self._memory)

    def write(self, samples: Samples) -> None:
        """Append int16 samples, shape (n,); the oldest ones give way."""
        with self._lock:
            kept = samples[-len(self._memory) :]
            self._put(self.end_sample + len(samples) - len(kept), kept)
            self._advance(len(samples))

    def skip(self, missing_samples: int) -> None:
        """Count unheard samples, so that later sample numbers stay true; they read as zeros."""
        if missing_samples < 0:
            raise ValueError(f"{missing_samples} samples cannot be missing")
        with self._lock:
            kept = min(missing_samples, self.capacity_samples)
            start = self.end_sample + missing_samples - kept
            self._put(start, np.zeros(kept, dtype=np.int16))
            self._advance(missing_samples)

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """A copy of samples ``first_sample`` up to, not including, ``end_sample``.

        Raises:
            NotHeldError: part of the range is gone or has not been heard yet.
            ValueError: the range runs backwards.
        """
        if end_sample < first_sample:
            raise ValueError(f"the range {first_sample} to {end_sample} runs backwards")
        with self._lock:
            if first_sample < self.first_sample or end_sample > self.end_sample:
                raise NotHeldError(
                    f"samples {first_sample} to {end_sample} are not held: "
                    f"the ring has {self.first_sample} to {self.end_sample}"
                )
            start = first_sample % self.capacity_samples
            wanted = end_sample - first_sample
            head = self._memory[start : start + wanted]
            return np.concatenate((head, self._memory[: wanted - len(head)]))

    def zero(self) -> None:
        """Wipe the sound itself; the numbering goes on."""
        with self._lock:
            self._memory.fill(0)
            self.first_sample = self.end_sample

    def _put(self, first_sample: int, samples: Samples) -> None:
        start = first_sample % len(self._memory)
        head = len(self._memory) - start
        if len(samples) <= head:
            self._memory[start : start + len(samples)] = samples
        else:
            self._memory[start:] = samples[:head]
            self._memory[: len(samples) - head] = samples[head:]

    def _advance(self, count_samples: int) -> None:
        self.end_sample += count_samples
        self.first_sample = max(self.first_sample, self.end_sample - self.capacity_samples)
