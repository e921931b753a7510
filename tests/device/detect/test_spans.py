"""Speech spans: where they begin and end, whose they are, and what is no speech at all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from synthetic_sound import (
    Wave,
    babble,
    cough,
    frames_of,
    noise,
    rustle,
    silence,
    tone,
    voice,
)

from device.audio.frames import SAMPLE_RATE
from device.detect.features import FrameAnalyser
from device.detect.spans import Span, SpanEnd, SpanOnset, SpanTracker
from lesson.events import Source

pytestmark = pytest.mark.unit

TEACHER_DB = 66.0
PUPIL_DB = 50.0
#: the tracker has heard this much when the sound of a test begins: 4 s to learn, 1 s of room
START_SAMPLE = 5 * SAMPLE_RATE


def step_all(
    tracker: SpanTracker, wave: Wave, first_sample: int = 0, masked: tuple[float, float] = (0, 0)
) -> list[SpanOnset | SpanEnd]:
    analyser = FrameAnalyser()
    outputs: list[SpanOnset | SpanEnd] = []
    for frame in frames_of(wave, first_sample):
        at = (frame.first_sample - first_sample) / SAMPLE_RATE
        features = analyser.analyse(frame, tracker.wearer.vad_gain)
        outputs += tracker.step(features, masked[0] <= at < masked[1])
    return outputs


def learnt(room: Callable[[float], Wave]) -> SpanTracker:
    """A tracker that knows its teacher and the room."""
    tracker = SpanTracker()
    wave = np.concatenate((silence(1.0), voice(2.0, TEACHER_DB), silence(1.0)))
    step_all(tracker, wave + room(4.0))
    assert tracker.wearer.learnt
    return tracker


def hiss(level_db: float, seed: int = 1) -> Callable[[float], Wave]:
    return lambda seconds: noise(seconds, level_db, seed)


QUIET = hiss(30.0)


def spans(
    wave: Wave, room: Callable[[float], Wave] = QUIET, **more: tuple[float, float]
) -> list[Span]:
    """All spans of a sound after 1 s and before 1 s of the room in which all was learnt."""
    tracker = learnt(room)
    whole = np.concatenate((silence(1.0), wave, silence(1.0)))
    ground = room(len(whole) / SAMPLE_RATE)
    outputs = step_all(tracker, whole + ground, START_SAMPLE - SAMPLE_RATE, **more)
    return [output.span for output in outputs if isinstance(output, SpanEnd)]


def lexical(wave: Wave, room: Callable[[float], Wave] = QUIET) -> list[Span]:
    return [span for span in spans(wave, room) if span.lexical]


def edges(span: Span) -> tuple[float, float]:
    """In seconds since the sound of the test began."""
    first, end = span.first_sample - START_SAMPLE, span.end_sample - START_SAMPLE
    return first / SAMPLE_RATE, end / SAMPLE_RATE


@pytest.mark.parametrize(
    ("snr_db", "tolerance_s"), [(36.0, 0.03), (20.0, 0.04), (15.0, 0.04), (12.0, 0.04)]
)
def test_edges_are_the_acoustic_ones(snr_db: float, tolerance_s: float) -> None:
    (span,) = lexical(voice(1.0, TEACHER_DB), hiss(TEACHER_DB - snr_db))
    begin, end = edges(span)
    assert pytest.approx(0.0, abs=tolerance_s) == begin
    assert pytest.approx(1.0, abs=tolerance_s) == end


@pytest.mark.slow
def test_edges_in_babble_at_fifteen_decibels_are_the_teachers() -> None:
    found = lexical(voice(1.0, TEACHER_DB), lambda seconds: babble(seconds, TEACHER_DB - 15))
    (span,) = [span for span in found if span.source is Source.TEACHER]
    begin, end = edges(span)
    assert pytest.approx(0.0, abs=0.06) == begin
    assert pytest.approx(1.0, abs=0.06) == end


@pytest.mark.parametrize("gap_s", [0.06, 0.12])
def test_a_short_interruption_does_not_split_a_span(gap_s: float) -> None:
    wave = np.concatenate((voice(0.5, TEACHER_DB), silence(gap_s), voice(0.5, TEACHER_DB)))
    (span,) = lexical(wave)
    assert pytest.approx(1.0 + gap_s, abs=0.03) == edges(span)[1]


def test_a_silence_of_more_than_a_fifth_of_a_second_splits() -> None:
    wave = np.concatenate((voice(0.5, TEACHER_DB), silence(0.30), voice(0.5, TEACHER_DB)))
    first, second = lexical(wave)
    assert pytest.approx(0.5, abs=0.03) == edges(first)[1]
    assert pytest.approx(0.8, abs=0.03) == edges(second)[0]


@pytest.mark.parametrize("sound", [cough(0.4, TEACHER_DB), rustle(0.6, TEACHER_DB)])
def test_coughs_and_rustle_are_not_lexical(sound: Wave) -> None:
    assert [] == lexical(sound)


def test_a_click_is_no_span_at_all() -> None:
    click = silence(0.3)
    click[2000:2032] = 20_000.0
    assert [] == lexical(click)


def test_hum_is_no_span() -> None:
    assert [] == spans(tone(1.0, 50, 60))


def test_level_tells_teacher_and_pupil_apart() -> None:
    wave = np.concatenate((voice(0.6, TEACHER_DB), silence(0.5), voice(0.6, PUPIL_DB, 240.0)))
    assert [Source.TEACHER, Source.PUPIL] == [span.source for span in lexical(wave)]


def test_the_onset_is_announced_once_while_the_voice_goes_on() -> None:
    tracker = learnt(QUIET)
    wave = np.concatenate((silence(1.0), voice(1.0, TEACHER_DB))) + noise(2.0, 30)
    outputs = step_all(tracker, wave, START_SAMPLE)
    (onset,) = outputs
    assert isinstance(onset, SpanOnset)
    assert tracker.open is onset.span
    (end,) = tracker.flush()
    assert end.span is onset.span
    assert pytest.approx(2.0, abs=0.03) == edges(end.span)[1]


def test_what_is_masked_is_quiet() -> None:
    assert [] == spans(tone(0.3, 440, TEACHER_DB), masked=(0.98, 1.32))


def test_a_voice_goes_on_across_a_masked_moment() -> None:
    (span,) = spans(voice(1.0, TEACHER_DB), masked=(1.4, 1.5))
    assert pytest.approx((0.0, 1.0), abs=0.03) == edges(span)


@pytest.mark.parametrize("room_db", [TEACHER_DB - 36, TEACHER_DB - 12])
def test_a_last_consonant_belongs_to_the_span(room_db: float) -> None:
    with_hiss = np.concatenate((voice(1.0, TEACHER_DB), noise(0.06, TEACHER_DB, seed=9)))
    (span,) = lexical(with_hiss, hiss(room_db))
    assert pytest.approx(1.06, abs=0.025) == edges(span)[1]


def ventilation(level_db: float) -> Callable[[float], Wave]:
    """Loud and dull."""

    def room(seconds: float) -> Wave:
        white = noise(seconds, 60.0, seed=5)
        dull = np.convolve(white, np.ones(40) / 40, "same")
        return dull * (10 ** (level_db / 20) / dull.std())

    return room


def test_a_consonant_below_the_gate_is_found_by_its_high_frequencies() -> None:
    """Ventilation is loud and dull: an s may lie below it and still be heard."""
    sharp = np.diff(noise(0.1, 60.0, seed=9), prepend=0.0)
    sharp *= 10 ** ((TEACHER_DB - 22) / 20) / sharp.std()
    (span,) = lexical(np.concatenate((voice(1.0, TEACHER_DB), sharp)), ventilation(TEACHER_DB - 20))
    assert pytest.approx(1.1, abs=0.03) == edges(span)[1]


@pytest.mark.parametrize(("below_db", "end_s"), [(26, 1.1), (32, 1.0)])
def test_in_noise_what_is_far_below_the_voice_is_no_consonant(below_db: int, end_s: float) -> None:
    """The high frequencies of a murmur swell that far over their own quiet moments."""
    faint = tone(0.08, 4000.0, TEACHER_DB - below_db)
    (span,) = lexical(np.concatenate((voice(1.0, TEACHER_DB), faint)), ventilation(TEACHER_DB - 24))
    assert pytest.approx(end_s, abs=0.03) == edges(span)[1]


@pytest.mark.parametrize(("hertz", "belongs"), [(3000.0, True), (300.0, False)])
def test_what_follows_a_closure_belongs_to_the_word_only_if_it_is_bright(
    hertz: float, belongs: bool
) -> None:
    """The burst of a last t or k is bright; a swell of the room is not."""
    room_db = TEACHER_DB - 20
    swell = np.concatenate((silence(0.03), tone(0.02, hertz, room_db + 7)))
    (span,) = lexical(np.concatenate((voice(1.0, TEACHER_DB), swell)), hiss(room_db))
    assert pytest.approx(1.05 if belongs else 1.0, abs=0.025) == edges(span)[1]


def test_a_reset_forgets_the_open_span_and_keeps_the_wearer_and_at_first_the_room() -> None:
    tracker = learnt(QUIET)
    wave = np.concatenate((silence(0.5), voice(0.5, TEACHER_DB)))
    step_all(tracker, wave + noise(1.0, 30), START_SAMPLE)
    assert tracker.open is not None
    wearer_db, room_db = tracker.wearer.level_db, tracker.background.level_db
    tracker.reset()
    assert tracker.open is None
    assert room_db == tracker.background.level_db
    assert wearer_db == tracker.wearer.level_db
    assert [] == tracker.flush()


def test_levels_of_a_span_are_those_of_its_voice() -> None:
    (span,) = lexical(voice(1.0, TEACHER_DB))
    assert pytest.approx(TEACHER_DB, abs=1.5) == span.level_db
    assert pytest.approx(TEACHER_DB - 30, abs=3) == span.snr_db
    assert pytest.approx(1.0, abs=0.03) == span.speech_s
