"""One opened recording stream."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, Protocol

from device.audio import pulse
from device.audio.cards import (
    PULSE_PREFIX,
    InputDevice,
    alsa_card_id,
    choose,
    list_microphones,
    portaudio,
)
from device.audio.frames import SAMPLE_RATE
from device.errors import SourceError

#: room for a busy Pi; what is captured is still delivered every 20 ms
LATENCY_S = 0.1
BLOCKS_PER_SECOND = 50

#: data, samples per channel, whether sound was lost before it
Deliver = Callable[[bytes, int, bool], None]


class WrongDeviceError(SourceError):
    """What was opened is not the microphone that was asked for."""


class Stream(Protocol):
    """An opened stream that delivers by itself until it is closed."""

    rate: int
    channels: int

    @property
    def active(self) -> bool: ...

    @property
    def finished(self) -> bool: ...

    def right_device(self) -> bool | None:
        """Whether it still records from the device it was opened on; may take a second."""
        ...

    def close(self) -> None:
        """May hang when the sound server is frozen."""
        ...


class Opener(Protocol):
    """Opens the same microphone again and again."""

    @property
    def name(self) -> str: ...

    def open(self, deliver: Deliver) -> Stream:
        """May hang when the sound server is frozen.

        Raises:
            SourceError: it cannot be opened; ``WrongDeviceError``: another one answered.
        """
        ...


class PortAudioStream:
    """A raw stream; its callback copies and counts, nothing else."""

    def __init__(
        self,
        device: InputDevice,
        rate: int,
        channels: int,
        deliver: Deliver,
        still_right: Callable[[], bool | None],
    ) -> None:
        self.rate = rate
        self.channels = channels
        self._finished = False
        self._closing = False
        self._closing_lock = threading.Lock()
        self._still_right = still_right

        def callback(data: Any, count_samples: int, _time: object, status: Any) -> None:
            deliver(bytes(data), count_samples, bool(status.input_overflow))

        self._stream = portaudio().RawInputStream(
            device=device.index,
            samplerate=rate,
            channels=channels,
            dtype="int16",
            blocksize=rate // BLOCKS_PER_SECOND,
            latency=LATENCY_S,
            callback=callback,
            finished_callback=self._finish,
        )
        try:
            self._stream.start()
        except portaudio().PortAudioError:
            self._stream.close(ignore_errors=True)  # else the card stays taken
            raise

    def _finish(self) -> None:
        self._finished = True

    @property
    def active(self) -> bool:
        with self._closing_lock:
            return not self._closing and bool(self._stream.active)

    @property
    def finished(self) -> bool:
        return self._finished

    def right_device(self) -> bool | None:
        return self._still_right()

    def close(self) -> None:
        with self._closing_lock:  # PortAudio must not be asked about a stream it has freed
            if self._closing:
                return
            self._closing = True
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


class PortAudioOpener:
    """Opens the microphone that ``card`` names, and knows it again.

    At 16 kHz mono where the device can, else at its own rate and channels. The first stream
    decides which device it is: a card is known by its ALSA id, a source of PulseAudio by its
    name, which is asked for explicitly from then on.
    """

    def __init__(self, card: str | None) -> None:
        self.device = choose(list_microphones(), card)
        self._source = _source_name(card)
        self._card_id = alsa_card_id(self.device.name)

    @property
    def name(self) -> str:
        """The device, and the sound server's source once that is known."""
        return self.device.label if self._source is None else f"{self._source}, PulseAudio"

    def open(self, deliver: Deliver) -> Stream:
        if self._source is not None:
            # read by libpulse for every new connection
            os.environ["PULSE_SOURCE"] = self._source
        error_type = portaudio().PortAudioError
        try:
            rate, channels = self._format()
            stream = PortAudioStream(self.device, rate, channels, deliver, self._is_right)
        except error_type as error:
            raise SourceError(
                f"microphone {self.name} cannot be opened ({error.args[0]}): "
                "check that it is plugged in and not used by another program"
            ) from None
        if self.device.is_pulse and self._source is None:
            self._source = pulse.recorded_source()
        if self._is_right() is False:
            stream.close()
            raise WrongDeviceError(
                f"another device answers in place of microphone {self.name}: plug it in again"
            )
        return stream

    def _format(self) -> tuple[int, int]:
        """The first (rate, channels) that the device takes; the last one is not asked."""
        check = portaudio().check_input_settings
        own_channels = min(2, self.device.channels)
        wishes = [
            (SAMPLE_RATE, 1),
            (SAMPLE_RATE, own_channels),
            (self.device.rate, 1),
        ]
        for rate, channels in wishes:
            try:
                check(device=self.device.index, samplerate=rate, channels=channels, dtype="int16")
            except portaudio().PortAudioError:
                continue
            return rate, channels
        return self.device.rate, own_channels

    def _is_right(self) -> bool | None:
        if self.device.is_pulse:
            present = pulse.recorded_source()
            return None if present is None or self._source is None else present == self._source
        if self._card_id is not None:
            return alsa_card_id(self.device.name) == self._card_id
        return None


def _source_name(card: str | None) -> str | None:
    if card is None or not card.startswith(PULSE_PREFIX):
        return None
    return card.removeprefix(PULSE_PREFIX)
