import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.audio.blocks import reblock
from device.audio.framer import Framer
from device.audio.frames import Block, Discontinuity, Frame, Gap, Resumed, SourceState

pytestmark = pytest.mark.unit

Item = Block | Gap | Resumed


def noise(count: int, seed: int = 0, offset: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).integers(-900, 900, count) + offset).astype(np.int16)


def described(items: list[Item], *, remove_offset: bool = False) -> list[object]:
    framer = Framer(remove_offset=remove_offset)
    out = [found for item in items for found in framer.feed(item)] + framer.flush()
    return [
        (found.first_sample, found.samples.tobytes()) if isinstance(found, Frame) else found
        for found in out
    ]


@pytest.mark.parametrize("remove_offset", [False, True])
@pytest.mark.parametrize("block_samples", [1, 160, 320, 4096, 100_000])
def test_block_size_changes_no_frame(block_samples: int, remove_offset: bool) -> None:
    items: list[Item] = [
        Block(noise(20_123, 1, 2_000)),
        Gap(4_444, SourceState.LOST),
        Resumed(),
        Block(noise(9_999, 2)),
    ]
    again = list(reblock(items, block_samples))
    assert described(items, remove_offset=remove_offset) == described(
        again, remove_offset=remove_offset
    )


ITEMS = st.lists(
    st.one_of(
        st.integers(1, 1_000).map(lambda count: Block(noise(count, count))),
        st.builds(Gap, st.integers(0, 5_000), st.sampled_from(list(SourceState))),
        st.just(Resumed()),
    ),
    max_size=12,
)


@pytest.mark.slow
@given(ITEMS, st.sampled_from([1, 7, 160, 320, 321, 4096, 100_000]))
def test_any_cutting_gives_the_same_frames(items: list[Item], block_samples: int) -> None:
    assert described(items) == described(list(reblock(items, block_samples)))


@given(ITEMS)
def test_frames_and_discontinuities_follow_each_other_without_a_hole(items: list[Item]) -> None:
    framer = Framer()
    out = [found for item in items for found in framer.feed(item)]
    position = 0
    for found in out:
        assert position == found.first_sample
        position = found.end_sample
    total = sum(
        len(item.samples) if isinstance(item, Block) else getattr(item, "missing_samples", 0)
        for item in items
    )
    assert total == framer.end_sample
    assert 0 <= total - position < 320


def test_a_partial_frame_at_a_gap_belongs_to_the_discontinuity() -> None:
    framer = Framer()
    framer.feed(Block(noise(400)))
    assert [Discontinuity(320, 1_400, SourceState.MUTED)] == framer.feed(
        Gap(1_000, SourceState.MUTED)
    )
    [frame] = framer.feed(Block(noise(320)))
    assert 1_400 == frame.first_sample


def test_a_gap_of_unknown_length_still_breaks_the_sound() -> None:
    assert [Discontinuity(0, 0, SourceState.OVERFLOW)] == Framer().feed(
        Gap(0, SourceState.OVERFLOW)
    )


def test_flush_pads_the_last_frame_and_keeps_the_true_end() -> None:
    framer = Framer()
    assert [] == framer.feed(Block(np.full(10, 5, dtype=np.int16)))
    [frame] = framer.flush()
    assert [5] * 10 + [0] * 310 == frame.samples.tolist()
    assert (10, []) == (framer.end_sample, framer.flush())


def test_nothing_fed_gives_nothing() -> None:
    assert [] == Framer().flush()


def test_offset_is_taken_out_from_the_first_frame_on() -> None:
    framer = Framer(remove_offset=True)
    frames = framer.feed(Block(noise(16_000, 3, 9_830)))
    means = [abs(float(frame.samples.mean())) for frame in frames]
    assert 50 == len(means)
    assert max(means) < 200  # of 9,830; the noise itself has 29 per frame


def test_offset_filter_leaves_a_voice_as_loud_as_it_was() -> None:
    tone = (8_000 * np.sin(2 * np.pi * 120 * np.arange(16_000) / 16_000)).astype(np.int16)
    framer = Framer(remove_offset=True)
    out = np.concatenate([frame.samples for frame in framer.feed(Block(tone))])
    loss_db = 20 * np.log10(np.std(out[8_000:]) / np.std(tone[8_000:]))
    assert abs(loss_db) < 0.1
