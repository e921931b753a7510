"""Which microphones there are, and which one a name means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.errors import SourceError

#: ALSA names that are a way to some card, not a card
_ROUTES = ("pulse", "default")
#: how sound systems call what comes over Bluetooth
_BLUETOOTH = ("bluez", "bluealsa", "bluetooth")
PULSE_PREFIX = "pulse:"


@dataclass(frozen=True, slots=True)
class InputDevice:
    """A sound input as PortAudio lists it."""

    index: int
    name: str
    host_api: str
    channels: int
    rate: int

    @property
    def label(self) -> str:
        """What the user sees, and what a card name is looked for in."""
        return f"{self.name}, {self.host_api}"

    @property
    def is_card(self) -> bool:
        """Whether this is a sound card itself and not a route such as ``default``."""
        return self.host_api != "ALSA" or "(hw:" in self.name

    @property
    def is_pulse(self) -> bool:
        """Whether a sound server (PulseAudio or PipeWire) decides what is heard."""
        return self.name in _ROUTES


def portaudio() -> Any:
    """The ``sounddevice`` module, imported late: loading it opens PortAudio.

    Raises:
        SourceError: PortAudio is not installed.
    """
    try:
        import sounddevice
    except OSError:
        raise SourceError(
            "PortAudio is not installed, no microphone can be opened: apt install libportaudio2"
        ) from None
    return sounddevice


def list_microphones() -> list[InputDevice]:
    """All inputs, cards first. PortAudio makes this list once per process.

    Raises:
        SourceError: PortAudio is not installed.
    """
    sounddevice = portaudio()
    host_apis = sounddevice.query_hostapis()
    inputs = [
        InputDevice(
            index=device["index"],
            name=device["name"],
            host_api=host_apis[device["hostapi"]]["name"],
            channels=device["max_input_channels"],
            rate=round(device["default_samplerate"]),
        )
        for device in sounddevice.query_devices()
        if device["max_input_channels"] > 0
    ]
    return sorted(inputs, key=lambda device: (not device.is_card, device.index))


def choose(devices: Sequence[InputDevice], card: str | None) -> InputDevice:
    """The one input whose label contains ``card``, in upper or lower case.

    An exact name wins over a part of one. ``pulse:SOURCE`` means the sound server's source of
    that name. Without a name it is the only card there is: ``default`` is never taken silently,
    because it can turn into another microphone, or into one's own earpiece.

    Raises:
        SourceError: none or several fit; the text lists the candidates. Or it is a Bluetooth
            microphone.
    """
    if card is not None:
        _refuse_bluetooth(card)
    found = _choose(devices, card)
    _refuse_bluetooth(found.label)
    return found


def _refuse_bluetooth(name: str) -> None:
    """A pause of three seconds cannot be measured through one that comes and goes."""
    if any(word in name.casefold() for word in _BLUETOOTH):
        raise SourceError(
            f"{name!r} is a Bluetooth microphone: its sound is 0.1 to 0.2 s late, and never by the "
            "same. Use a clip microphone with a wire or a USB receiver"
        )


def _choose(devices: Sequence[InputDevice], card: str | None) -> InputDevice:
    if card is None:
        cards = [device for device in devices if device.is_card]
        if len(cards) == 1:
            return cards[0]
        what = "are several microphones" if cards else "is no microphone card"
        raise SourceError(f"there {what}: name one in the settings. {_listing(devices)}")
    wanted = "pulse" if card.startswith(PULSE_PREFIX) else card
    wanted = wanted.strip().casefold()
    exact = [device for device in devices if device.name.casefold() == wanted]
    fitting = exact or [device for device in devices if wanted in device.label.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise SourceError(f"no microphone is called {card!r}: plug it in. {_listing(devices)}")
    raise SourceError(
        f"{card!r} fits several microphones: give more of the name. {_listing(fitting)}"
    )


def _listing(devices: Sequence[InputDevice]) -> str:
    if not devices:
        return "No input is found at all"
    return "Found: " + "; ".join(device.label for device in devices)


def alsa_card_id(name: str, folder: Path = Path("/proc/asound")) -> str | None:
    """The lasting id of the card behind a PortAudio name with ``(hw:N,…)``.

    Card numbers can change places when a card is plugged in again, ids do not. ``None`` when
    the name has no number or the card is gone.
    """
    number = re.search(r"\(hw:(\d+)", name)
    if number is None:
        return None
    try:
        return (folder / f"card{number[1]}" / "id").read_text(encoding="ascii").strip()
    except OSError:
        return None
