"""Several channels to one, without losing the channel that carries the voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

#: quieter than the loudest channel by more than 20 dB: hiss or cross-talk, left out
QUIET_POWER_RATIO = 0.01
#: an average that loses more than 10 dB cancels itself: the channels are in anti-phase
CANCELLED_POWER_RATIO = 0.1
WINDOWS_PER_SECOND = 20


class Downmixer:
    """The channels that carry sound, averaged, and as loud as the loudest of them.

    A channel that is silent therefore costs nothing (a plain average would cost 6 dB), channels
    in anti-phase do not cancel, and a voice that is on one channel only keeps its level. Loudness
    is counted over all the sound so far, on the differences between samples, so that neither
    hum nor a constant offset decides; it is evaluated in windows of 50 ms that do not depend on
    how the input is cut into pieces, and changes fade in over one window.

    Args:
        channels: number of channels.
        rate: sampling rate of the input in Hz.
        only: index of the one channel to use; ``None`` mixes.
    """

    def __init__(self, channels: int, rate: int, only: int | None = None) -> None:
        self.channels = channels
        self._only = only
        self._window_samples = max(1, rate // WINDOWS_PER_SECOND)
        self._waiting: Sound = np.zeros((channels, 0), dtype=np.float32)
        self._previous = np.zeros((channels, 1), dtype=np.float32)
        self._power = np.zeros((channels, channels))
        self._weights: NDArray[np.float64] | None = None

    def process(self, sound: Sound) -> Sound:
        """Shape (channels, n) in, shape (m,) out; up to one window is held back."""
        if self._only is not None:
            return np.asarray(sound[self._only])
        if self.channels == 1:
            return np.asarray(sound[0])
        self._waiting = np.concatenate((self._waiting, sound), axis=1)
        mixed = []
        whole = self._waiting.shape[1] // self._window_samples * self._window_samples
        for start in range(0, whole, self._window_samples):
            mixed.append(self._mix(self._waiting[:, start : start + self._window_samples]))
        self._waiting = self._waiting[:, whole:].copy()
        return np.concatenate(mixed) if mixed else np.zeros(0, dtype=np.float32)

    def flush(self) -> Sound:
        """What was held back."""
        rest, self._waiting = self._waiting, self._waiting[:, :0]
        return self._mix(rest) if rest.shape[1] else np.zeros(0, dtype=np.float32)

    def _mix(self, window: Sound) -> Sound:
        steps = np.diff(window, axis=1, prepend=self._previous).astype(np.float64)
        self._previous = window[:, -1:].copy()
        self._power += steps @ steps.T
        before, self._weights = self._weights, self._choose()
        if before is None or np.array_equal(before, self._weights):
            weights = self._weights[:, np.newaxis]
        else:
            fade = np.linspace(0.0, 1.0, window.shape[1])
            weights = before[:, np.newaxis] * (1 - fade) + self._weights[:, np.newaxis] * fade
        return np.asarray((window * weights).sum(axis=0), dtype=np.float32)

    def _choose(self) -> NDArray[np.float64]:
        powers = np.diagonal(self._power)
        loudest = int(np.argmax(powers))
        active = (powers >= powers[loudest] * QUIET_POWER_RATIO).astype(np.float64)
        average = active / active.sum()
        if powers[loudest] == 0:
            return np.asarray(average)
        mixed_power = float(average @ self._power @ average)
        if mixed_power < powers[loudest] * CANCELLED_POWER_RATIO:
            return np.asarray(np.eye(self.channels)[loudest])
        return np.asarray(average * np.sqrt(powers[loudest] / mixed_power))
