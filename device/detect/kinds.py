"""What a stretch of sound is: words, an «eh», or no voice at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from device.detect.features import FrameFeatures

#: an «eh» is one steady vowel: the level in each band stays within this of its median, on average
STEADY_DB = 2.5
#: … and so does its pitch
STEADY_SEMITONES = 1.1
LONGEST_FILLER_FRAMES = 30  # 0.60 s
_LEAST_FRAMES = 6
#: the bands up to 2.2 kHz; above them a vowel is little more than noise
_VOWEL_BANDS = 10
_DYNAMIC_RANGE_DB = 30.0
_OCTAVE_ERROR_SEMITONES = 5.0


class SpanKind(StrEnum):
    """Only ``LEXICAL`` ends a pause for sure; ``FILLER`` may be a short word: ask its words."""

    LEXICAL = "lexical"
    FILLER = "filler"
    NOISE = "noise"


def is_steady_vowel(voice: Sequence[FrameFeatures]) -> bool:
    """Whether voiced frames sound like one vowel held on, as in «eh» or «mm».

    Args:
        voice: the frames of a span that carry a voice.
    """
    if not _LEAST_FRAMES <= len(voice) <= LONGEST_FILLER_FRAMES:
        return False
    inner = voice[1:-1] if len(voice) > _LEAST_FRAMES + 2 else voice
    bands = np.array([frame.bands_db[:_VOWEL_BANDS] for frame in inner])
    bands = np.maximum(bands, bands.max(axis=1, keepdims=True) - _DYNAMIC_RANGE_DB)
    if float(np.abs(bands - np.median(bands, axis=0)).mean()) > STEADY_DB:
        return False
    pitches = sorted(frame.pitch_hz for frame in voice if frame.pitch_hz > 0)
    if not pitches:
        return False
    middle = pitches[len(pitches) // 2]
    steps = [12 * math.log2(pitch / middle) for pitch in pitches]
    near = [step for step in steps if abs(step) < _OCTAVE_ERROR_SEMITONES]
    return float(np.std(near)) <= STEADY_SEMITONES
