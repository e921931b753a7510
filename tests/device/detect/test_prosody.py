"""How the voice ends."""

from __future__ import annotations

import pytest
from synthetic_sound import Wave, frames_of, noise, voice

from device.detect.features import FrameAnalyser
from device.detect.prosody import Melody, WearerMelody, final_rise_semitones, melody_of

pytestmark = pytest.mark.unit


def rise(wave: Wave) -> float | None:
    analyser = FrameAnalyser()
    return final_rise_semitones([analyser.analyse(frame) for frame in frames_of(wave)], 40.0)


@pytest.mark.parametrize("semitones", [-4.0, 0.0, 3.0, 6.0])
@pytest.mark.parametrize("pitch_hz", [110.0, 200.0])
def test_the_movement_at_the_end_is_measured(semitones: float, pitch_hz: float) -> None:
    assert pytest.approx(semitones, abs=0.4) == rise(voice(1.0, 60, pitch_hz, semitones))


def test_an_octave_at_the_end_is_an_error_of_the_pitch_tracker() -> None:
    measured = rise(voice(1.0, 60, 150.0, 12.0))
    assert measured is None or abs(measured) < 1


def test_too_little_voice_tells_nothing() -> None:
    assert rise(voice(0.2, 60)) is None


def test_noise_tells_nothing() -> None:
    assert rise(noise(1.0, 60)) is None


def test_the_melody_tells_where_the_voice_is_highest() -> None:
    analyser = FrameAnalyser()
    risen = melody_of([analyser.analyse(frame) for frame in frames_of(voice(1.0, 60, 150, 5))], 40)
    assert risen is not None
    assert pytest.approx(5.0, abs=0.5) == risen.rise_semitones
    assert risen.peak_place > 0.75


def test_too_little_voice_has_no_melody() -> None:
    analyser = FrameAnalyser()
    frames = [analyser.analyse(frame) for frame in frames_of(voice(0.2, 60))]
    assert melody_of(frames, 40.0) is None
    assert WearerMelody().question_logit(None) is None


def test_a_late_and_rising_peak_asks() -> None:
    asked, stated = Melody(5.0, 0.9), Melody(-4.0, 0.2)
    assert WearerMelody().question_logit(asked) > 0 > WearerMelody().question_logit(stated)  # type: ignore[operator]


def test_the_same_ending_says_less_from_a_wearer_who_always_ends_so() -> None:
    ending = Melody(2.0, 0.7)
    rising = WearerMelody()
    for _ in range(20):
        rising.question_logit(Melody(2.0, 0.7))
    first, later = WearerMelody().question_logit(ending), rising.question_logit(ending)
    assert first is not None
    assert later is not None
    assert later < first


def wearer(*rises_semitones: float) -> WearerMelody:
    """One who has ended 20 sentences so, by turns."""
    melody = WearerMelody()
    for n in range(20):
        melody.question_logit(Melody(rises_semitones[n % len(rises_semitones)], 0.4))
    return melody


def test_who_moves_at_every_end_and_does_not_now_goes_on() -> None:
    lively = wearer(-4.0, 4.0)
    assert lively.stays_level(Melody(-0.5, 0.4))
    assert lively.stays_level(Melody(1.5, 0.4))


@pytest.mark.parametrize("rise_semitones", [-4.0, 3.0])
def test_a_fall_or_a_rise_is_an_end(rise_semitones: float) -> None:
    assert not wearer(-4.0, 4.0).stays_level(Melody(rise_semitones, 0.4))


def test_of_a_wearer_who_hardly_moves_or_is_not_known_a_level_end_says_nothing() -> None:
    assert not wearer(-1.0, 1.0).stays_level(Melody(0.0, 0.4))
    assert not WearerMelody().stays_level(Melody(0.0, 0.4))
    assert not wearer(-4.0).stays_level(None)
