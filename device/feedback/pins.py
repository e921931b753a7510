"""The pin plan, and the one place that asks for gpiozero."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from device.errors import OutputError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pins:
    """GPIO numbers (BCM), not header positions; docs/wiring.md has both and the reasons."""

    cue_red: int = 5
    cue_green: int = 6
    cue_blue: int = 13
    listen: int = 27
    mute: int = 22
    mark: int = 23
    cues_off: int = 24
    lesson: int = 25
    haptic: int = 12


def claim(part: str, build: Callable[[Any], T]) -> T:
    """Build a part on the pins; ``build`` gets the gpiozero module.

    gpiozero is imported here and not sooner, because only a Pi has it.

    Raises:
        OutputError: no gpiozero, no pins on this machine, or a pin that is in use.
    """
    try:
        with warnings.catch_warnings():
            # One warning per pin library that is not there; ours says the same in one line.
            warnings.simplefilter("ignore")
            import gpiozero

            return build(gpiozero)
    except ImportError as error:  # gpiozero itself, or none of the libraries that it looks for
        what = "gpiozero is not installed" if error.name == "gpiozero" else "no pins are found"
        raise OutputError(
            f"{part}: {what}; on a Raspberry Pi: sudo apt install python3-gpiozero python3-lgpio"
        ) from None
    except Exception as error:  # each pin library has exceptions of its own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise OutputError(
            f"{part}: cannot use the pins ({reason}); see docs/wiring.md, or switch this output off"
        ) from error
