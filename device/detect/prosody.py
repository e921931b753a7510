"""How the voice ends: the pitch movement of the last syllables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from device.detect.features import FrameFeatures
from device.detect.spans import is_voice

_TAIL_FRAMES = 8  # 0.16 s of voice
_LEAST_FRAMES = 15


def final_rise_semitones(frames: Sequence[FrameFeatures], gate: float) -> float | None:
    """Median pitch of the last 0.16 s of voice against that of the whole, in semitones.

    ``None`` when there is too little voice to tell.
    """
    pitches = [f.pitch_hz for f in frames if is_voice(f, gate) and f.pitch_hz > 0]
    if len(pitches) < _LEAST_FRAMES:
        return None
    middle = _median(pitches)
    # An octave error of the pitch tracker is no rise.
    plausible = [p for p in pitches[-_TAIL_FRAMES:] if 0.6 * middle < p < 1.9 * middle]
    if len(plausible) < _TAIL_FRAMES // 2:
        return None
    return 12.0 * math.log2(_median(plausible) / middle)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
