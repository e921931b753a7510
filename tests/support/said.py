"""Chunks of the teacher's speech with their words, for tests of reading and ledger."""

from __future__ import annotations

from device.audio.frames import SAMPLE_RATE
from device.detect.reading import Chunk
from device.detect.words import Word


def chunk(number: int, text: str, start_s: float, confidence: float = 0.99) -> Chunk:
    """Words of 0.3 s each, from ``start_s`` on."""
    words = text.split()
    first, step = round(start_s * SAMPLE_RATE), round(0.3 * SAMPLE_RATE)
    return Chunk(
        number=number,
        first_sample=first,
        end_sample=first + len(words) * step,
        clause_starts=(first,),
        rise_semitones=None,
        snr_db=30.0,
        words=tuple(
            Word(word, first + i * step, first + (i + 1) * step, confidence)
            for i, word in enumerate(words)
        ),
    )
