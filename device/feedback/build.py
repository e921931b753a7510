"""Builds the outputs that are wanted and there; what is not there is named, and left out."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from device.clock import Clock
from device.errors import OutputError
from device.feedback.buttons import Buttons, Press
from device.feedback.earpiece import Earpiece
from device.feedback.haptic import Haptic
from device.feedback.light import CueLight, ListenLight
from device.feedback.outputs import Output
from device.feedback.pins import Pins

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BuiltOutputs:
    """The outputs of the cues, and one line for each that is wanted but not there."""

    outputs: Sequence[Output]
    warnings: Sequence[str]


@dataclass(slots=True)
class Box:
    """What the box has apart from the cues, in a silent lesson as well; ``close`` when done."""

    listen_light: ListenLight | None = None
    buttons: Buttons | None = None
    warnings: list[str] = field(default_factory=list)

    def close(self) -> None:
        if self.buttons is not None:
            self.buttons.close()
        if self.listen_light is not None:
            self.listen_light.close()


def build_outputs(
    *,
    light: bool = False,
    haptic: bool = False,
    earpiece: str | None = None,
    pins: Pins | None = None,
    brightness: float = 0.3,
    volume: float = 0.1,
    strength: float = 0.8,
) -> BuiltOutputs:
    """Open the wanted outputs.

    Not for a silent lesson: there nothing is built at all.

    Args:
        light: the RGB light on the pins.
        haptic: the motor on its pin.
        earpiece: name of a sound output, or ``None`` for no tick.
        pins: the pin plan, where it differs from ours.
        brightness, volume, strength: of light, tick and pulse, 0 to 1.
    """
    outputs: list[Output] = []
    warnings: list[str] = []
    wanted: list[Callable[[], Output]] = []
    if light:
        wanted.append(lambda: CueLight(pins, brightness))
    if haptic:
        wanted.append(lambda: Haptic(pins, strength))
    if earpiece is not None:
        wanted.append(lambda: Earpiece(earpiece, volume))
    for build in wanted:
        output = _attempt(build, warnings)
        if output is not None:
            outputs.append(output)
    return BuiltOutputs(outputs, warnings)


def build_box(
    presses: queue.Queue[Press],
    clock: Clock,
    *,
    light: bool = True,
    buttons: bool = True,
    pins: Pins | None = None,
) -> Box:
    """Open the listen light and the buttons, as far as they are wanted and there.

    Args:
        presses: bounded queue that the buttons put into.
        clock: stamps the presses.
        light, buttons: what the box has.
        pins: the pin plan, where it differs from ours.
    """
    box = Box()
    if light:
        box.listen_light = _attempt(lambda: ListenLight(pins), box.warnings)
    if buttons:
        box.buttons = _attempt(lambda: Buttons(presses, clock, pins), box.warnings)
    return box


def _attempt(build: Callable[[], T], warnings: list[str]) -> T | None:
    try:
        return build()
    except OutputError as error:
        warnings.append(f"{error} (the lesson goes on without it)")
        return None
