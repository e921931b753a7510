"""Calls that may hang for ever, such as closing a stream of a frozen sound server."""

from __future__ import annotations

import threading
from collections.abc import Callable

#: starts a function that may never return, without waiting for it
Start = Callable[[Callable[[], None]], None]


def in_thread(work: Callable[[], None]) -> None:
    """Run ``work`` in a thread that does not keep the process alive."""
    threading.Thread(target=work, name="microphone-errand", daemon=True).start()


class Errand:
    """One call, its end and its error.

    Args:
        work: the call.
        begun_at: monotonic seconds, for the owner's time-out.
        finished: called after the end, in the errand's thread.

    Attributes:
        done: the call has returned or raised.
        error: what it raised.
    """

    def __init__(
        self,
        work: Callable[[], None],
        begun_at: float,
        finished: Callable[[], None],
    ) -> None:
        self.begun_at = begun_at
        self.done = False
        self.error: Exception | None = None
        self._work = work
        self._finished = finished

    def run(self) -> None:
        """Make the call, in whichever thread this is."""
        try:
            self._work()
        except Exception as error:  # handed to the owner, who decides
            self.error = error
        self.done = True
        self._finished()
