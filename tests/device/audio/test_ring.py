import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.audio.ring import NotHeldError, Ring

pytestmark = pytest.mark.unit


def numbered(first: int, end: int) -> np.ndarray:
    return (np.arange(first, end) % 30_000).astype(np.int16)


def test_holds_ten_seconds_unless_told() -> None:
    assert Ring().capacity_samples == 160_000


@pytest.mark.slow
@given(st.lists(st.integers(0, 250), max_size=12), st.integers(1, 100), st.data())
def test_every_sample_held_reads_back_by_its_number(
    sizes: list[int], capacity: int, data: st.DataObject
) -> None:
    ring = Ring(capacity)
    written = 0
    for size in sizes:
        ring.write(numbered(written, written + size))
        written += size
    assert (written, max(0, written - capacity)) == (ring.end_sample, ring.first_sample)
    first = data.draw(st.integers(ring.first_sample, written))
    end = data.draw(st.integers(first, written))
    assert numbered(first, end).tolist() == ring.read(first, end).tolist()


def test_overwritten_samples_are_refused_with_what_is_there() -> None:
    ring = Ring(100)
    ring.write(numbered(0, 150))
    with pytest.raises(NotHeldError, match="samples 49 to 60 are not held: the ring has 50 to 150"):
        ring.read(49, 60)


def test_samples_not_heard_yet_are_refused() -> None:
    ring = Ring(100)
    ring.write(numbered(0, 10))
    with pytest.raises(NotHeldError):
        ring.read(5, 11)


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Ring(100).read(3, 2)


def test_skipped_samples_keep_the_numbers_true_and_read_as_zeros() -> None:
    ring = Ring(100)
    ring.write(numbered(1, 11))
    ring.skip(5)
    ring.write(numbered(1, 3))
    assert [9, 10, 0, 0, 0, 0, 0, 1, 2] == ring.read(8, 17).tolist()


def test_a_skip_longer_than_the_ring_leaves_zeros_only() -> None:
    ring = Ring(10)
    ring.write(numbered(1, 11))
    ring.skip(1_000)
    assert [0] * 10 == ring.read(1_000, 1_010).tolist()


def test_zero_wipes_the_memory_itself_and_numbers_go_on() -> None:
    ring = Ring(100)
    ring.write(numbered(1, 81))
    ring.zero()
    assert 0 == int(np.abs(ring._memory).sum())
    with pytest.raises(NotHeldError):
        ring.read(0, 1)
    ring.write(numbered(7, 8))
    assert [7] == ring.read(80, 81).tolist()


@pytest.mark.parametrize("capacity", [0, -1])
def test_a_ring_without_room_is_refused(capacity: int) -> None:
    with pytest.raises(ValueError):
        Ring(capacity)
