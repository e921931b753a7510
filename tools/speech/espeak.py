"""espeak-ng through ctypes: speech together with the times of its words and sounds."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

SILENCE = "SIL"

_SYNCHRONOUS_OUTPUT = 2
_PHONEME_EVENTS = 1
_UTF8 = 1
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_EVENT_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_PAUSE_SOUNDS = {";", "|", "||"}


class EspeakError(RuntimeError):
    """espeak-ng is missing or refused a voice."""


class _Identity(ctypes.Union):
    _fields_ = (
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    )


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Identity),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True)
class SpokenEvent:
    """The start of a word (``text_position`` set, 1-based) or of a sound (``sound`` set)."""

    start_s: float
    text_position: int | None = None
    sound: str | None = None


@dataclass(frozen=True)
class Speech:
    """Samples on the scale of 16-bit integers, with their events."""

    samples: NDArray[np.float32]
    sample_rate: int
    events: tuple[SpokenEvent, ...]

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate


@dataclass(frozen=True)
class Segment:
    """One sound with the index of its word; silence has no word."""

    word: int | None
    sound: str
    start_s: float
    end_s: float


class Espeak:
    """The synthesiser of this process: espeak-ng keeps its state in the library."""

    def __init__(self) -> None:
        """Load the library.

        Raises:
            EspeakError: libespeak-ng is not installed.
        """
        try:
            self._library = ctypes.CDLL("libespeak-ng.so.1")
        except OSError as error:
            raise EspeakError("libespeak-ng.so.1 not found: apt install espeak-ng") from error
        self.sample_rate: int = self._library.espeak_Initialize(
            _SYNCHRONOUS_OUTPUT, 0, None, _PHONEME_EVENTS
        )
        self._blocks: list[NDArray[np.int16]] = []
        self._events: list[SpokenEvent] = []
        self._callback = _Callback(self._receive)  # kept: the library holds only the address
        self._library.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples, count, events) -> int:  # type: ignore[no-untyped-def]
        index = 0
        while events[index].type != _EVENT_END:
            event = events[index]
            start_s = event.sample / self.sample_rate
            if event.type == _EVENT_PHONEME:
                sound = bytes(event.id.string).split(b"\0")[0].decode("utf-8", "replace")
                self._events.append(SpokenEvent(start_s, sound=sound))
            elif event.type == _EVENT_WORD and event.text_position > 0:
                self._events.append(SpokenEvent(start_s, text_position=event.text_position))
            index += 1
        if samples and count > 0:
            self._blocks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def speak(
        self, text: str, voice: str, rate: int = 165, pitch: int = 50, pitch_range: int = 50
    ) -> Speech:
        """Speak ``text`` with a voice such as ``nl+f2``.

        Raises:
            EspeakError: the voice does not exist.
        """
        self._blocks.clear()
        self._events.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise EspeakError(f"espeak-ng has no voice {voice!r}")
        for parameter, value in (
            (_RATE, rate),
            (_VOLUME, 100),
            (_PITCH, pitch),
            (_RANGE, pitch_range),
        ):
            self._library.espeak_SetParameter(parameter, int(value), 0)
        encoded = text.encode("utf-8")
        self._library.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, _UTF8, None, None)
        samples = np.concatenate(self._blocks) if self._blocks else np.zeros(1, np.int16)
        return Speech(samples.astype(np.float32), self.sample_rate, tuple(self._events))


@cache
def espeak() -> Espeak:
    """The one synthesiser of this process."""
    return Espeak()


def is_pause(sound: str) -> bool:
    """True for the names that espeak-ng gives to silence."""
    return sound.startswith("_") or sound in _PAUSE_SOUNDS


def segments(text: str, speech: Speech, tail_words: dict[str, int]) -> list[Segment] | None:
    """The sounds of ``speech`` in order, each with its word in ``text``.

    None when espeak-ng's words are not those of the text (numbers, merged words).
    """
    words = text.split()
    starts: dict[int, int] = {}
    position = 1
    for index, word in enumerate(words):
        starts[position] = index
        position += len(word) + 1
    found: list[tuple[int | None, str, float]] = []
    current: int | None = None
    for event in speech.events:
        if event.text_position is not None:
            if event.text_position not in starts:
                return None
            current = starts[event.text_position]
        elif event.sound is not None:
            silent = is_pause(event.sound)
            found.append(
                (None if silent else current, SILENCE if silent else event.sound, event.start_s)
            )
    if not _split_merged_words(words, found, tail_words):
        return None
    ends = [start for _, _, start in found[1:]] + [speech.duration_s]
    return [
        Segment(word, sound, start, end)
        for (word, sound, start), end in zip(found, ends, strict=True)
    ]


def _split_merged_words(
    words: list[str], found: list[tuple[int | None, str, float]], tail_words: dict[str, int]
) -> bool:
    """Give the last sounds of a merged pair ("of the") to its second word, in place."""
    spoken = {word for word, _, _ in found if word is not None}
    for missing in sorted(set(range(len(words))) - spoken):
        places = [place for place, (word, _, _) in enumerate(found) if word == missing - 1]
        count = tail_words.get(words[missing], 0)
        if not count or len(places) <= count:
            return False
        for place in places[-count:]:
            found[place] = (missing, *found[place][1:])
    return True
