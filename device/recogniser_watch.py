"""Looks after the recogniser of a live lesson: does it fail, fall behind, or hang?"""

from __future__ import annotations

from collections.abc import Callable

from device.clock import Clock
from device.crash import told
from device.detect.recogniser import ThreadedRecogniser
from device.errors import DenkpauzeError
from lesson.events import HealthState

#: a recogniser takes a second for its longest step, on a Pi too
HANGING_S = 20.0


class RecogniserWatch:
    """``look`` belongs to the main loop.

    Args:
        recogniser: in its own thread.
        clock: time.
        on_change: told ``OVERFLOW`` when speech runs behind, ``OK`` when it has caught up, and
            ``DEGRADED`` when the recogniser hangs and is waited for no longer.
    """

    def __init__(
        self,
        recogniser: ThreadedRecogniser,
        clock: Clock,
        on_change: Callable[[HealthState], None],
    ) -> None:
        self._recogniser = recogniser
        self._clock = clock
        self._on_change = on_change
        self._behind = False
        self._steps = -1
        self._stepped_at_s = 0.0

    @property
    def dropped_utterances(self) -> int:
        """How often something was not understood because speech ran behind."""
        return self._recogniser.dropped_utterances

    def look(self) -> None:
        """Notice what changed since the last look.

        Raises:
            DenkpauzeError: the recogniser failed; a new process may hear again.
        """
        if self._recogniser.failure is not None:
            raise DenkpauzeError(f"the recogniser stopped: {told(self._recogniser.failure)}")
        behind = self._recogniser.behind
        if behind is not self._behind:
            self._behind = behind
            self._on_change(HealthState.OVERFLOW if behind else HealthState.OK)
        self._notice_a_hang()

    def _notice_a_hang(self) -> None:
        """One that never answers must not keep pauses from being measured."""
        recogniser, now_s = self._recogniser, self._clock.monotonic()
        if not recogniser.busy or recogniser.steps != self._steps:
            self._steps, self._stepped_at_s = recogniser.steps, now_s
        elif now_s - self._stepped_at_s > HANGING_S and not recogniser.given_up:
            recogniser.give_up()
            self._on_change(HealthState.DEGRADED)
