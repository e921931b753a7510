"""From the audio clock to the monotonic clock.

Frames reach the pipeline late and in bursts, but a capture time can only be too late, never too
early. So the smallest difference between capture time and audio time over the last seconds is
the best estimate of where the audio clock's zero lies.
"""

from __future__ import annotations

from collections import deque

from device.audio.frames import SAMPLE_RATE


class AudioTimeline:
    """Maps a position in the lesson's sound to monotonic time and back.

    The two clocks drift apart (sound cards are off by up to some 100 parts per million), so only
    the last ``window_s`` of sound count: an error of 0.5 ms at most.

    Not thread-safe; call it from the pipeline thread.
    """

    def __init__(self, window_s: float = 5.0) -> None:
        self._window_s = window_s
        # (position, offset) with rising offsets: the head is the smallest in the window
        self._offsets: deque[tuple[float, float]] = deque()

    def observe(self, end_sample: int, captured_at: float) -> None:
        """Learn that the sound before ``end_sample`` was captured at ``captured_at`` (seconds)."""
        position_s = end_sample / SAMPLE_RATE
        offset_s = captured_at - position_s
        while self._offsets and self._offsets[-1][1] >= offset_s:
            self._offsets.pop()
        self._offsets.append((position_s, offset_s))
        while self._offsets[0][0] < position_s - self._window_s:
            self._offsets.popleft()

    def reset(self) -> None:
        """Forget everything: sound went missing, and the two clocks moved apart by a jump."""
        self._offsets.clear()

    def monotonic_at(self, position_s: float) -> float | None:
        """Monotonic time of a position, or ``None`` while nothing is known."""
        return position_s + self._offsets[0][1] if self._offsets else None

    def position_at(self, monotonic_s: float) -> float | None:
        """Position in the sound at a monotonic time, or ``None`` while nothing is known."""
        return monotonic_s - self._offsets[0][1] if self._offsets else None
