"""The cue light for the teacher and the listen light for everybody."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
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
WHITE: Colour = (1.0, 0.8, 0.6)
RED: Colour = (1.0, 0.0, 0.0)
BLUE: Colour = (0.0, 0.1, 1.0)

BREATH_S = 2.0
STEP_S = 0.04
GREEN_S = 0.6
#: The breath never goes dark: a dark light would say that nothing is heard.
_DIMMEST = 0.15


def glow(elapsed_s: float) -> float:
    """Relative brightness of the slow glow, 0 to 1, a raised cosine that begins at its dimmest."""
    rise = (1.0 - math.cos(2.0 * math.pi * elapsed_s / BREATH_S)) / 2.0
    return _DIMMEST + (1.0 - _DIMMEST) * rise


class BoxState(StrEnum):
    """What the whole box is doing, as its lights tell it while no cue is given."""

    STARTING = "starting"
    READY = "ready"
    LISTENING = "listening"
    MUTED = "muted"
    WATCHED = "watched"
    TROUBLE = "trouble"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A colour that comes back every ``period_s``, in so many blinks, or steadily (0)."""

    colour: Colour
    blinks: int = 0
    period_s: float = 2.0

    def at(self, now_s: float) -> Colour:
        """What is shown at this moment."""
        if not self.blinks:
            return self.colour
        number, within_s = divmod(now_s % self.period_s, 2 * BLINK_S)
        return self.colour if number < self.blinks and within_s < BLINK_S else DARK


BLINK_S = 0.2
#: Told apart by movement as well as by colour. Listening is dark: then the listen light
#: burns, and winks while somebody watches.
RESTING: Mapping[BoxState, Pattern] = {
    BoxState.STARTING: Pattern(WHITE, blinks=1, period_s=0.8),
    BoxState.READY: Pattern(WHITE),
    BoxState.LISTENING: Pattern(DARK),
    BoxState.MUTED: Pattern(BLUE, blinks=1),
    BoxState.WATCHED: Pattern(DARK),
    BoxState.TROUBLE: Pattern(RED, blinks=2),
    BoxState.STOPPED: Pattern(DARK),
}


class CueLight:
    """The RGB light: slow amber glow for *wait*, short green for *go*; else what ``rest`` says.

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
        self._resting = DARK
        self._cueing = False
        self._lock = threading.Lock()  # the cues and the state of the box come from two threads
        self._led: Any = claim(
            self.name,
            lambda gpiozero: gpiozero.RGBLED(plan.cue_red, plan.cue_green, plan.cue_blue),
        )

    def wait(self) -> None:
        with self._lock:
            self._glowing = self._cueing = True

    def go(self) -> None:
        with self._lock:
            self._glowing, self._cueing = False, True
            self._show(GREEN, 1.0)

    def off(self) -> None:
        with self._lock:
            self._glowing = self._cueing = False
            if not self._led.closed:
                self._show(self._resting, 1.0)

    def rest(self, colour: Colour) -> None:
        """What is shown while there is no cue; a running cue goes first. From any thread."""
        with self._lock:
            changed = colour != self._resting
            self._resting = colour
            if changed and not self._cueing and not self._led.closed:
                self._show(colour, 1.0)

    def step(self, elapsed_s: float) -> float | None:
        with self._lock:
            if self._glowing:
                self._show(AMBER, glow(elapsed_s))
                return STEP_S
        if elapsed_s < GREEN_S:
            return GREEN_S - elapsed_s
        self.off()
        return None

    def close(self) -> None:
        if not self._led.closed:
            self._resting = DARK
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


class ListenLight:
    """On whenever the microphone's stream is open, and only then; there is no hidden mode.

    It is apart from the cues: it burns in a silent lesson as well. The microphone itself switches
    it by ``stream``; ``state`` is for a recording, which has none. Any thread may call.

    Raises:
        OutputError: the pin cannot be used.
    """

    name = "listen light"

    def __init__(self, pins: Pins | None = None) -> None:
        plan = Pins() if pins is None else pins
        self._led: Any = claim(self.name, lambda gpiozero: gpiozero.LED(plan.listen))
        self._lock = threading.Lock()
        self._open = self._watched = False

    def stream(self, is_open: bool) -> None:
        """The microphone's stream is about to be opened, or is closed."""
        self._show(is_open, self._watched)

    def watched(self, watched: bool) -> None:
        """Somebody follows the lesson live, which makes a burning light wink."""
        self._show(self._open, watched)

    def state(self, state: BoxState) -> None:
        """Show what the box is doing with a recording."""
        watched = state is BoxState.WATCHED
        self._show(watched or state is BoxState.LISTENING, watched)

    def close(self) -> None:
        with self._lock:
            if not self._led.closed:
                self._led.off()
                self._led.close()

    def _show(self, is_open: bool, watched: bool) -> None:
        with self._lock:
            before = self._open, self._watched
            self._open, self._watched = is_open, watched
            if self._led.closed or before == (is_open, watched):
                return
            if not is_open:
                self._led.off()
            elif watched:  # gpiozero ends it by itself at the next change
                self._led.blink(on_time=WATCHED_ON_S, off_time=WATCHED_OFF_S)
            else:
                self._led.on()
