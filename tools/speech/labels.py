"""From sounds in time to one unit per 30 ms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.speech.espeak import SILENCE, Segment
from tools.speech.features import OUTPUT_S, SUBSAMPLING
from tools.speech.languages import Language

_SHORTEST_PAUSE_S = 0.04
_HELD_STOP = "!"  # espeak-ng's name for a stop that runs into the next one ("wat dan")


def cleaned(segments: tuple[Segment, ...], language: Language) -> list[Segment]:
    """Units of the model: rare sounds mapped, marks dropped, very short pauses joined."""
    kept: list[Segment] = []
    for place, part in enumerate(segments):
        sound = part.sound
        if sound == _HELD_STOP:
            after = [later.sound for later in segments[place + 1 : place + 2]]
            sound = after[0] if after and after[0] not in {SILENCE, _HELD_STOP} else "t"
        pause = sound == SILENCE
        short = pause and part.end_s - part.start_s < _SHORTEST_PAUSE_S
        joined = kept and pause and (short or kept[-1].sound == SILENCE)
        if kept and (sound in language.dropped_sounds or joined):
            kept[-1] = Segment(kept[-1].word, kept[-1].sound, kept[-1].start_s, part.end_s)
        elif sound not in language.dropped_sounds:
            kept.append(Segment(part.word, language.sound(sound), part.start_s, part.end_s))
    return kept


def output_count(feature_frames: int) -> int:
    """How many steps of 30 ms the network gives for so many frames of 10 ms."""
    return (feature_frames + SUBSAMPLING - 1) // SUBSAMPLING


def first_steps(starts: list[float], steps: int) -> list[int] | None:
    """Each sound's first step, at least one step each; None when there are more than steps."""
    if len(starts) > steps:
        return None
    places = [max(0, round(start)) for start in starts]
    places[0] = 0
    for index in range(1, len(places)):
        places[index] = max(places[index], places[index - 1] + 1)
    limit = steps
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], limit - 1)
        limit = places[index]
    return places


def step_of(seconds: float) -> float:
    """The step whose middle lies at ``seconds``."""
    return (seconds - OUTPUT_S / 2) / OUTPUT_S


def seconds_of(step: int) -> float:
    """Inverse of ``step_of`` (the first step begins with the recording)."""
    return step * OUTPUT_S + OUTPUT_S / 2 if step else 0.0


def spread(units: NDArray[np.int64], starts: list[int], steps: int) -> NDArray[np.int64]:
    """One unit for every step."""
    return np.repeat(units, np.diff([*starts, steps]))
