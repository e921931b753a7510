"""The cue light for the teacher and the listen light for everybody."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any

from device.errors import OutputError
from device.feedback.pins import Pins, claim

Colour = tuple[float, float, float]

#: Amber and green differ in movement too (slow breath against a steady sign), so that they can be
#: told apart without seeing the colours.
AMBER: Colour = (1.0, 0.4, 0.0)
GREEN: Colour = (0.0, 1.0, 0.1)
DARK: Colour = (0.0, 0.0, 0.0)

BREATH_S = 2.0
STEP_S = 0.04
GREEN_S = 0.6
#: The breath never goes dark: a dark light would say that nothing is heard.
_DIMMEST = 0.15


def glow(elapsed_s: float) -> float:
    """Relative brightness of the slow glow, 0 to 1, a raised cosine that begins at its dimmest."""
    rise = (1.0 - math.cos(2.0 * math.pi * elapsed_s / BREATH_S)) / 2.0
    return _DIMMEST + (1.0 - _DIMMEST) * rise


class CueLight:
    """The RGB light: slow amber glow for *wait*, short green for *go*.

    Our own steps, no ``blink`` or ``pulse`` of gpiozero: those run on a thread of their own and
    could still be glowing after ``off``.

    Args:
        pins: GPIO numbers; each colour behind a resistor, common cathode.
        brightness: 0 to 1, low by default: it stands in the corner of the teacher's eye.

    Raises:
        OutputError: the pins cannot be used.
    """

    name = "cue light"
    mask_samples = 0

    def __init__(self, pins: Pins | None = None, brightness: float = 0.3) -> None:
        if not 0.0 < brightness <= 1.0:
            raise OutputError(f"cue light: brightness {brightness} must lie above 0, at most 1")
        plan = Pins() if pins is None else pins
        self._brightness = brightness
        self._glowing = False
        self._led: Any = claim(
            self.name,
            lambda gpiozero: gpiozero.RGBLED(plan.cue_red, plan.cue_green, plan.cue_blue),
        )

    def wait(self) -> None:
        self._glowing = True

    def go(self) -> None:
        self._glowing = False
        self._show(GREEN, 1.0)

    def off(self) -> None:
        self._glowing = False
        if not self._led.closed:
            self._show(DARK, 0.0)

    def step(self, elapsed_s: float) -> float | None:
        if self._glowing:
            self._show(AMBER, glow(elapsed_s))
            return STEP_S
        if elapsed_s < GREEN_S:
            return GREEN_S - elapsed_s
        self.off()
        return None

    def close(self) -> None:
        if not self._led.closed:
            self.off()
            self._led.close()

    def _show(self, colour: Colour, relative: float) -> None:
        factor = self._brightness * relative
        red, green, blue = colour
        self._led.value = (red * factor, green * factor, blue * factor)


#: The listen light winks while somebody watches live: on far longer than off, since it also says
#: that the microphone is open.
WATCHED_ON_S = 1.8
WATCHED_OFF_S = 0.2


class BoxState(StrEnum):
    """What the whole box is doing, as the listen light tells it.

    ``WATCHED`` is listening while somebody follows the lesson live.
    """

    STARTING = "starting"
    LISTENING = "listening"
    WATCHED = "watched"
    MUTED = "muted"
    TROUBLE = "trouble"
    STOPPED = "stopped"


class ListenLight:
    """On whenever the microphone's stream is open, and only then; there is no hidden mode.

    It is apart from the cues: it burns in a silent lesson as well. Switch it on before the stream
    is opened and off after it is closed.

    Raises:
        OutputError: the pin cannot be used.
    """

    name = "listen light"

    def __init__(self, pins: Pins | None = None) -> None:
        plan = Pins() if pins is None else pins
        self._led: Any = claim(self.name, lambda gpiozero: gpiozero.LED(plan.listen))

    def state(self, state: BoxState) -> None:
        """Show what the box is doing."""
        if state is BoxState.LISTENING:
            self._led.on()
        elif state is BoxState.WATCHED:  # gpiozero ends it by itself at the next state
            self._led.blink(on_time=WATCHED_ON_S, off_time=WATCHED_OFF_S)
        else:
            self._led.off()

    def close(self) -> None:
        if not self._led.closed:
            self._led.off()
            self._led.close()
