"""The buttons on the box: the lesson, microphone off, mark this moment, signals off."""

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
#: Held for this long, a button means its second thing.
LONG_S = 1.0


class Button(StrEnum):
    """What a press asks for."""

    LESSON = "lesson"  # begin a lesson; held: end it
    MUTE = "mute"  # close the microphone's stream, or open it again
    MARK = "mark"  # mark this moment as a fragment; held: the name came first on purpose
    CUES_OFF = "cues_off"  # stop the signals at once, or allow them again; measuring goes on


#: These are obeyed with the press itself: a microphone that must close does not wait for a finger.
AT_ONCE = frozenset({Button.MUTE, Button.CUES_OFF})


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed at a moment on the monotonic clock, in seconds.

    Attributes:
        long: it was held for ``LONG_S``; never for a button that is obeyed at once.
    """

    button: Button
    at_s: float
    long: bool = False


class Debounce:
    """Tells a press from the bouncing of a contact.

    An edge counts only when the contact was at rest before it for ``rest_s`` seconds; so neither
    the bounces after a press nor those after a release pass for another press.
    """

    def __init__(self, rest_s: float = DEBOUNCE_S) -> None:
        self._rest_s = rest_s
        self.last_edge_s = float("-inf")

    def at_rest(self, now_s: float) -> bool:
        """Whether the contact has stopped bouncing."""
        return now_s - self.last_edge_s >= self._rest_s

    def edge(self, at_s: float) -> bool:
        """Take an edge, of a press or a release; True when it stands for a real change."""
        rested = self.at_rest(at_s)
        self.last_edge_s = at_s
        return rested


@dataclass(slots=True)
class _Contact:
    """A button's pin, and since when it is held while that is not decided."""

    button: Button
    device: Any
    debounce: Debounce
    down_s: float | None = None


class Buttons:
    """Puts presses into a bounded queue; when that is full a press is dropped and counted.

    Presses arrive on gpiozero's own thread, so nothing is done there but queueing. A button that
    can be held is decided in ``look``, by when it was let go: once, at the latest after ``LONG_S``.

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
        self._contacts: list[_Contact] = []
        numbers = {
            Button.LESSON: plan.lesson,
            Button.MUTE: plan.mute,
            Button.MARK: plan.mark,
            Button.CUES_OFF: plan.cues_off,
        }
        try:
            for button, number in numbers.items():
                self._watch(button, number)
        except BaseException:
            self.close()
            raise

    def _watch(self, button: Button, number: int) -> None:
        # Not gpiozero's Button: that starts a thread for holding, which nobody needs here.
        device: Any = claim(
            f"button {button}",
            lambda gpiozero: gpiozero.DigitalInputDevice(number, pull_up=True),
        )
        contact = _Contact(button, device, Debounce())
        self._contacts.append(contact)

        def pressed() -> None:
            at_s = self._clock.monotonic()
            if not contact.debounce.edge(at_s):
                return
            if button in AT_ONCE:
                self._put(Press(button, at_s))
            else:
                contact.down_s = at_s

        def released() -> None:
            contact.debounce.edge(self._clock.monotonic())

        device.when_activated = pressed
        device.when_deactivated = released

    def look(self) -> None:
        """Decide what was held and what was let go. For the main thread, many times a second."""
        now_s = self._clock.monotonic()
        for contact in self._contacts:
            down_s = contact.down_s
            if down_s is None or not contact.debounce.at_rest(now_s):
                continue
            held = contact.device.is_active
            long = (now_s if held else contact.debounce.last_edge_s) - down_s >= LONG_S
            if long or not held:
                contact.down_s = None
                self._put(Press(contact.button, down_s, long))

    def _put(self, press: Press) -> None:
        try:
            self._presses.put_nowait(press)
        except queue.Full:
            self.dropped += 1
            log.warning("button %s: the device is too busy to take it", press.button)

    def close(self) -> None:
        """Give the pins back; may be called twice."""
        for contact in self._contacts:
            contact.device.close()
        self._contacts.clear()
