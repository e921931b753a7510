"""What every output of the cues has in common."""

from __future__ import annotations

from typing import Protocol


class Output(Protocol):
    """A light, a sound or a pulse that shows the two signals.

    Each output is called from one thread of its own, so a slow one holds nobody up. Any method
    may raise; the output is then left out for the rest of the lesson.

    Attributes:
        name: short word for logs and warnings.
        mask_samples: samples at 16 kHz during which the microphone may hear this output, counted
            from the moment of *go*; 0 for a silent output.
    """

    name: str
    mask_samples: int

    def wait(self) -> None:
        """They think: begin the slow glow."""
        ...

    def go(self) -> None:
        """The target is reached: one short sign."""
        ...

    def off(self) -> None:
        """Dark and quiet at once; also when it is so already."""
        ...

    def step(self, elapsed_s: float) -> float | None:
        """Show the running signal as it looks ``elapsed_s`` after it began; first called with 0.

        Returns:
            Seconds until the next step, or ``None`` when the signal has run out.
        """
        ...

    def close(self) -> None:
        """Dark, quiet, and the hardware given back; may be called twice."""
        ...
