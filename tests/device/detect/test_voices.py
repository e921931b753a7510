"""The network for other voices: its inputs, its delay, and that its weights are usable."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic_sound import Wave, frames_of, noise, voice

from device.detect.features import FrameAnalyser, FrameFeatures
from device.detect.voices import (
    INPUTS,
    LATE_FRAMES,
    SPACING,
    TAPS,
    Floats,
    Layer,
    Surroundings,
    VoiceNetwork,
    layers,
)

pytestmark = pytest.mark.unit


def features_of(wave: Wave) -> list[FrameFeatures]:
    analyser = FrameAnalyser()
    return [analyser.analyse(frame) for frame in frames_of(wave)]


def inputs_of(surroundings: Surroundings, wave: Wave, teacher_speaks: bool = False) -> Floats:
    frames = features_of(wave)
    parts = [frames[first : first + 4] for first in range(0, len(frames), 4)]
    steps = [surroundings.step(part, [teacher_speaks] * len(part), 66.0) for part in parts]
    return np.concatenate(steps)


def test_the_surroundings_are_learnt_within_seconds_and_then_nothing_stands_out() -> None:
    surroundings = Surroundings()
    given = inputs_of(surroundings, noise(4.0, 40))
    assert 0.0 < given[150:, :16].mean() < 0.35
    assert INPUTS == given.shape[1]


def test_a_voice_stands_out_of_the_surroundings() -> None:
    surroundings = Surroundings()
    ground = noise(4.0, 40)
    ground[3 * 16000 :] += voice(1.0, 50)
    given = inputs_of(surroundings, ground)
    assert given[160:, :8].max() > given[100:148, :8].max() + 0.5


def test_while_the_teacher_speaks_the_surroundings_stay_as_they_were() -> None:
    learnt, left_alone = Surroundings(), Surroundings()
    inputs_of(learnt, noise(3.0, 40))
    inputs_of(left_alone, noise(3.0, 40))
    inputs_of(left_alone, voice(3.0, 66), teacher_speaks=True)
    after = noise(0.08, 40)
    assert inputs_of(learnt, after).tolist() == inputs_of(left_alone, after).tolist()


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
    given = np.zeros((32, INPUTS), dtype=np.float32)
    given[5, 0] = 1.0
    chances = [chance.one for part in np.split(given, 8) for chance in network.step(part)]
    assert 5 + LATE_FRAMES == int(np.argmax(chances))


def test_a_reset_forgets_what_was_heard() -> None:
    fresh, used = VoiceNetwork(), VoiceNetwork()
    given = inputs_of(Surroundings(), voice(1.0, 60))
    used.step(given)
    used.reset()
    assert fresh.step(given) == used.step(given)


def test_silence_is_nobody() -> None:
    chances = VoiceNetwork().step(inputs_of(Surroundings(), noise(3.0, 25)))
    assert max(chance.one + chance.many for chance in chances[60:]) < 0.3
