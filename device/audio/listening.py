"""Whether a stream is open, told by those who open and close it and by nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable

from device.errors import SourceError


def _nobody(_is_on: bool) -> None:
    return None


class Listening:
    """Counts streams from before each is opened until after it is closed; any thread may.

    A light that is switched here cannot be off while a stream is open, whatever else goes wrong:
    when it cannot be switched on, nothing is opened.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams = 0
        self._light: Callable[[bool], None] = _nobody

    def show_on(self, light: Callable[[bool], None]) -> None:
        with self._lock:
            self._light = light
            light(self._streams > 0)

    def begin(self) -> None:
        """A stream is about to be opened.

        Raises:
            SourceError: the light refuses.
        """
        with self._lock:
            if self._streams == 0:
                try:
                    self._light(True)
                except Exception as error:  # each pin library has exceptions of its own
                    raise SourceError(
                        f"nothing is heard, because the listening light cannot be switched on "
                        f"({type(error).__name__}): see docs/wiring.md, or [outputs] light = false"
                    ) from error
            self._streams += 1

    def end(self) -> None:
        """It is closed, or could not be opened."""
        with self._lock:
            self._streams -= 1
            if self._streams == 0:
                self._light(False)
