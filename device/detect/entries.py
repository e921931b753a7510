"""Events in the words of the lesson: times in seconds, names by what was heard of them."""

from __future__ import annotations

from device.audio.frames import SAMPLE_RATE
from device.detect.names import NameReading
from device.detect.reading import Chunk
from lesson.events import Name, NamePosition, NameRole


def seconds(sample: int) -> float:
    """Audio-clock time of a sample."""
    return max(0, sample) / SAMPLE_RATE


def anonymous_call(chunk: Chunk, probability: float) -> Name:
    return Name(
        t=seconds(chunk.first_sample),
        t_end=seconds(chunk.end_sample),
        pupil=None,
        role=NameRole.CALL,
        position=NamePosition.ALONE,
        probability=probability,
    )


def name_event(chunk: Chunk, name: NameReading) -> Name:
    word = name.found.word
    # The acoustic onset of the chunk is truer than the recogniser's 30 ms grid.
    starts_chunk = chunk.words is not None and word.first_sample == chunk.words[0].first_sample
    first = chunk.first_sample if starts_chunk else word.first_sample
    return Name(
        t=seconds(first),
        t_end=max(seconds(first), seconds(min(word.end_sample, chunk.end_sample))),
        pupil=name.found.pupil,
        role=name.role,
        position=name.position,
        probability=round(min(1.0, max(0.0, word.confidence)), 3),
    )


def longest_silence_s(start: float, end: float, prompts: list[tuple[int, int]]) -> float:
    edges = [start, *(seconds(sample) for prompt in prompts for sample in prompt), end]
    return max(0.0, *(b - a for a, b in zip(edges[::2], edges[1::2], strict=True)))
