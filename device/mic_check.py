"""Is this microphone fit for a lesson? Four seconds of quiet, eight of speech, then a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from device.audio.frames import FRAME_SAMPLES, Samples
from device.detect.level import TOO_NOISY_DB, TOO_QUIET_DB

QUIET_S = 4.0
SPEECH_S = 8.0
#: Both sides of what 16 bits can hold.
FULL_SCALE = 32767
#: More samples than this at the limit are heard as crackling, and words suffer.
MOST_CLIPPED = 0.001
#: Speech has pauses: its louder half is what tells how loud somebody speaks.
_WEARER_QUANTILE = 0.75
_ROOM_QUANTILE = 0.5

Problem = Literal["dead", "clipping", "quiet", "noisy"]

#: What to do, Dutch and English.
ADVICE: dict[Problem, tuple[str, str]] = {
    "dead": (
        "Geen geluid. Staat de zender aan, en is hij gekoppeld met de ontvanger?",
        "No sound. Is the transmitter on, and paired with its receiver?",
    ),
    "clipping": (
        "Te hard: het geluid wordt afgekapt. Zet de versterking lager of de clip iets lager.",
        "Too loud: the sound is cut off. Turn the gain down or wear the clip a little lower.",
    ),
    "quiet": (
        "Te zacht. Draag de clip 15 tot 20 cm onder de kin, en zet de versterking hoger.",
        "Too soft. Wear the clip 15 to 20 cm under the chin, and turn the gain up.",
    ),
    "noisy": (
        "Uw stem komt te weinig boven het lokaal uit. Draag de clip hoger, of wacht op stilte.",
        "Your voice stands out too little from the room. Wear the clip higher, or wait for quiet.",
    ),
}


@dataclass(frozen=True, slots=True)
class MicCheck:
    """What was heard, in decibels above one step of 16 bits.

    Attributes:
        room_db: the room while the wearer is silent.
        wearer_db: the louder part of the wearer's speech.
        clipped: share of the samples at the limit.
        problem: the first thing to be done something about; ``None``: fit for a lesson.
    """

    room_db: float
    wearer_db: float
    clipped: float
    problem: Problem | None

    @property
    def above_room_db(self) -> float:
        return self.wearer_db - self.room_db


def check(quiet: Samples, speech: Samples) -> MicCheck:
    """Judge a microphone.

    Args:
        quiet: 16 kHz int16 while nobody speaks, at least a frame.
        speech: the same while the wearer speaks.
    """
    room_db = float(np.quantile(_levels_db(quiet), _ROOM_QUANTILE))
    wearer_db = float(np.quantile(_levels_db(speech), _WEARER_QUANTILE))
    everything = np.concatenate([quiet, speech]).astype(np.int32)
    clipped = float(np.mean(np.abs(everything) >= FULL_SCALE))
    problem: Problem | None = None
    if everything.min() == everything.max():
        problem = "dead"
    elif clipped > MOST_CLIPPED:
        problem = "clipping"
    elif wearer_db < TOO_QUIET_DB:
        problem = "quiet"
    elif wearer_db - room_db < TOO_NOISY_DB:
        problem = "noisy"
    return MicCheck(room_db, wearer_db, clipped, problem)


def verdict(found: MicCheck, language: Literal["nl", "en"]) -> str:
    """One line for the teacher, with the figures."""
    if found.problem is not None:
        advice = ADVICE[found.problem][0 if language == "nl" else 1]
    else:
        advice = "Klaar voor de les." if language == "nl" else "Ready for the lesson."
    if found.problem == "dead":
        return advice
    room = "boven het lokaal" if language == "nl" else "above the room"
    return f"{advice} ({found.wearer_db:.0f} dB, {found.above_room_db:.0f} dB {room})"


def _levels_db(samples: Samples) -> np.ndarray:
    """Level of each whole frame of 20 ms."""
    count = len(samples) // FRAME_SAMPLES
    frames = samples[: count * FRAME_SAMPLES].reshape(count, FRAME_SAMPLES).astype(np.float64)
    power = np.mean((frames - frames.mean(axis=1, keepdims=True)) ** 2, axis=1)
    return np.asarray(10.0 * np.log10(power + 1.0))
