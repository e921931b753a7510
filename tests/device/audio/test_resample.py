import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.audio.resample import Resampler

pytestmark = pytest.mark.unit

RATES = [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000]


def resampled(sound: np.ndarray, rate: int, sizes: list[int]) -> np.ndarray:
    resampler = Resampler(rate)
    parts, position, turn = [], 0, 0
    while position < len(sound):
        size = sizes[turn % len(sizes)]
        parts.append(resampler.process(sound[position : position + size]))
        position, turn = position + size, turn + 1
    return np.concatenate((*parts, resampler.flush()))


def noise(count: int) -> np.ndarray:
    return (np.random.default_rng(5).standard_normal(count) * 0.2).astype("f4")


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(RATES), st.lists(st.integers(1, 5_000), min_size=1, max_size=5))
def test_cutting_the_input_changes_no_sample(rate: int, sizes: list[int]) -> None:
    sound = noise(rate // 4)
    sizes = [max(size, 50) for size in sizes[:-1]] + sizes[-1:]
    assert np.array_equal(resampled(sound, rate, [4_096]), resampled(sound, rate, [*sizes, 400]))


@pytest.mark.parametrize("rate", RATES)
def test_there_is_no_delay_and_no_sample_lost(rate: int) -> None:
    click = np.zeros(rate, dtype=np.float32)
    click[rate // 2] = 0.9
    out = resampled(click, rate, [1_000])
    assert 16_000 == len(out)
    assert abs(int(np.argmax(np.abs(out))) - 8_000) <= 1


def test_at_16_khz_every_int16_value_passes_unchanged() -> None:
    values = np.arange(-32_768, 32_768).astype(np.int16)
    assert np.array_equal(values, Resampler(16_000).process(values.astype("f4") / 32_768))


def test_nothing_in_gives_nothing_out() -> None:
    resampler = Resampler(44_100)
    assert 0 == len(resampler.process(noise(0)))
    assert 0 == len(resampler.flush())
