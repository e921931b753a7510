"""Can what the microphone gives be measured at all? Says so once, and once when it is over."""

from __future__ import annotations

from collections import deque

from device.audio.frames import FRAME_SAMPLES
from device.detect.entries import seconds
from device.detect.features import FrameFeatures
from device.detect.level import CALM_AGAIN_DB, TOO_NOISY_DB, TOO_QUIET_DB
from device.detect.spans import SpanTracker
from lesson.events import Health, HealthPart, HealthState

_EVERY_FRAMES = 50
_WINDOW = 10  # seconds that must agree
_CLIPPED_PEAK = 32_700
_CLIPPED_SHARE = 0.05
_VOICE_EVERYWHERE = 0.6


class SignalGuard:
    """Steps once per frame; looks once a second and needs ten seconds of agreement."""

    def __init__(self) -> None:
        self.state = HealthState.OK
        self._frames = 0
        self._clipped = 0
        self._voiced = 0
        self._vad = 0
        self._seen: deque[HealthState] = deque(maxlen=_WINDOW)

    @property
    def trusted(self) -> bool:
        """False while the class is so loud that any figure would be a guess."""
        return self.state is not HealthState.TOO_NOISY

    def step(self, features: FrameFeatures, tracker: SpanTracker) -> list[Health]:
        self._frames += 1
        self._vad += features.voiced
        if tracker.open is not None:
            self._voiced += 1
            self._clipped += features.peak >= _CLIPPED_PEAK
        if self._frames % _EVERY_FRAMES:
            return []
        self._seen.append(self._judge(tracker))
        self._clipped = self._voiced = self._vad = 0
        agreed = len(self._seen) == _WINDOW and len(set(self._seen)) == 1
        if not agreed or self._seen[0] is self.state:
            return []
        self.state = self._seen[0]
        at = seconds(features.first_sample + FRAME_SAMPLES)
        return [Health(t=at, part=HealthPart.SIGNAL, state=self.state)]

    def _judge(self, tracker: SpanTracker) -> HealthState:
        wearer, background = tracker.wearer, tracker.background
        if background.level_db is None:
            return HealthState.OK
        if not wearer.learnt or wearer.level_db is None:
            # Voice all the time and none of it close by: the class drowns the teacher.
            drowned = tracker.open is None and self._vad > _VOICE_EVERYWHERE * _EVERY_FRAMES
            return HealthState.TOO_NOISY if drowned else HealthState.OK
        was_noisy = self.state is HealthState.TOO_NOISY
        least_db = TOO_NOISY_DB + (CALM_AGAIN_DB if was_noisy else 0.0)
        if wearer.level_db - background.level_db < least_db:
            return HealthState.TOO_NOISY
        if wearer.level_db < TOO_QUIET_DB:
            return HealthState.TOO_QUIET
        if self._voiced and self._clipped > _CLIPPED_SHARE * self._voiced:
            return HealthState.CLIPPING
        if self._voiced:
            return HealthState.OK
        # Nobody spoke: the last judgement stands.
        return self._seen[-1] if self._seen else HealthState.OK
