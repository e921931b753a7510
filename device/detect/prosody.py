"""How the voice ends, and what that says about a question, measured on people.

Two figures of a chunk tell most: the pitch of the last syllables against that of the whole, and
where in the chunk the voice is highest. In 293 sentences of three readers the two told questions
without a question word from statements with an area under the curve of 0.93, each reader judged
by what the others taught; for questions with a question word it was 0.70. Readers differ in how
far they fall at an end, so the wearer's own running median is what a fall is compared with.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from device.detect.features import FrameFeatures
from device.detect.spans import is_voice

_TAIL_FRAMES = 8  # 0.16 s of voice
_LEAST_FRAMES = 15
_HIGHEST_FRAMES = 5
_OCTAVE_ERROR_SEMITONES = 10.0
_REMEMBERED_CHUNKS = 40
#: how sentences run when little is known of the wearer yet, and for how many sentences that counts
_USUAL = (-2.0, 0.40)
_USUAL_SENTENCES = 5
#: a logistic regression on the readers' sentences: per semitone, per share of the chunk, and alone
_RISE_WEIGHT = 0.20
_PEAK_WEIGHT = 6.4
_BIAS = -1.2
_SUREST = 4.0
#: a wearer who moves less than this at most ends, or of whom little is known, says nothing by not
#: moving; and so small a part of the usual movement is none
_LIVELY_SEMITONES = 2.5
_LEVEL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Melody:
    """The course of the pitch over a chunk.

    Attributes:
        rise_semitones: median of the last 0.16 s of voice against the median of the whole.
        peak_place: where its highest frames lie on average, 0 at the start to 1 at the end.
    """

    rise_semitones: float
    peak_place: float


class WearerMelody:
    """Knows how the wearer's sentences usually run; steps once per chunk of the wearer."""

    def __init__(self) -> None:
        usual = [Melody(*_USUAL)] * _USUAL_SENTENCES
        self._heard: deque[Melody] = deque(usual, maxlen=_REMEMBERED_CHUNKS)

    def question_logit(self, melody: Melody | None) -> float | None:
        """Log odds that the voice asks, words left aside; ``None`` when there is too little of it.

        The chunk is remembered.
        """
        if melody is None:
            return None
        self._heard.append(melody)
        rise = melody.rise_semitones - _median([heard.rise_semitones for heard in self._heard])
        later = melody.peak_place - _median([heard.peak_place for heard in self._heard])
        logit = _RISE_WEIGHT * rise + _PEAK_WEIGHT * later + _BIAS
        return min(_SUREST, max(-_SUREST, logit))

    def stays_level(self, melody: Melody | None) -> bool:
        """Whether the pitch neither falls nor rises at the end, for this wearer.

        People hold it where they will go on, and move it where they are done, in questions too.
        """
        if melody is None:
            return False
        usual = _median([abs(heard.rise_semitones) for heard in self._heard])
        moved = abs(melody.rise_semitones)
        return usual >= _LIVELY_SEMITONES and moved < _LEVEL_SHARE * usual


def melody_of(frames: Sequence[FrameFeatures], gate: float) -> Melody | None:
    """Measure a chunk; ``None`` when there is too little voice to tell."""
    semitones = _course(frames, gate)
    if len(semitones) < _LEAST_FRAMES:
        return None
    highest = sorted(range(len(semitones)), key=lambda place: -semitones[place])[:_HIGHEST_FRAMES]
    return Melody(
        rise_semitones=_median(semitones[-_TAIL_FRAMES:]) - _median(semitones),
        peak_place=sum(highest) / len(highest) / len(semitones),
    )


def _course(frames: Sequence[FrameFeatures], gate: float) -> list[float]:
    """Pitch of the voiced frames in semitones, errors of an octave left out."""
    voiced = [f.pitch_hz for f in frames if is_voice(f, gate) and f.pitch_hz > 0]
    if not voiced:
        return []
    semitones = [12.0 * math.log2(pitch) for pitch in voiced]
    middle = _median(semitones)
    return [pitch for pitch in semitones if abs(pitch - middle) < _OCTAVE_ERROR_SEMITONES]


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
