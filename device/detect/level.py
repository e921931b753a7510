"""Whose voice is this? Two levels decide: the room's background and the wearer of the clip.

A voice activity detector alone never ends a sentence in a noisy class; a level gate above the
background does. The clip sits 15–20 cm under the teacher's chin, so the teacher is well above
anybody else. No voiceprint is made, only these two numbers are kept.
"""

from __future__ import annotations

import numpy as np

#: a frame is sound when it lies this far above the background
GATE_ABOVE_BACKGROUND_DB = 8.0
#: without a clip everybody is far away, and a voice stands out less
GATE_IN_ROOM_DB = 5.0
#: … and at most this far below the wearer: the tail of reverberation in a quiet room is no speech
GATE_BELOW_WEARER_DB = 30.0
#: a voice this far below the wearer is somebody else
TEACHER_RANGE_DB = 7.0
#: below this distance between wearer and background no figure can be trusted. The background is
#: a low quantile: babble of 10 dB signal-to-noise ratio comes to 15 to 16 dB here
TOO_NOISY_DB = 15.5
#: so much further apart they must be before figures are trusted again
CALM_AGAIN_DB = 1.5
#: below this the microphone is turned down so far that consonants drown in its own noise
TOO_QUIET_DB = 40.0

_BACKGROUND_FRAMES = 600  # 12 s
_BACKGROUND_EVERY = 10  # frames between two estimates
_BACKGROUND_QUANTILE = 0.10
_SETTLED_FRAMES = 100  # 2 s
_FIRST_REFERENCE_FRAMES = 75  # 1.5 s of voiced sound
_VAD_TARGET_DB = 68.0
_VAD_GAIN_MOST = 30.0
_LOUDER_DB = 6.0
_FOLLOW = 0.1


class Background:
    """The level of the room when nobody speaks close by: a low quantile of the last 12 s."""

    def __init__(self) -> None:
        self.level_db: float | None = None
        self.reset()

    def reset(self) -> None:
        """Learn it anew.

        For two seconds it is no higher than before: of sound that comes back in mid-sentence the
        voice itself would be taken for the room.
        """
        self._levels = np.zeros(_BACKGROUND_FRAMES)
        self._frames = 0
        self._before_db = self.level_db

    def step(self, level_db: float) -> None:
        """Take the level of one frame."""
        self._levels[self._frames % _BACKGROUND_FRAMES] = level_db
        self._frames += 1
        if self._frames % _BACKGROUND_EVERY == 0:
            count = min(self._frames, _BACKGROUND_FRAMES)
            rank = int(_BACKGROUND_QUANTILE * count)
            self.level_db = float(np.partition(self._levels[:count], rank)[rank])
            if self._before_db is not None and self._frames <= _SETTLED_FRAMES:
                self.level_db = min(self.level_db, self._before_db)


class Wearer:
    """The teacher's level at the clip, learnt from the first seconds of voice and followed.

    The first voiced sound may be a pupil's; a clearly louder voice then takes over at once,
    since nobody is closer to the clip than its wearer. It sinks only slowly.

    Args:
        near: ``False`` for a microphone somewhere in the room, to which everybody is alike.
    """

    def __init__(self, near: bool = True) -> None:
        self.near = near
        self._first: list[float] = []
        self.level_db: float | None = None
        self.learnt = False

    def hear_frame(self, voiced_level_db: float) -> None:
        """While nothing is learnt yet: the level of one voiced frame."""
        if self.learnt:
            return
        self._first.append(voiced_level_db)
        ordered = sorted(self._first)
        self.level_db = ordered[int(0.8 * len(ordered))]
        self.learnt = len(ordered) >= _FIRST_REFERENCE_FRAMES

    def hear_span(self, level_db: float, speech_s: float) -> None:
        """A finished stretch of voice: follow it when it is the wearer's, or louder."""
        if not self.learnt or self.level_db is None:
            return
        difference = level_db - self.level_db
        if difference > _LOUDER_DB and speech_s >= 1.0:
            self.level_db = level_db
        elif difference >= -TEACHER_RANGE_DB:
            self.level_db += _FOLLOW * difference

    def is_teacher(self, level_db: float) -> bool:
        """Whether a voice of this level is the wearer's, as far as can be told."""
        return (
            not self.near or self.level_db is None or level_db >= self.level_db - TEACHER_RANGE_DB
        )

    @property
    def vad_gain(self) -> float:
        """Factor that brings the wearer to the level at which webrtcvad was trained."""
        if self.level_db is None:
            return 1.0
        return float(min(_VAD_GAIN_MOST, max(1.0, 10 ** ((_VAD_TARGET_DB - self.level_db) / 20))))


def gate_db(background: Background, wearer: Wearer) -> float | None:
    """The level from which a frame counts as sound; ``None`` until a background is known."""
    if background.level_db is None:
        return None
    gate = background.level_db + (GATE_ABOVE_BACKGROUND_DB if wearer.near else GATE_IN_ROOM_DB)
    if wearer.level_db is not None:
        gate = max(gate, wearer.level_db - GATE_BELOW_WEARER_DB)
    return gate
