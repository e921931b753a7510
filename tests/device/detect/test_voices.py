"""The network for other voices: its inputs, its delay, and that its weights are usable."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic_sound import Wave, frames_of, noise, silence, voice

from device.detect.features import FrameAnalyser, FrameFeatures
from device.detect.voices import (
    INPUTS,
    LATE_FRAMES,
    SPACING,
    TAPS,
    Layer,
    Surroundings,
    VoiceNetwork,
    layers,
)

pytestmark = pytest.mark.unit


def features_of(wave: Wave) -> list[FrameFeatures]:
    analyser = FrameAnalyser()
    return [analyser.analyse(frame) for frame in frames_of(wave)]


def test_the_surroundings_are_learnt_within_seconds_and_then_nothing_stands_out() -> None:
    surroundings = Surroundings()
    given = [surroundings.step(f, False, 66.0) for f in features_of(noise(4.0, 40))]
    bands = np.array(given[150:])[:, :16]
    assert 0.0 < bands.mean() < 0.35
    assert INPUTS == len(given[0])


def test_a_voice_stands_out_of_the_surroundings() -> None:
    surroundings = Surroundings()
    ground = noise(4.0, 40)
    ground[3 * 16000 :] += voice(1.0, 50)
    given = [surroundings.step(f, False, 66.0) for f in features_of(ground)]
    assert np.array(given[160:])[:, :8].max() > np.array(given[100:148])[:, :8].max() + 0.5


def test_while_the_teacher_speaks_the_surroundings_stay_as_they_were() -> None:
    learnt, left_alone = Surroundings(), Surroundings()
    for features in features_of(noise(3.0, 40)):
        learnt.step(features, False, 66.0)
        left_alone.step(features, False, 66.0)
    for features in features_of(voice(3.0, 66)):
        left_alone.step(features, True, 66.0)
    (after,) = features_of(noise(0.02, 40))
    assert learnt.step(after, False, 66.0).tolist() == left_alone.step(after, False, 66.0).tolist()


def test_the_shipped_weights_fit_the_network_and_are_small() -> None:
    shipped = layers()
    assert len(SPACING) + 1 == len(shipped)
    assert INPUTS * TAPS == shipped[0].matrix.shape[1]
    assert 3 == len(shipped[-1].bias)
    assert sum(layer.matrix.size for layer in shipped) < 20_000


def passing_one(place: int, size: int) -> Layer:
    """A layer that passes on one input at one tap."""
    matrix = np.zeros((1, TAPS * size), dtype=np.float32)
    matrix[0, place] = 1.0
    return Layer(matrix, np.zeros(1, dtype=np.float32))


def test_the_middle_of_the_taps_of_the_first_layers_is_the_frame_that_is_judged() -> None:
    """A click seen through the middle taps comes out after exactly the stated delay."""
    middle, last = TAPS // 2, TAPS - 1
    out = Layer(np.array([[0.0], [9.0], [0.0]], dtype=np.float32), np.zeros(3, dtype=np.float32))
    weights = (passing_one(middle * INPUTS, INPUTS), passing_one(middle, 1), passing_one(last, 1))
    network = VoiceNetwork((*weights, out))
    click = np.zeros(INPUTS, dtype=np.float32)
    click[0] = 1.0
    nothing = np.zeros(INPUTS, dtype=np.float32)
    chances = [network.step(click if frame == 5 else nothing).one for frame in range(30)]
    assert 5 + LATE_FRAMES == int(np.argmax(chances))


def test_a_reset_forgets_what_was_heard() -> None:
    fresh, used = VoiceNetwork(), VoiceNetwork()
    surroundings = Surroundings()
    given = [surroundings.step(f, False, 66.0) for f in features_of(voice(1.0, 60))]
    for each in given:
        used.step(each)
    used.reset()
    assert [fresh.step(each) for each in given] == [used.step(each) for each in given]


def test_silence_is_nobody() -> None:
    surroundings, network = Surroundings(), VoiceNetwork()
    sound = silence(3.0) + noise(3.0, 25)
    chances = [network.step(surroundings.step(f, False, 66.0)) for f in features_of(sound)]
    assert max(chance.one + chance.many for chance in chances[60:]) < 0.3
