"""A coin motor in the clip or on the wrist: one pulse says that the target is reached."""

from __future__ import annotations

from typing import Any

from device.audio.frames import SAMPLE_RATE
from device.feedback.pins import Pins, claim

PULSE_S = 0.15
#: A coin motor spins down for about 0.1 s and the clip microphone sits near it.
_SPIN_DOWN_S = 0.1


class Haptic:
    """One pulse for *go*, nothing for *wait*.

    Args:
        pins: the motor hangs behind a transistor and a diode, never on the pin itself.
        strength: share of full power, 0 to 1.

    Raises:
        OutputError: the pin cannot be used.
    """

    name = "haptic"
    mask_samples = round((PULSE_S + _SPIN_DOWN_S) * SAMPLE_RATE)

    def __init__(self, pins: Pins | None = None, strength: float = 0.8) -> None:
        plan = Pins() if pins is None else pins
        self._strength = strength
        self._on = False
        self._motor: Any = claim(self.name, lambda gpiozero: gpiozero.PWMOutputDevice(plan.haptic))

    def wait(self) -> None:
        self.off()

    def go(self) -> None:
        self._on = True
        self._motor.value = self._strength

    def off(self) -> None:
        self._on = False
        if not self._motor.closed:
            self._motor.off()

    def step(self, elapsed_s: float) -> float | None:
        if self._on and elapsed_s < PULSE_S:
            return PULSE_S - elapsed_s
        self.off()
        return None

    def close(self) -> None:
        if not self._motor.closed:
            self.off()
            self._motor.close()
