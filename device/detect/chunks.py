"""Which sound goes to the recogniser, and where one stretch of the teacher's speech ends.

Only what is as loud as the wearer is recognised: pupils' words are never made. Where nobody wears
the microphone that cannot be told, and all speech is. A chunk is fed
with 0.3 s of sound before and after, and decoded on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Frame
from device.audio.ring import Ring
from device.detect.kinds import SpanKind
from device.detect.prosody import WearerMelody, final_rise_semitones, melody_of
from device.detect.reading import Chunk
from device.detect.spans import Span, SpanTracker
from device.detect.words import Recogniser, Transcript, Word
from lesson.events import Source

LEAD_SAMPLES = 4800  # 0.30 s before the first sound
END_SILENCE_SAMPLES = 4160  # 0.26 s without the teacher ends a chunk
LONGEST_SAMPLES = 25 * SAMPLE_RATE
_RECENT_SAMPLES = 3 * SAMPLE_RATE
_STARTING_VOICED_FRAMES = 3
#: so sure must a word be, and so much later must it end, before its end counts as the speaker's
_SURE_WORD = 0.6
_LEAST_WEAK_SAMPLES = 720  # 45 ms: within the 30 ms of a step the sound knows better
_LONGEST_WEAK_SAMPLES = 4800
#: a span's first sounds are soft; only after 0.3 s its level tells whose voice it is
_JUDGED_FRAMES = 15


@dataclass(slots=True)
class _OpenChunk:
    number: int
    spans: list[Span]
    fed_to_sample: int
    trusted: bool = True


class ChunkBuilder:
    """Steps once per frame; ``finished`` yields chunks in order, without words yet."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._recent = Ring(_RECENT_SAMPLES)
        self._open: _OpenChunk | None = None
        self._number = 0
        self._fed_to_sample = 0
        self._finished: list[Chunk] = []
        self._melody = WearerMelody()

    @property
    def open_since(self) -> int | None:
        """First sample of the chunk that is still being said."""
        if self._open is None:
            return None
        spans = self._open.spans
        return spans[0].first_sample if spans else self._open.fed_to_sample

    def take(self) -> list[Chunk]:
        """Chunks that ended since the last call."""
        finished, self._finished = self._finished, []
        return finished

    def feed(self, frame: Frame, tracker: SpanTracker) -> None:
        """Take a frame; start, continue or end the chunk."""
        self._remember(frame)
        if self._open is not None:
            self._recogniser.accept(frame.samples)
            self._open.fed_to_sample = frame.end_sample
            self._end_when_quiet(frame, tracker)
        elif tracker.open is not None and _sounds_like_wearer(tracker.open, tracker):
            self._start(tracker.open)

    def add(self, span: Span, trusted: bool) -> None:
        """A finished lexical span of the teacher; one that is not trusted spoils its chunk."""
        if self._open is None:
            self._start(span)
        assert self._open is not None
        self._open.spans.append(span)
        self._open.trusted &= trusted
        too_long = span.end_sample - self._open.spans[0].first_sample > LONGEST_SAMPLES
        if too_long:
            self._end()

    def flush(self) -> None:
        """End of the sound, or a gap in it."""
        self._end()

    def forget(self) -> None:
        """Wipe the sound: at a discontinuity it is no lead for what comes after, nor at the end."""
        self._recent.zero()

    def _remember(self, frame: Frame) -> None:
        missing_samples = frame.first_sample - self._recent.end_sample
        if missing_samples:
            self._recent.skip(missing_samples)
            self._recent.zero()
        self._recent.write(frame.samples)

    def _start(self, span: Span) -> None:
        self._number += 1
        lead = max(span.first_sample - LEAD_SAMPLES, self._fed_to_sample)
        end = self._recent.end_sample
        # Whole frames, so that the words do not depend on where the span begins within one.
        frames = -((lead - end) // FRAME_SAMPLES)
        first = max(end - frames * FRAME_SAMPLES, self._recent.first_sample)
        if first >= end:
            first = end = span.first_sample
        self._recogniser.begin(self._number, first)
        if first < end:
            self._recogniser.accept(self._recent.read(first, end))
        self._open = _OpenChunk(self._number, [], end)

    def _end_when_quiet(self, frame: Frame, tracker: SpanTracker) -> None:
        assert self._open is not None
        current = tracker.open
        if current is not None and (
            len(current.frames) < _JUDGED_FRAMES or tracker.wearer.is_teacher(current.level_db)
        ):
            return
        spans = self._open.spans
        if not spans:
            if current is None or not _sounds_like_wearer(current, tracker):
                self._end()
        elif frame.end_sample - spans[-1].end_sample >= END_SILENCE_SAMPLES:
            self._end()

    def _end(self) -> None:
        chunk, self._open = self._open, None
        if chunk is None:
            return
        self._fed_to_sample = chunk.fed_to_sample
        self._recogniser.finish()
        if not chunk.spans:
            return
        first, last = chunk.spans[0], chunk.spans[-1]
        frames = [frame for span in chunk.spans for frame in span.frames]
        melody = melody_of(frames, last.gate_db)
        self._finished.append(
            Chunk(
                number=chunk.number,
                first_sample=first.first_sample,
                end_sample=last.end_sample,
                clause_starts=tuple(span.first_sample for span in chunk.spans),
                rise_semitones=final_rise_semitones(last.frames, last.gate_db),
                voice_logit=self._melody.question_logit(melody),
                level_end=self._melody.stays_level(melody),
                snr_db=max(span.snr_db for span in chunk.spans),
                words=None,
                trusted=chunk.trusted,
                steady=all(span.kind is SpanKind.FILLER for span in chunk.spans),
            )
        )


def _sounds_like_wearer(span: Span, tracker: SpanTracker) -> bool:
    return span.voiced_frames >= _STARTING_VOICED_FRAMES and tracker.wearer.is_teacher(
        span.level_db
    )


def with_transcript(chunk: Chunk, transcript: Transcript) -> Chunk:
    """The chunk with its words; words outside the voiced spans are the recogniser's invention."""
    if not transcript.heard:
        return chunk
    margin = SAMPLE_RATE // 10
    words: tuple[Word, ...] = tuple(
        word
        for word in transcript.words
        if word.end_sample > chunk.first_sample - margin
        and word.first_sample < chunk.end_sample + margin
    )
    return replace(chunk, words=words, end_sample=_end_with_words(chunk.end_sample, words))


def _end_with_words(end_sample: int, words: Sequence[Word]) -> int:
    """A weak last syllable lies under the gate: a sure word that ends later knows better."""
    if not words or words[-1].confidence < _SURE_WORD:
        return end_sample
    later_samples = words[-1].end_sample - end_sample
    weak = _LEAST_WEAK_SAMPLES <= later_samples <= _LONGEST_WEAK_SAMPLES
    return words[-1].end_sample if weak else end_sample


def is_teacher(span: Span) -> bool:
    """Whether the wearer spoke it, or nobody knows who did: without a clip all is recognised."""
    return span.source in (Source.TEACHER, Source.UNKNOWN)
