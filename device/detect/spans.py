"""From frames to speech spans: stretches of voice with an owner and acoustic edges.

A span is sound above the gate with interruptions shorter than 0.2 s (definition B0). It is
*lexical* when enough of it is voiced in the voice band: coughs, chairs, rustle and whispers are
not, and do not end a pause. Edges are acoustic, not those of the VAD, which hangs on for up to
five frames: they lie where sound stands out of the background, a last consonant by its high
frequencies.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass, field

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE
from device.detect.features import FrameFeatures
from device.detect.kinds import LONGEST_FILLER_FRAMES, SpanKind, is_steady_vowel
from device.detect.level import Background, Wearer, gate_db
from lesson.events import Source

JOIN_FRAMES = 10  # 0.20 s
SHORTEST_FRAMES = 5  # 0.10 s
LEXICAL_VOICED_FRAMES = 6  # 0.12 s
LEXICAL_VOICED_SHARE = 0.3
HARMONIC = 0.6
#: a last consonant is weak: it goes on while it stands this far out of the background, above
#: 2.2 kHz or at all, and lies no further than this below the voice: murmur swells, and its high
#: frequencies most of all. In a quiet room the reverberation of the voice stands out as well, but
#: not so far, and a consonant may be fainter
TAIL_ABOVE_BACKGROUND_DB = 6.0
TAIL_ABOVE_QUIET_DB = 15.0
QUIET_SNR_DB = 30.0
TAIL_BELOW_VOICE_DB = 30.0
TAIL_BELOW_VOICE_QUIET_DB = 36.0
#: so many frames of closure before a last t or k
TAIL_GAP_FRAMES = 1
ONSET_FRAMES = 8  # 0.16 s
ONSET_ABOVE_BACKGROUND_DB = 5.0
_HISTORY_FRAMES = 60
#: so many frames at the wearer's level, and the wearer speaks
_LOUD_FRAMES = 3


@dataclass(slots=True)
class Span:
    """A stretch of sound, growing while it is open.

    Attributes:
        first_sample, end_sample: acoustic edges; ``end_sample`` is final when the span is closed.
        frames: all features from its first frame on, trailing silence left out when closed.
        voice_levels_db: levels of the frames that carry a voice, in ascending order.
        gate_db: the gate when it began.
        heard: other means than pitch found speech in it (``device/detect/others.py``).
    """

    first_sample: int
    gate_db: float
    background_db: float
    frames: list[FrameFeatures] = field(default_factory=list)
    voice_levels_db: list[float] = field(default_factory=list)
    end_sample: int = 0
    source: Source = Source.UNKNOWN
    announced: bool = False
    heard: bool = False

    @property
    def voiced_frames(self) -> int:
        return len(self.voice_levels_db)

    @property
    def lexical(self) -> bool:
        if self.heard:
            return True
        enough = self.voiced_frames >= LEXICAL_VOICED_FRAMES
        return enough and self.voiced_frames >= LEXICAL_VOICED_SHARE * len(self.frames)

    @property
    def kind(self) -> SpanKind:
        """What it is, as far as the sound alone tells; asked when the span is closed."""
        if not self.lexical:
            return SpanKind.NOISE
        too_long = len(self.frames) > LONGEST_FILLER_FRAMES
        voice = [] if too_long else [f for f in self.frames if is_voice(f, self.gate_db)]
        return SpanKind.FILLER if is_steady_vowel(voice) else SpanKind.LEXICAL

    @property
    def level_db(self) -> float:
        """Level of its louder parts: the 80th percentile, of voiced frames where there are any."""
        levels = self.voice_levels_db or sorted(f.level_db for f in self.frames)
        return levels[int(0.8 * (len(levels) - 1))] if levels else 0.0

    @property
    def speech_s(self) -> float:
        return (self.end_sample - self.first_sample) / SAMPLE_RATE

    @property
    def snr_db(self) -> float:
        return self.level_db - self.background_db


@dataclass(frozen=True, slots=True)
class SpanOnset:
    """A span turned out to be lexical while it is still going on."""

    span: Span


@dataclass(frozen=True, slots=True)
class SpanEnd:
    """A span is over; it may turn out not to be lexical."""

    span: Span


def is_voice(features: FrameFeatures, gate: float) -> bool:
    """Whether a frame carries a voice: harmonic, and above the gate in the voice band."""
    return features.harmonicity >= HARMONIC and features.voice_band_db >= gate


class SpanTracker:
    """Steps once per frame; owns the background and the wearer's level.

    Args:
        near: ``False`` when nobody wears the microphone: then nobody knows who speaks.

    Attributes:
        open: the span that is going on.
        last_sound_sample: end of the last frame that belonged to a span.
    """

    def __init__(self, near: bool = True) -> None:
        self.background = Background()
        self._bright_background = Background()
        self.wearer = Wearer(near)
        self.reset()

    @property
    def teacher_speaks(self) -> bool:
        """Whether the open stretch of sound is as loud as the wearer."""
        return self.open is not None and self._loud_frames >= _LOUD_FRAMES

    def reset(self) -> None:
        """After a discontinuity: forget the open span, learn the room anew, keep the wearer."""
        self.background.reset()
        self._bright_background.reset()
        self.open: Span | None = None
        self._quiet = self._loud_frames = 0
        self._last_end_sample = 0
        self.last_sound_sample = 0
        self._history: deque[FrameFeatures] = deque(maxlen=_HISTORY_FRAMES)

    def step(self, features: FrameFeatures, masked: bool = False) -> list[SpanOnset | SpanEnd]:
        """Take one frame; ``masked`` frames hold a sound of our own and count as quiet."""
        if not masked:
            self.background.step(features.level_db)
            self._bright_background.step(features.bright_db)
        self._history.append(features)
        gate = gate_db(self.background, self.wearer)
        if gate is None:
            return []
        active = (
            not masked
            and features.level_db >= gate
            and (features.voiced or features.harmonicity >= HARMONIC)
        )
        if self.open is None:
            if not active:
                return []
            self._start(features, gate)
        return self._continue(features, active)

    def flush(self) -> list[SpanOnset | SpanEnd]:
        """End of the sound: close what is open."""
        return self._close()

    def _start(self, features: FrameFeatures, gate: float) -> None:
        background = self.background.level_db
        assert background is not None
        self.open = Span(self._corrected_onset(features, background), gate, background)
        self._quiet = self._loud_frames = 0

    def _continue(self, features: FrameFeatures, active: bool) -> list[SpanOnset | SpanEnd]:
        span = self.open
        assert span is not None
        span.frames.append(features)
        self._quiet = 0 if active else self._quiet + 1
        if active:
            self.last_sound_sample = features.first_sample + FRAME_SAMPLES
        if self._quiet >= JOIN_FRAMES:
            return self._close()
        if active and is_voice(features, span.gate_db):
            insort(span.voice_levels_db, features.level_db)
            self.wearer.hear_frame(features.level_db)
            self._loud_frames += self.wearer.is_teacher(features.level_db)
        if not span.announced and span.lexical:
            span.announced = True
            span.source = self._source(span)
            return [SpanOnset(span)]
        return []

    def _close(self) -> list[SpanOnset | SpanEnd]:
        span, self.open = self.open, None
        if span is None:
            return []
        if self._quiet:
            del span.frames[-self._quiet :]
        if len(span.frames) < SHORTEST_FRAMES:
            return []
        span.end_sample = self._last_end_sample = self._corrected_end(span)
        span.source = self._source(span)
        if span.lexical:
            self.wearer.hear_span(span.level_db, span.speech_s)
        return [SpanEnd(span)]

    def _source(self, span: Span) -> Source:
        if not self.wearer.near:
            return Source.UNKNOWN
        return Source.TEACHER if self.wearer.is_teacher(span.level_db) else Source.PUPIL

    def _corrected_onset(self, features: FrameFeatures, background: float) -> int:
        """A weak first consonant lies under the gate: go back while it stands out at all."""
        first = features.first_sample
        for earlier in list(self._history)[-2 : -2 - ONSET_FRAMES : -1]:
            if earlier.level_db < background + ONSET_ABOVE_BACKGROUND_DB:
                break
            first = earlier.first_sample
        return max(first, self._last_end_sample)

    def _corrected_end(self, span: Span) -> int:
        """The last frame over the gate, and what of a last s, f or t still stands out behind it."""
        threshold = max(span.gate_db, span.level_db - 30.0)
        frames = [f for f in self._history if f.first_sample >= span.first_sample]
        loud = [n for n, features in enumerate(frames) if features.level_db >= threshold]
        if not loud:
            return span.frames[-1].first_sample + FRAME_SAMPLES
        last = loud[-1]
        for n in range(last + 1, len(frames)):
            if n - last > TAIL_GAP_FRAMES + 1:
                break
            if self._in_tail(frames[n], span, behind_closure=n - last > 1):
                last = n
        return frames[last].first_sample + FRAME_SAMPLES

    def _in_tail(self, features: FrameFeatures, span: Span, behind_closure: bool) -> bool:
        background, bright_background = self.background.level_db, self._bright_background.level_db
        if background is None or bright_background is None:
            return False
        quiet = span.snr_db >= QUIET_SNR_DB
        margin_db = TAIL_ABOVE_QUIET_DB if quiet else TAIL_ABOVE_BACKGROUND_DB
        faint_db = span.level_db - (TAIL_BELOW_VOICE_QUIET_DB if quiet else TAIL_BELOW_VOICE_DB)
        least_db = max(background + margin_db, faint_db)
        least_bright_db = max(bright_background + margin_db, faint_db)
        bright = features.bright_db >= least_bright_db
        return bright or (features.level_db >= least_db and not behind_closure)
