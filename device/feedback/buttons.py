"""The buttons on the box: microphone off, mark this moment, signals off."""

from __future__ import annotations

import logging
import queue
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from device.clock import Clock
from device.feedback.pins import Pins, claim

log = logging.getLogger(__name__)

#: A contact bounces for some milliseconds; a finger needs ten times as long.
DEBOUNCE_S = 0.05


class Button(StrEnum):
    """What a press asks for."""

    MUTE = "mute"  # close the microphone's stream, or open it again
    MARK = "mark"  # mark this moment as a fragment
    CUES_OFF = "cues_off"  # stop the signals at once, or allow them again; measuring goes on


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed at a moment on the monotonic clock, in seconds."""

    button: Button
    at_s: float


class Debounce:
    """Tells a press from the bouncing of a contact.

    An edge counts only when the contact was at rest before it for ``rest_s`` seconds; so neither
    the bounces after a press nor those after a release pass for another press.
    """

    def __init__(self, rest_s: float = DEBOUNCE_S) -> None:
        self._rest_s = rest_s
        self._last_edge_s = float("-inf")

    def edge(self, at_s: float) -> bool:
        """Take an edge, of a press or a release; True when it stands for a real change."""
        rested = at_s - self._last_edge_s >= self._rest_s
        self._last_edge_s = at_s
        return rested


class Buttons:
    """Puts presses into a bounded queue; when that is full a press is dropped and counted.

    Presses arrive on gpiozero's own thread, so nothing is done here but queueing.

    Args:
        presses: read by the main thread.
        clock: stamps the presses.
        pins: each button closes to ground; the pull-up inside the Pi holds it open.

    Raises:
        OutputError: the pins cannot be used.
    """

    def __init__(self, presses: queue.Queue[Press], clock: Clock, pins: Pins | None = None) -> None:
        plan = Pins() if pins is None else pins
        self._presses = presses
        self._clock = clock
        self.dropped = 0
        self._contacts: list[Any] = []
        numbers = {Button.MUTE: plan.mute, Button.MARK: plan.mark, Button.CUES_OFF: plan.cues_off}
        try:
            for button, number in numbers.items():
                self._watch(button, number)
        except BaseException:
            self.close()
            raise

    def _watch(self, button: Button, number: int) -> None:
        # Not gpiozero's Button: that starts a thread for holding, which nobody needs here.
        contact: Any = claim(
            f"button {button}",
            lambda gpiozero: gpiozero.DigitalInputDevice(number, pull_up=True),
        )
        self._contacts.append(contact)
        debounce = Debounce()

        def pressed() -> None:
            at_s = self._clock.monotonic()
            if debounce.edge(at_s):
                self._put(Press(button, at_s))

        def released() -> None:
            debounce.edge(self._clock.monotonic())

        contact.when_activated = pressed
        contact.when_deactivated = released

    def _put(self, press: Press) -> None:
        try:
            self._presses.put_nowait(press)
        except queue.Full:
            self.dropped += 1
            log.warning("button %s: the device is too busy to take it", press.button)

    def close(self) -> None:
        """Give the pins back; may be called twice."""
        for contact in self._contacts:
            contact.close()
        self._contacts.clear()
