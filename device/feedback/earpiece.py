"""One soft tick in the teacher's ear, on a sound output that stays open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from device.audio.frames import SAMPLE_RATE
from device.errors import OutputError

TONE_HZ = 550.0
TONE_S = 0.06
FADE_S = 0.005
#: Added to the latency that PortAudio reports: the way through the room and back to the clip.
_MASK_MARGIN_S = 0.1


def tick(rate_hz: int, volume: float) -> NDArray[np.float32]:
    """The tick: a sine of ``TONE_HZ`` for ``TONE_S`` with raised-cosine fades, float32 mono."""
    count = round(TONE_S * rate_hz)
    seconds = np.arange(count) / rate_hz
    rise = np.clip((np.arange(count) + 0.5) / (FADE_S * rate_hz), 0.0, 1.0)
    fade = (1.0 - np.cos(np.pi * np.minimum(rise, rise[::-1]))) / 2.0
    wave = volume * fade * np.sin(2.0 * np.pi * TONE_HZ * seconds)
    return np.asarray(wave, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class SoundOutput:
    """A sound output as PortAudio lists it."""

    index: int
    name: str
    channels: int
    rate_hz: int


def choose(wanted: str, outputs: Sequence[SoundOutput]) -> SoundOutput:
    """The output of that name, or the only one with that in its name; capitals do not matter.

    Raises:
        OutputError: none fits, or several do.
    """
    exact = [output for output in outputs if output.name.lower() == wanted.lower()]
    fitting = exact or [output for output in outputs if wanted.lower() in output.name.lower()]
    if len(fitting) == 1:
        return fitting[0]
    found = ", ".join(f"«{output.name}»" for output in fitting or outputs) or "none"
    problem = "more than one output fits" if fitting else "no such output"
    raise OutputError(f"earpiece: {problem} for «{wanted}»; here: {found}; see `denkpauze devices`")


class SoundSystem(Protocol):
    """The part of the sounddevice module that is used here."""

    OutputStream: Callable[..., Any]

    def query_devices(self) -> Sequence[dict[str, Any]]: ...


def _sounddevice() -> SoundSystem:
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise OutputError(
            f"earpiece: no sound library ({error}); sudo apt install libportaudio2"
        ) from error
    system: SoundSystem = sounddevice
    return system


def sound_outputs(system: SoundSystem) -> list[SoundOutput]:
    """All outputs that PortAudio knows."""
    return [
        SoundOutput(
            index, entry["name"], entry["max_output_channels"], round(entry["default_samplerate"])
        )
        for index, entry in enumerate(system.query_devices())
        if entry["max_output_channels"] > 0
    ]


class Earpiece:
    """One tick for *go*, nothing for *wait*.

    The stream is opened once and plays silence in between: opening it for each tick would take
    from 10 ms to 0.2 s. ``mask_samples`` covers the tick, the output's latency and a margin, so
    that the detection can leave out what the microphone hears of it.

    Args:
        device: name of the sound output, or a part of it that only one has.
        volume: 0 to 1 of full scale; soft by default.

    Raises:
        OutputError: no such output, or it cannot be opened.
    """

    name = "earpiece"

    def __init__(self, device: str, volume: float = 0.1) -> None:
        system = _sounddevice()
        self._closed = False
        try:
            output = choose(device, sound_outputs(system))
            self._tick = tick(output.rate_hz, volume)
            self._position = len(self._tick)
            self._stream = system.OutputStream(
                device=output.index,
                samplerate=output.rate_hz,
                channels=min(2, output.channels),
                dtype="float32",
                latency="low",
                callback=self._fill,
            )
            self._stream.start()
        except OutputError:
            raise
        except Exception as error:  # PortAudioError, and ValueError for odd devices
            raise OutputError(f"earpiece: cannot open «{device}»: {error}") from error
        sounding_s = TONE_S + self._stream.latency + _MASK_MARGIN_S
        self.mask_samples = round(sounding_s * SAMPLE_RATE)

    def wait(self) -> None:
        """Nothing: *wait* is silent."""

    def go(self) -> None:
        if not self._stream.active:
            raise OutputError("the sound output is gone")
        self._position = 0

    def off(self) -> None:
        """Nothing: a tick has ended before anybody could take it back."""

    def step(self, elapsed_s: float) -> float | None:  # noqa: ARG002 - the stream does the steps
        return None

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._stream.close()

    def _fill(self, out: NDArray[np.float32], count: int, _time: object, _status: object) -> None:
        """On PortAudio's thread: copy what is left of the tick, then silence."""
        begin = self._position
        part = self._tick[begin : begin + count]
        out[: len(part)] = part[:, np.newaxis]
        out[len(part) :] = 0.0
        # Only if no new tick was asked for while this block was filled.
        if self._position == begin:
            self._position = begin + len(part)
