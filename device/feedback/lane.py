"""One output and the thread that drives it, so that no output can delay another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from device import machine
from device.clock import Clock
from device.feedback.outputs import Output
from lesson.events import Signal

log = logging.getLogger(__name__)

#: An output that takes longer than this over one call is taken for hung.
HANG_S = 1.0
#: How long ``close`` waits for the thread; a hung one is left behind (it is a daemon).
_JOIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Degraded:
    """An output failed and is left out from now on; reported once, in one line."""

    output: str
    message: str


class OutputLane:
    """Hands signals to one output, in order, on a thread of its own.

    The mailbox holds one signal and the newest wins: an outdated light is worth nothing.
    ``replaced`` counts the signals that were overtaken before the output took them.

    Args:
        output: driven and in the end closed by this lane.
        clock: tells the lane when the next step of a glow is due.
        on_degraded: called once, from this lane's thread or the one that found it hung.
    """

    def __init__(
        self, output: Output, clock: Clock, on_degraded: Callable[[Degraded], None]
    ) -> None:
        self._output = output
        self._clock = clock
        self._on_degraded = on_degraded
        self._changed = threading.Condition()
        self._signal: Signal | None = None
        self._outstanding_since: float | None = None
        self._showing = False
        self._degraded = False
        self._closing = False
        self.replaced = 0
        self._thread = threading.Thread(target=self._run, name=f"output-{output.name}", daemon=True)

    @property
    def mask_samples(self) -> int:
        return 0 if self._degraded else self._output.mask_samples

    @property
    def busy(self) -> bool:
        """Whether the output is being called or will be called again without a new signal."""
        with self._changed:
            running = self._showing or self._outstanding_since is not None
            return running and not self._degraded

    def start(self) -> None:
        self._thread.start()

    def post(self, signal: Signal) -> None:
        """Ask for a signal; returns at once."""
        with self._changed:
            if self._degraded or self._closing:
                return
            if self._signal is not None:
                self.replaced += 1
            self._signal = signal
            if self._outstanding_since is None:
                self._outstanding_since = self._clock.monotonic()
            self._changed.notify_all()

    def check(self) -> None:
        """Give the output up if one call to it has been running for more than ``HANG_S``."""
        with self._changed:
            since = self._outstanding_since
            hung = since is not None and self._clock.monotonic() - since > HANG_S
        if hung:
            self._degrade(f"does not answer for more than {HANG_S:.0f} s")

    def close(self) -> None:
        """Dark and quiet, then closed; may be called twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        machine.go_first()
        try:
            self._serve()
        except Exception as error:  # an output is hardware of any make: anything may come
            self._degrade(str(error) or type(error).__name__)
        finally:
            self._give_back()

    def _serve(self) -> None:
        began_s = 0.0
        next_s: float | None = None
        while not self._closing and not self._degraded:
            signal = self._take(next_s)
            now = self._clock.monotonic()
            if signal is not None:
                began_s = now
                {
                    Signal.WAIT: self._output.wait,
                    Signal.GO: self._output.go,
                    Signal.OFF: self._output.off,
                }[signal]()
            elif next_s is None or now < next_s:
                continue
            step_s = None if signal is Signal.OFF else self._output.step(now - began_s)
            next_s = None if step_s is None else now + step_s
            with self._changed:
                # A signal that came in meanwhile begins its own time now.
                self._outstanding_since = None if self._signal is None else now
                self._showing = next_s is not None

    def _take(self, next_s: float | None) -> Signal | None:
        """Sleep until a signal or the next step is due, and mark the call as running."""
        with self._changed:
            while self._signal is None and not self._closing:
                if next_s is not None and self._clock.monotonic() >= next_s:
                    break
                self._clock.wait_until(self._changed, next_s)
            signal, self._signal = self._signal, None
            if not self._closing:
                self._outstanding_since = self._clock.monotonic()
            return signal

    def _give_back(self) -> None:
        for end in (self._output.off, self._output.close):
            try:
                end()
            except Exception as error:  # already reported, or too late to matter
                log.debug("output %s: %s", self._output.name, error)

    def _degrade(self, reason: str) -> None:
        with self._changed:
            if self._degraded or self._closing:
                return
            self._degraded = True
            self._outstanding_since = None
        message = f"{self._output.name}: {reason}; the lesson goes on without it"
        log.warning("%s", message)
        self._on_degraded(Degraded(self._output.name, message))
