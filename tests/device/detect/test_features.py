"""Level, harmonicity, pitch and the VAD's verdict of single frames."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic_sound import (
    Wave,
    cough,
    frames_of,
    hum,
    noise,
    rustle,
    silence,
    to_samples,
    tone,
    voice,
)

from device.audio.frames import FRAME_SAMPLES, Frame
from device.detect.features import BAND_EDGES_HZ, FrameAnalyser, FrameFeatures

pytestmark = pytest.mark.unit


def measured(wave: Wave, vad_gain: float = 1.0) -> list[FrameFeatures]:
    """Without the first two frames, in which the window is not full yet."""
    analyser = FrameAnalyser()
    return [analyser.analyse(frame, vad_gain) for frame in frames_of(wave)][2:]


def median(values: list[float]) -> float:
    return float(np.median(values))


@pytest.mark.parametrize("level_db", [30.0, 50.0, 70.0])
def test_the_level_of_a_tone_is_its_root_mean_square(level_db: float) -> None:
    levels = [f.level_db for f in measured(tone(0.5, 440, level_db))]
    assert pytest.approx(level_db, abs=0.5) == median(levels)


@pytest.mark.parametrize("pitch_hz", [90.0, 120.0, 180.0, 250.0, 350.0])
def test_the_pitch_of_a_voice_is_found(pitch_hz: float) -> None:
    pitches = [f.pitch_hz for f in measured(voice(0.5, 60, pitch_hz))]
    assert pytest.approx(pitch_hz, rel=0.02) == median(pitches)


@pytest.mark.parametrize("hertz", [150.0, 220.0, 310.0])
def test_the_pitch_of_a_pure_tone_is_found(hertz: float) -> None:
    assert pytest.approx(hertz, rel=0.02) == median(
        [f.pitch_hz for f in measured(tone(0.5, hertz, 60))]
    )


def test_a_voice_is_harmonic_and_noise_is_not() -> None:
    assert min(f.harmonicity for f in measured(voice(0.5, 60))[:-2]) > 0.9
    for wave in (noise(0.5, 60), cough(0.5, 60), rustle(0.5, 60)):
        assert median([f.harmonicity for f in measured(wave)]) < 0.6


def test_mains_hum_and_an_offset_are_no_level() -> None:
    clean = noise(0.5, 30)
    dirty = clean + hum(0.5, 60) + 2000.0
    expected = median([f.level_db for f in measured(clean)])
    # what is left of 60 dB of hum lies far below a voice
    assert median([f.level_db for f in measured(dirty)]) < expected + 6
    offset_only = median([f.level_db for f in measured(clean + 2000.0)])
    assert pytest.approx(expected, abs=0.5) == offset_only


def test_exact_zeros_have_a_level_and_no_voice() -> None:
    for features in measured(silence(0.3)):
        assert np.isfinite(features.level_db)
        assert (0.0, False, 0) == (features.harmonicity, features.voiced, features.peak)


def test_the_peak_is_that_of_the_loudest_sample_of_either_sign() -> None:
    samples = np.zeros(FRAME_SAMPLES, dtype=np.int16)
    samples[7] = -32768
    assert 32768 == FrameAnalyser().analyse(Frame(0, samples)).peak


def test_rustle_is_weaker_in_the_voice_band_than_overall() -> None:
    crackle = measured(rustle(0.5, 60))
    assert median([f.level_db - f.voice_band_db for f in crackle]) > 10
    speech = measured(voice(0.5, 60))
    assert median([f.level_db - f.voice_band_db for f in speech]) < 3


def test_the_gain_lifts_what_the_vad_hears_and_nothing_else() -> None:
    quiet = voice(1.0, 22)
    plain, lifted = measured(quiet), measured(quiet, vad_gain=30.0)
    assert sum(f.voiced for f in plain) < sum(f.voiced for f in lifted)
    assert [(f.level_db, f.harmonicity, f.peak) for f in plain] == [
        (f.level_db, f.harmonicity, f.peak) for f in lifted
    ]


def test_a_gain_that_would_overflow_clips() -> None:
    loud = to_samples(voice(0.1, 80))
    features = FrameAnalyser().analyse(Frame(0, loud[:FRAME_SAMPLES]), vad_gain=30.0)
    assert features.peak == int(np.abs(loud[:FRAME_SAMPLES].astype(int)).max())


def test_after_a_reset_the_sound_before_it_is_forgotten() -> None:
    frame = frames_of(noise(0.1, 40))[2]
    fresh, used = FrameAnalyser(), FrameAnalyser()
    for loud in frames_of(voice(0.2, 80)):
        used.analyse(loud)
    used.reset()
    assert fresh.analyse(frame).level_db == used.analyse(frame).level_db


def test_frames_measured_together_are_measured_as_if_each_were_alone() -> None:
    frames = frames_of(np.concatenate((voice(0.6, 60), noise(0.5, 40), silence(0.1))))
    alone, together = FrameAnalyser(), FrameAnalyser()
    together.look_ahead(frames)
    one_by_one = [alone.analyse(frame) for frame in frames]
    at_once = [together.analyse(frame) for frame in frames]
    assert one_by_one == at_once
    assert [f.bands_db.tolist() for f in one_by_one] == [f.bands_db.tolist() for f in at_once]


def test_the_bands_of_a_tone_lie_around_it() -> None:
    loudest = [int(np.argmax(f.bands_db)) for f in measured(tone(0.3, 900, 60))]
    band = loudest[0]
    assert {band} == set(loudest)
    assert BAND_EDGES_HZ[band] <= 900 < BAND_EDGES_HZ[band + 1]
