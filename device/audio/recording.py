"""A sound file or film as a source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from av.audio.frame import AudioFrame

from device.audio.blocks import reblock
from device.audio.downmix import Downmixer
from device.audio.film import Film, planes
from device.audio.frames import SAMPLE_RATE, Block, Gap, Resumed, Samples, SourceState
from device.audio.resample import Resampler
from device.closing import Closing
from device.errors import SourceError

#: 100 ms: time stamps of films jitter, a smaller step is not a gap
TOLERANCE_SAMPLES = SAMPLE_RATE // 10
#: 1 h: a longer step is a damaged time stamp
LONGEST_STEP_SAMPLES = 3600 * SAMPLE_RATE
#: 1 s: time stamps that go back further have started anew; less is sound that came twice
LONGEST_OVERLAP_SAMPLES = SAMPLE_RATE

_CHANNELS = {"left": 0, "right": 1}


class Recording(Closing):
    """Any sound file or film, streamed, at 16 kHz mono.

    Sample numbers keep the film's time, as a player shows it: sound that starts later than the
    picture, or is missing in the middle, becomes a ``Gap`` (up to 100 ms at the start: zeros),
    never silence, because nobody knows what went on. Sound that comes twice is dropped once.
    Block lengths follow the file unless ``block_samples`` is given; the samples do not depend
    on it.

    Args:
        path: the file.
        channel: ``mix`` (see ``Downmixer``), ``left``, ``right``, or a channel number from 1.
        block_samples: length of the blocks to deliver.

    Attributes:
        name: the file's name.
        duration_s: length as the file states it, for progress bars; ``None`` when it does not.
        damaged_packets: how many pieces of the file could not be decoded so far.

    Raises:
        SourceError: the file cannot be read, holds no sound, or lacks that channel.
    """

    def __init__(
        self, path: str | Path, channel: str = "mix", block_samples: int | None = None
    ) -> None:
        self._film = Film(Path(path))
        self.name = self._film.path.name
        self.duration_s = self._film.duration_s
        try:
            self._only = self._channel_index(channel)
        except SourceError:
            self._film.close()
            raise
        self._block_samples = block_samples

    @property
    def damaged_packets(self) -> int:
        return self._film.damaged_packets

    def close(self) -> None:
        self._film.close()

    def items(self) -> Iterator[Block | Gap | Resumed]:
        """The sound from its start; a recording can be read once."""
        items = self._items()
        return items if self._block_samples is None else reblock(items, self._block_samples)

    def _channel_index(self, channel: str) -> int | None:
        if channel == "mix":
            return None
        index = _CHANNELS.get(channel, int(channel) - 1 if channel.isdecimal() else -1)
        if channel == "left" and self._film.channels == 1:
            return 0
        if not 0 <= index < self._film.channels:
            raise SourceError(
                f"{self._film.path} has no channel {channel!r}: it has {self._film.channels}; "
                "choose mix, left, right or a number from 1"
            )
        return index

    def _items(self) -> Iterator[Block | Gap | Resumed]:
        track: _Track | None = None
        shift_samples = 0.0  # corrects time stamps that started anew
        for seconds, frame in self._film.frames():
            expected = 0.0 if track is None else track.input_end
            place = expected if seconds is None else seconds * SAMPLE_RATE + shift_samples
            step = place - expected
            if not -LONGEST_OVERLAP_SAMPLES <= step <= LONGEST_STEP_SAMPLES:
                shift_samples -= step
                step = 0.0
            if step < -TOLERANCE_SAMPLES:
                continue
            rate, channels = frame.sample_rate, frame.layout.nb_channels
            jumped = step > TOLERANCE_SAMPLES or (track is None and step > 0)
            if track is None or jumped or not track.fits(rate, channels):
                end = 0
                if track is not None:
                    yield from _blocks(track.flush())
                    end = track.output_end
                start = expected + step if jumped else expected
                missing = round(start) - end
                if jumped and missing > TOLERANCE_SAMPLES:
                    yield Gap(missing, SourceState.LOST)
                    yield Resumed()
                elif missing > 0:
                    yield Block(np.zeros(missing, dtype=np.int16))
                track = _Track(start, end + max(0, missing), rate, channels, self._only)
            yield from _blocks(track.feed(frame))
        if track is not None:
            yield from _blocks(track.flush())


class _Track:
    """A stretch of sound without a step in time, at one rate and number of channels."""

    def __init__(
        self, start: float, output_start: int, rate: int, channels: int, only: int | None
    ) -> None:
        self._start = start
        self._input_samples = 0
        self._rate = rate
        self._channels = channels
        # a track that changes its channels in mid-file may lack the chosen one
        self._mixer = Downmixer(
            channels, rate, only if only is None or only < channels else channels - 1
        )
        self._resampler = Resampler(rate)
        self.output_end = output_start

    @property
    def input_end(self) -> float:
        """Place of the next sample to come, in samples of 16 kHz."""
        return self._start + self._input_samples * SAMPLE_RATE / self._rate

    def fits(self, rate: int, channels: int) -> bool:
        return (rate, channels) == (self._rate, self._channels)

    def feed(self, frame: AudioFrame) -> Samples:
        sound = planes(frame)
        self._input_samples += sound.shape[1]
        return self._count(self._resampler.process(self._mixer.process(sound)))

    def flush(self) -> Samples:
        rest = self._resampler.process(self._mixer.flush())
        return self._count(np.concatenate((rest, self._resampler.flush())))

    def _count(self, samples: Samples) -> Samples:
        self.output_end += len(samples)
        return samples


def _blocks(samples: Samples) -> Iterator[Block]:
    if len(samples):
        yield Block(samples)
