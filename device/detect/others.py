"""Who else speaks: pupils, and many at once, beside the wearer of the clip.

The span tracker finds voices that stand out by level and pitch. The network of
``device/detect/voices.py`` also finds those that do not, 0.16 s later. What the two find at one
time is one stretch; wherever the teacher speaks, only the teacher is heard.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Sequence

from device.audio.frames import FRAME_SAMPLES
from device.detect.features import FrameFeatures
from device.detect.spans import JOIN_FRAMES, Span, SpanEnd, SpanOnset, SpanTracker
from device.detect.voices import LATE_FRAMES, Chance, Surroundings, VoiceNetwork
from lesson.events import Source

#: so likely must a voice be for a stretch to begin, and so likely to go on
BEGIN_CHANCE = 0.6
GO_ON_CHANCE = 0.4
#: so many likely frames make a voice, and so many a choir
SURE_FRAMES = 6
SURE_FRAMES_OF_MANY = 20
#: both are harmonic on average; cloth, chairs and breath are not
LEAST_HARMONICITY = 0.48
#: the room still sounds for so long after the teacher
AFTER_TEACHER_SAMPLES = 6 * FRAME_SAMPLES
#: a shorter stretch is nobody
SHORTEST_SAMPLES = 9 * FRAME_SAMPLES
#: the network is asked about so many frames at once: a fraction of the cost for 0.14 s at most
TOGETHER_FRAMES = 8
_OVER_SAMPLES = (JOIN_FRAMES + LATE_FRAMES + TOGETHER_FRAMES) * FRAME_SAMPLES


class OtherVoices:
    """Steps once per frame, after the span tracker, with what that has found."""

    def __init__(self) -> None:
        self._surroundings = Surroundings()
        self._network = VoiceNetwork()
        self.reset()

    def reset(self) -> None:
        """After a discontinuity; ``flush`` first."""
        self._surroundings.reset()
        self._network.reset()
        self._waiting: deque[FrameFeatures] = deque()
        self._teacher_spoke: list[bool] = []
        self._answers = 0
        self._taken_until = 0
        self._stretch: Span | None = None
        self._forget()

    @property
    def open(self) -> bool:
        """Whether somebody else is speaking."""
        return self._stretch is not None and self._stretch.announced

    def step(
        self,
        features: FrameFeatures,
        tracker: SpanTracker,
        found: Sequence[SpanOnset | SpanEnd],
        masked: bool = False,
    ) -> list[SpanOnset | SpanEnd]:
        """Take a frame; the teacher's spans pass through, those of others come from here.

        ``masked`` frames hold a sound of our own, which is nobody's voice.
        """
        if not tracker.wearer.near:
            return list(found)
        if masked:
            self._taken_until = features.first_sample + FRAME_SAMPLES
        outputs: list[SpanOnset | SpanEnd] = []
        for event in found:
            outputs += self._take(event, tracker)
        teacher = tracker.open if tracker.teacher_speaks else None
        if teacher is not None:
            self._taken_until = tracker.last_sound_sample + AFTER_TEACHER_SAMPLES
            outputs += self._close(teacher.first_sample)
        self._waiting.append(features)
        self._teacher_spoke.append(teacher is not None)
        if len(self._teacher_spoke) == TOGETHER_FRAMES:
            self._ask(tracker)
        outputs += self._announce()
        stretch = self._stretch
        if stretch is None or _is_other(tracker.open):
            return outputs
        if features.first_sample + FRAME_SAMPLES - stretch.end_sample >= _OVER_SAMPLES:
            outputs += self._close()
        return outputs

    def flush(
        self, tracker: SpanTracker, found: Sequence[SpanOnset | SpanEnd]
    ) -> list[SpanOnset | SpanEnd]:
        """The sound ends here, after what the tracker's own ``flush`` found."""
        outputs: list[SpanOnset | SpanEnd] = []
        for event in found:
            outputs += self._take(event, tracker)
        return outputs + self._close()

    def _take(self, event: SpanOnset | SpanEnd, tracker: SpanTracker) -> list[SpanOnset | SpanEnd]:
        span = event.span
        if not span.lexical:
            return [event]
        if span.source is not Source.PUPIL:  # the teacher, or nobody knows who
            return [*self._close(span.first_sample), event]
        over = isinstance(event, SpanEnd)
        end = span.end_sample if over else tracker.last_sound_sample
        if self._stretch is None:
            self._begin(max(span.first_sample, self._taken_until), span)
        stretch = self._stretch
        assert stretch is not None
        if not stretch.announced:
            stretch.first_sample = min(stretch.first_sample, span.first_sample)
        stretch.end_sample = max(stretch.end_sample, end)
        if over:
            stretch.voice_levels_db = sorted(stretch.voice_levels_db + span.voice_levels_db)
        self._found = True
        return self._announce()

    def _ask(self, tracker: SpanTracker) -> None:
        """The network about the newest frames, whose answers are for earlier ones."""
        frames = list(self._waiting)[-TOGETHER_FRAMES:]
        given = self._surroundings.step(frames, self._teacher_spoke, tracker.wearer.level_db)
        self._teacher_spoke = []
        for chance in self._network.step(given):
            self._answers += 1
            if self._answers > LATE_FRAMES:
                self._judge(self._waiting.popleft(), chance, tracker)

    def _judge(self, features: FrameFeatures, chance: Chance, tracker: SpanTracker) -> None:
        """``chance`` is about this frame, which is no longer the newest."""
        likely = chance.one + chance.many
        least = BEGIN_CHANCE if self._stretch is None else GO_ON_CHANCE
        background_db = tracker.background.level_db
        if likely < least or features.first_sample < self._taken_until or background_db is None:
            return
        if not tracker.wearer.learnt:
            return  # whoever speaks first is taken for the teacher
        if self._stretch is None:
            self._begin(features.first_sample, Span(0, background_db, background_db))
        stretch = self._stretch
        assert stretch is not None
        stretch.end_sample = max(stretch.end_sample, features.first_sample + FRAME_SAMPLES)
        insort(stretch.voice_levels_db, features.level_db)
        if likely >= BEGIN_CHANCE:
            counted = self._many if chance.many > chance.one else self._one
            counted.append(features.harmonicity)

    def _begin(self, first_sample: int, like: Span) -> None:
        self._forget()
        self._stretch = Span(
            first_sample, like.gate_db, like.background_db, end_sample=first_sample, heard=True
        )

    def _forget(self) -> None:
        self._stretch = None
        self._found = False
        #: harmonicity of the frames that were likely one voice, or many
        self._one: list[float] = []
        self._many: list[float] = []

    def _announce(self) -> list[SpanOnset | SpanEnd]:
        stretch = self._stretch
        if stretch is None or stretch.announced:
            return []
        if not (self._found or _sound_like_voice(self._one, SURE_FRAMES) or self._is_choir()):
            return []
        stretch.announced = True
        stretch.source = self._source()
        return [SpanOnset(stretch)]

    def _close(self, teacher_sample: int | None = None) -> list[SpanOnset | SpanEnd]:
        """End the stretch, where the teacher begins at the latest."""
        stretch, self._stretch = self._stretch, None
        if stretch is None:
            return []
        if teacher_sample is not None:
            stretch.end_sample = min(stretch.end_sample, teacher_sample)
        self._taken_until = max(self._taken_until, stretch.end_sample)
        length_samples = stretch.end_sample - stretch.first_sample
        if not stretch.announced or length_samples < SHORTEST_SAMPLES:
            return []  # the teacher's own soft beginning
        stretch.source = self._source()
        return [SpanEnd(stretch)]

    def _source(self) -> Source:
        return Source.MANY if self._is_choir() else Source.PUPIL

    def _is_choir(self) -> bool:
        sure = _sound_like_voice(self._many, SURE_FRAMES_OF_MANY)
        return sure and len(self._many) > len(self._one)


def _sound_like_voice(harmonicity: Sequence[float], least_frames: int) -> bool:
    enough = len(harmonicity) >= least_frames
    return enough and sum(harmonicity) >= LEAST_HARMONICITY * len(harmonicity)


def _is_other(span: Span | None) -> bool:
    return span is not None and span.announced and span.source is Source.PUPIL
