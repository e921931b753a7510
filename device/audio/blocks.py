"""Cutting sound into blocks of a wanted length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from device.audio.frames import Block, Gap, Resumed, Samples


def reblock(
    items: Iterable[Block | Gap | Resumed], block_samples: int
) -> Iterator[Block | Gap | Resumed]:
    """The same samples in blocks of exactly ``block_samples``.

    Only the last block before a gap, or of all, is shorter. For recordings: the blocks given
    out carry no ``captured_at``.

    Raises:
        ValueError: ``block_samples`` is below one.
    """
    if block_samples < 1:
        raise ValueError(f"a block has at least one sample, not {block_samples}")
    return _reblock(items, block_samples)


def _reblock(
    items: Iterable[Block | Gap | Resumed], block_samples: int
) -> Iterator[Block | Gap | Resumed]:
    waiting: list[Samples] = []
    held_samples = 0
    for item in items:
        if isinstance(item, Block):
            waiting.append(item.samples)
            held_samples += len(item.samples)
            if held_samples < block_samples:
                continue
            joined = np.concatenate(waiting)
            whole_samples = held_samples - held_samples % block_samples
            for start in range(0, whole_samples, block_samples):
                yield Block(joined[start : start + block_samples])
            waiting = [joined[whole_samples:]]
            held_samples -= whole_samples
            continue
        if held_samples:
            yield Block(np.concatenate(waiting))
        waiting, held_samples = [], 0
        yield item
    if held_samples:
        yield Block(np.concatenate(waiting))
