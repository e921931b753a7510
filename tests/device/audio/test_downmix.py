import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.audio.downmix import Downmixer

pytestmark = pytest.mark.unit
RATE = 16_000


def voice(seed: int, seconds: float = 2.0) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(round(RATE * seconds)) * 0.1).astype("f4")


def mixed(channels: np.ndarray, only: int | None = None) -> np.ndarray:
    mixer = Downmixer(len(channels), RATE, only)
    return np.concatenate((mixer.process(channels), mixer.flush()))


def level_db(sound: np.ndarray, reference: np.ndarray) -> float:
    return float(20 * np.log10(np.std(sound) / np.std(reference)))


def test_a_silent_channel_costs_nothing_at_all() -> None:
    left = voice(1)
    assert np.array_equal(left, mixed(np.stack([left, np.zeros_like(left)])))
    assert np.array_equal(left, mixed(np.stack([np.zeros_like(left), left])))


def test_a_channel_with_only_hiss_is_left_out() -> None:
    left = voice(1)
    assert np.array_equal(left, mixed(np.stack([left, voice(2) * 0.03])))


def test_a_channel_with_a_constant_offset_is_not_taken_for_sound() -> None:
    left = voice(1)
    offset = np.full_like(left, 0.5)
    offset[0] = 0.0
    out = mixed(np.stack([offset, left]))
    assert np.array_equal(left[RATE // 2 :], out[RATE // 2 :])


def test_the_same_sound_on_both_channels_keeps_its_level() -> None:
    left = voice(1)
    np.testing.assert_allclose(left, mixed(np.stack([left, left])), atol=1e-6)


def test_a_quieter_copy_keeps_the_level_of_the_louder_one() -> None:
    left = voice(1)
    np.testing.assert_allclose(left, mixed(np.stack([left, left * 0.3])), atol=1e-5)


def test_channels_in_anti_phase_do_not_cancel() -> None:
    left = voice(1)
    assert np.array_equal(left, mixed(np.stack([left, -left])))


def test_two_voices_on_two_channels_are_both_heard() -> None:
    out = mixed(np.stack([voice(1), voice(2)]))
    assert np.corrcoef(out, voice(1))[0, 1] > 0.6
    assert np.corrcoef(out, voice(2))[0, 1] > 0.6
    assert abs(level_db(out, voice(1))) < 0.5


def test_a_voice_that_begins_later_on_the_other_channel_is_heard() -> None:
    late = voice(2, 4)
    late[: 2 * RATE] = 0
    early = voice(1, 4)
    early[2 * RATE :] = 0
    out = mixed(np.stack([early, late]))
    assert np.array_equal(early[: 2 * RATE], out[: 2 * RATE])
    assert level_db(out[3 * RATE :], late[3 * RATE :]) > -6


def test_one_channel_can_be_chosen() -> None:
    assert np.array_equal(voice(2), mixed(np.stack([voice(1), voice(2)]), only=1))


def test_mono_passes_unchanged() -> None:
    assert np.array_equal(voice(1), mixed(voice(1)[np.newaxis]))


@pytest.mark.slow
@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=20), st.integers(2, 6))
def test_cutting_the_input_changes_nothing(sizes: list[int], count: int) -> None:
    channels = np.stack([voice(seed, 1.0) * (seed + 1) for seed in range(count)])
    mixer = Downmixer(count, RATE)
    edges = np.minimum(np.cumsum([0, *sizes]), RATE)
    parts = [mixer.process(channels[:, a:b]) for a, b in itertools.pairwise(edges)]
    parts += [mixer.process(channels[:, edges[-1] :]), mixer.flush()]
    assert np.array_equal(mixed(channels), np.concatenate(parts))
