"""Between PortAudio's callback and the pipeline: bounded, counted, and nothing else."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from device.clock import Clock


@dataclass(frozen=True, slots=True)
class Piece:
    """What one callback delivered.

    Attributes:
        data: interleaved int16 samples in the stream's own rate and channels.
        captured_at: monotonic seconds of the callback.
        dropped_samples: samples per channel that found no room just before this piece.
        overflow: PortAudio says that it lost sound just before this piece.
    """

    data: bytes
    captured_at: float
    dropped_samples: int
    overflow: bool


class CaptureQueue:
    """Pieces of the present stream only; what a closed stream still delivers is ignored.

    When it is full, new pieces are dropped and counted, so that the sound which is there stays
    whole and the loss is known exactly.

    Attributes:
        overflows: losses in this queue or in PortAudio since the start.
        last_callback_at: monotonic seconds, ``None`` before the present stream's first callback.
    """

    def __init__(self, clock: Clock, capacity_pieces: int) -> None:
        self._clock = clock
        self._capacity = capacity_pieces
        self._pieces: deque[Piece] = deque()
        self._condition = threading.Condition()
        self._generation = 0
        self._dropped_samples = 0
        self.overflows = 0
        self.last_callback_at: float | None = None

    def begin(self) -> int:
        """Forget the sound of the stream before; returns the number of the stream to come."""
        with self._condition:
            self._generation += 1
            self._pieces.clear()
            self._dropped_samples = 0
            self.last_callback_at = None
            return self._generation

    def put(self, generation: int, data: bytes, count_samples: int, overflow: bool) -> None:
        """For the callback: never waits for the consumer."""
        now = self._clock.monotonic()
        with self._condition:
            if generation != self._generation:
                return
            self.last_callback_at = now
            self.overflows += overflow
            if len(self._pieces) >= self._capacity:
                self.overflows += self._dropped_samples == 0
                self._dropped_samples += count_samples
                return
            self._pieces.append(Piece(data, now, self._dropped_samples, overflow))
            self._dropped_samples = 0
            self._condition.notify_all()

    def get(self, timeout_s: float) -> Piece | None:
        """The next piece, or ``None`` after ``timeout_s`` or a ``wake``."""
        with self._condition:
            if not self._pieces:
                self._clock.wait(self._condition, timeout_s)
            return self._pieces.popleft() if self._pieces else None

    def wake(self) -> None:
        """Let ``get`` return now."""
        with self._condition:
            self._condition.notify_all()
