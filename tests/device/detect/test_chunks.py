"""Which sound goes to the recogniser, and where one stretch of speech ends."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scripted import ScriptedRecogniser, spread
from synthetic_sound import Wave, frames_of, noise, silence, voice

from device.audio.frames import SAMPLE_RATE
from device.detect.chunks import ChunkBuilder, is_teacher, with_transcript
from device.detect.features import FrameAnalyser
from device.detect.reading import Chunk
from device.detect.spans import SpanEnd, SpanTracker
from device.detect.words import Transcript, Word

pytestmark = pytest.mark.unit

TEACHER_DB, PUPIL_DB = 66.0, 50.0


def chunks_of(*pieces: Wave, trusted: bool = True) -> tuple[list[Chunk], ScriptedRecogniser]:
    """Chunks after two seconds of the teacher, which make the first one."""
    recogniser = ScriptedRecogniser(())
    builder, tracker, analyser = ChunkBuilder(recogniser), SpanTracker(), FrameAnalyser()
    wave = np.concatenate((silence(1), voice(2, TEACHER_DB), silence(1), *pieces))
    chunks: list[Chunk] = []
    for frame in frames_of(wave + noise(len(wave) / SAMPLE_RATE, 30)):
        for event in tracker.step(analyser.analyse(frame)):
            if isinstance(event, SpanEnd) and event.span.lexical and is_teacher(event.span):
                builder.add(event.span, trusted)
        builder.feed(frame, tracker)
        chunks += builder.take()
    builder.flush()
    return chunks + builder.take(), recogniser


def seconds(sample: int) -> float:
    return sample / SAMPLE_RATE


def test_a_chunk_is_fed_with_sound_before_and_after_it() -> None:
    chunks, recogniser = chunks_of(voice(1, TEACHER_DB), silence(1))
    assert [1, 2] == [chunk.number for chunk in chunks]
    _, first, end = recogniser.utterances[1]
    chunk = chunks[1]
    assert pytest.approx((4.0, 5.0), abs=0.03) == (
        seconds(chunk.first_sample),
        seconds(chunk.end_sample),
    )
    assert pytest.approx(3.7, abs=0.03) == seconds(first)
    assert pytest.approx(5.3, abs=0.05) == seconds(end)


@pytest.mark.parametrize(("gap_s", "count"), [(0.22, 2), (0.5, 3)])
def test_a_third_of_a_second_of_silence_ends_a_chunk(gap_s: float, count: int) -> None:
    chunks, _ = chunks_of(
        voice(0.8, TEACHER_DB), silence(gap_s), voice(0.8, TEACHER_DB), silence(1)
    )
    assert count == len(chunks)


def test_spans_inside_a_chunk_start_its_clauses() -> None:
    chunks, _ = chunks_of(voice(0.8, TEACHER_DB), silence(0.25), voice(0.8, TEACHER_DB), silence(1))
    starts = [seconds(start) for start in chunks[1].clause_starts]
    assert pytest.approx([4.0, 5.05], abs=0.03) == starts


def test_no_sound_is_fed_twice_and_chunks_keep_their_order() -> None:
    _, recogniser = chunks_of(
        *itertools.chain.from_iterable((voice(0.6, TEACHER_DB), silence(0.4)) for _ in range(6))
    )
    fed = recogniser.utterances
    assert list(range(1, len(fed) + 1)) == [number for number, _, _ in fed]
    assert all(end <= first for (_, _, end), (_, first, _) in itertools.pairwise(fed))


def test_pupils_are_not_fed_to_the_recogniser() -> None:
    chunks, recogniser = chunks_of(
        voice(2, PUPIL_DB, 240.0), silence(1), voice(1, TEACHER_DB), silence(1)
    )
    assert 2 == len(chunks)
    # 4.0 to 6.0 s is the pupil; 6.7 s is the lead of what the teacher says then
    assert all(
        end <= 4.5 * 16_000 or first >= 6.5 * 16_000 for _, first, end in recogniser.utterances
    )


def test_a_chunk_of_less_than_trusted_sound_is_not_trusted() -> None:
    chunks, _ = chunks_of(voice(1, TEACHER_DB), silence(1), trusted=False)
    assert [False, False] == [chunk.trusted for chunk in chunks]


@pytest.mark.slow
def test_a_teacher_who_never_stops_is_cut_and_nothing_is_lost() -> None:
    pieces = itertools.chain.from_iterable(
        (voice(1.3, TEACHER_DB), silence(0.22)) for _ in range(24)
    )
    chunks, _ = chunks_of(*pieces, silence(1))
    lengths = [chunk.length_s for chunk in chunks]
    assert 3 == len(chunks)
    assert max(lengths) < 25 + 2 * 1.52
    assert 1 + 24 == sum(len(chunk.clause_starts) for chunk in chunks)


def test_a_rise_at_the_end_is_kept() -> None:
    chunks, _ = chunks_of(voice(1, TEACHER_DB, 180, rise_semitones=6), silence(1))
    assert chunks[1].rise_semitones is not None
    assert chunks[1].rise_semitones > 3


CHUNK = Chunk(1, 16_000, 32_000, (16_000,), None, 30.0, None)


def test_words_outside_the_voice_are_the_recognisers_invention() -> None:
    made_up = (Word("de", 8_000, 9_600, 0.5), Word("het", 40_000, 42_000, 0.5))
    said = spread("wat is dit", 1.0, 2.0)
    chunk = with_transcript(CHUNK, Transcript(1, (made_up[0], *said, made_up[1])))
    assert said == chunk.words


def test_an_unheard_chunk_has_no_words_and_a_silent_one_has_none_at_all() -> None:
    assert with_transcript(CHUNK, Transcript(1, (), heard=False)).words is None
    assert () == with_transcript(CHUNK, Transcript(1, ())).words


@pytest.mark.parametrize(
    ("word_end_sample", "confidence", "expected"),
    [
        pytest.param(33_600, 0.9, 33_600, id="a weak last syllable was heard"),
        pytest.param(33_600, 0.5, 32_000, id="a word that was guessed"),
        pytest.param(32_500, 0.9, 32_000, id="within a step of the recogniser"),
        pytest.param(38_000, 0.9, 32_000, id="too far behind to be one syllable"),
        pytest.param(30_000, 0.9, 32_000, id="the sound goes on behind the word"),
    ],
)
def test_a_sure_word_that_ends_after_the_sound_moves_the_end(
    word_end_sample: int, confidence: float, expected: int
) -> None:
    words = (Word("is", 16_000, 20_000, 1.0), Word("dat", 20_000, word_end_sample, confidence))
    assert expected == with_transcript(CHUNK, Transcript(1, words)).end_sample
