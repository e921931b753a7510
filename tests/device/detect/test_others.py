"""Pupils beside the teacher: found where the class is louder, and never made of the teacher."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic_sound import Wave, babble, cough, frames_of, noise, rustle, silence, voice

from device.audio.frames import SAMPLE_RATE
from device.detect.features import FrameAnalyser
from device.detect.others import OtherVoices
from device.detect.spans import Span, SpanEnd, SpanOnset, SpanTracker
from lesson.events import Source

pytestmark = [pytest.mark.unit, pytest.mark.slow]

TEACHER_DB = 66.0
LEARNING_S = 5.0


def joined(*parts: Wave) -> Wave:
    return np.concatenate(parts)


def heard(
    wave: Wave, ground: Wave | None = None, near: bool = True
) -> tuple[list[SpanOnset], list[Span]]:
    """Announcements and lexical spans of a sound, after the teacher was learnt."""
    begin = joined(silence(1.0), voice(2.0, TEACHER_DB), silence(LEARNING_S - 3.0))
    whole = joined(begin, wave, silence(1.0))
    room = noise(len(whole) / SAMPLE_RATE, 25) if ground is None else ground[: len(whole)]
    tracker, others, analyser = SpanTracker(near), OtherVoices(), FrameAnalyser()
    events: list[SpanOnset | SpanEnd] = []
    for frame in frames_of(whole + room):
        features = analyser.analyse(frame, tracker.wearer.vad_gain)
        events += others.step(features, tracker, tracker.step(features))
    events += others.flush(tracker, tracker.flush())
    after = LEARNING_S * SAMPLE_RATE - 1600
    onsets = [e for e in events if isinstance(e, SpanOnset) and e.span.first_sample > after]
    spans = [e.span for e in events if isinstance(e, SpanEnd) and e.span.lexical]
    return onsets, [span for span in spans if span.first_sample > after]


def syllables(count: int, level_db: float, pitch_hz: float) -> Wave:
    """A voice that opens and closes, as speech does."""
    parts = [
        joined(voice(0.16, level_db, pitch_hz * (1 + 0.05 * (n % 3))), silence(0.04))
        for n in range(count)
    ]
    return joined(*parts)


def test_a_pupil_in_a_quiet_room_is_announced_once_and_ended_once() -> None:
    onsets, (span,) = heard(joined(syllables(5, 50.0, 240.0), silence(0.5)))
    assert [span] == [onset.span for onset in onsets]
    assert Source.PUPIL is span.source
    assert pytest.approx(LEARNING_S, abs=0.06) == span.first_sample / SAMPLE_RATE
    assert pytest.approx(LEARNING_S + 1.0, abs=0.15) == span.end_sample / SAMPLE_RATE


def test_the_teacher_passes_through_unchanged() -> None:
    onsets, (span,) = heard(voice(1.0, TEACHER_DB))
    assert Source.TEACHER is span.source
    assert 1 == len(onsets)
    assert pytest.approx(LEARNING_S + 1.0, abs=0.04) == span.end_sample / SAMPLE_RATE


def test_a_pupil_ends_before_the_teacher_begins() -> None:
    _, spans = heard(joined(syllables(6, 50.0, 240.0), silence(0.3), voice(1.0, TEACHER_DB)))
    pupil, teacher = spans[0], spans[-1]
    assert [Source.PUPIL, Source.TEACHER] == [span.source for span in spans]
    assert pupil.end_sample <= teacher.first_sample


@pytest.mark.parametrize("sound", [cough(0.4, 55.0), rustle(0.6, 58.0)])
def test_what_has_no_voice_is_nobody(sound: Wave) -> None:
    assert ([], []) == heard(sound)


def test_babble_alone_is_nobody() -> None:
    ground = babble(15.0, TEACHER_DB - 20)
    assert [] == heard(silence(8.0), ground)[1]


def test_without_a_clip_all_voices_are_of_unknown_owner() -> None:
    _, spans = heard(joined(syllables(5, 50.0, 240.0), silence(0.5), voice(1.0, 60.0)), near=False)
    assert {Source.UNKNOWN} == {span.source for span in spans}
    assert len(spans) >= 2


def test_a_reset_forgets_an_open_stretch() -> None:
    tracker, others, analyser = SpanTracker(), OtherVoices(), FrameAnalyser()
    wave = joined(silence(1.0), voice(2.0, TEACHER_DB), silence(1.0), syllables(5, 50.0, 240.0))
    for frame in frames_of(wave + noise(len(wave) / SAMPLE_RATE, 25)):
        features = analyser.analyse(frame)
        others.step(features, tracker, tracker.step(features))
    assert others.open
    others.reset()
    assert not others.open
    assert [] == others.flush(tracker, [])
