"""A recording delivered in real time, as a microphone would."""

from __future__ import annotations

from collections.abc import Iterator

from device.audio.blocks import reblock
from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Block, Gap, Resumed, Source
from device.clock import Clock
from device.closing import Closing

#: a gap is announced in pieces of 0.5 s, as the microphone does, so that the audio clock moves
GAP_PIECE_SAMPLES = SAMPLE_RATE // 2


class Paced(Closing):
    """Delivers the sound of ``source`` on time, and never earlier.

    Every block is due at a fixed moment after the first request, so nothing drifts, and a
    consumer that was slow catches up. ``captured_at`` is the moment at which the block was due:
    its age tells how far the consumer is behind.

    Args:
        source: a source that delivers at once, such as ``Recording``; closed with this one.
        clock: gives the time and sleeps.
        speed: 2.0 plays twice as fast.
        block_samples: length of the blocks.
    """

    def __init__(
        self,
        source: Source,
        clock: Clock,
        speed: float = 1.0,
        block_samples: int = FRAME_SAMPLES,
    ) -> None:
        if not speed > 0:
            raise ValueError(f"speed is above zero, not {speed}")
        self.name = source.name
        self._source = source
        self._clock = clock
        self._samples_per_second = SAMPLE_RATE * speed
        self._block_samples = block_samples
        self._closed = False

    def close(self) -> None:
        """May be called twice, and from another thread: the sound ends within one block."""
        self._closed = True
        self._source.close()

    def items(self) -> Iterator[Block | Gap | Resumed]:
        """The source's items, each when the last of its samples would have been captured."""
        start = self._clock.monotonic()
        end_sample = 0
        for item in _in_pieces(reblock(self._source.items(), self._block_samples)):
            if isinstance(item, Block):
                end_sample += len(item.samples)
            elif isinstance(item, Gap):
                end_sample += item.missing_samples
            due = start + end_sample / self._samples_per_second
            self._clock.sleep(max(0.0, due - self._clock.monotonic()))
            if self._closed:
                return
            yield Block(item.samples, captured_at=due) if isinstance(item, Block) else item


def _in_pieces(items: Iterator[Block | Gap | Resumed]) -> Iterator[Block | Gap | Resumed]:
    for item in items:
        if isinstance(item, Gap) and item.missing_samples > GAP_PIECE_SAMPLES:
            for start in range(0, item.missing_samples, GAP_PIECE_SAMPLES):
                yield Gap(min(GAP_PIECE_SAMPLES, item.missing_samples - start), item.state)
        else:
            yield item
