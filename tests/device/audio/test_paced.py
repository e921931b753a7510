from collections.abc import Iterator

import numpy as np
import pytest

from device.audio.frames import Block, Gap, Resumed, SourceState
from device.audio.paced import Paced
from device.clock import SimulatedClock

pytestmark = pytest.mark.unit


class Given:
    """A source that delivers a given list at once."""

    name = "given"

    def __init__(self, *items: Block | Gap | Resumed) -> None:
        self._items = items
        self.closed = False

    def __enter__(self) -> "Given":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def items(self) -> Iterator[Block | Gap | Resumed]:
        yield from self._items

    def close(self) -> None:
        self.closed = True


def sound(count: int) -> Block:
    return Block(np.arange(count, dtype=np.int16))


def clock() -> SimulatedClock:
    return SimulatedClock(0.0, sleep_advances=True)


def test_each_block_comes_when_its_last_sample_was_captured() -> None:
    time = clock()
    moments = [
        (len(item.samples), round(item.captured_at, 9), round(time.monotonic(), 9))
        for item in Paced(Given(sound(1_000)), time).items()
        if isinstance(item, Block)
    ]
    assert [
        (320, 0.02, 0.02),
        (320, 0.04, 0.04),
        (320, 0.06, 0.06),
        (40, 0.0625, 0.0625),
    ] == moments


def test_a_minute_of_odd_blocks_does_not_drift() -> None:
    time = clock()
    for _ in Paced(Given(sound(16_000 * 60)), time, block_samples=337).items():
        pass
    assert time.monotonic() == pytest.approx(60.0, abs=1e-9)


def test_a_slow_consumer_catches_up_and_sees_how_old_the_sound_is() -> None:
    time = clock()
    items = Paced(Given(sound(320 * 100)), time).items()
    next(items)
    time.advance(1.0)
    late = next(items)
    assert isinstance(late, Block)
    assert (0.04, 1.02) == (late.captured_at, time.monotonic())
    last = list(items)[-1]
    assert isinstance(last, Block)
    assert (2.0, 2.0) == (last.captured_at, round(time.monotonic(), 9))


def test_speed_divides_the_time() -> None:
    time = clock()
    list(Paced(Given(sound(16_000)), time, speed=4.0).items())
    assert 0.25 == round(time.monotonic(), 9)


def test_a_gap_takes_its_time_in_pieces_of_half_a_second() -> None:
    time = clock()
    source = Given(sound(320), Gap(20_000, SourceState.LOST), Resumed(), sound(320))
    seen = [
        (type(item).__name__, getattr(item, "missing_samples", None), round(time.monotonic(), 6))
        for item in Paced(source, time).items()
    ]
    assert [
        ("Block", None, 0.02),
        ("Gap", 8_000, 0.52),
        ("Gap", 8_000, 1.02),
        ("Gap", 4_000, 1.27),
        ("Resumed", None, 1.27),
        ("Block", None, 1.29),
    ] == seen


def test_the_samples_are_the_source_s_own() -> None:
    blocks = [i for i in Paced(Given(sound(1_000)), clock()).items() if isinstance(i, Block)]
    assert list(range(1_000)) == np.concatenate([block.samples for block in blocks]).tolist()


def test_closing_ends_the_sound_and_the_source() -> None:
    source = Given(sound(32_000))
    with Paced(source, clock()) as paced:
        items = paced.items()
        next(items)
        paced.close()
        assert [] == list(items)
    assert source.closed


@pytest.mark.parametrize("speed", [0.0, -1.0])
def test_a_speed_that_is_not_above_zero_is_refused(speed: float) -> None:
    with pytest.raises(ValueError):
        Paced(Given(), clock(), speed=speed)
