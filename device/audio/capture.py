"""The life of a recording stream: opened, judged, closed and opened again."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from device.audio.capture_queue import CaptureQueue
from device.audio.errand import Errand, Start, in_thread
from device.audio.frames import SAMPLE_RATE, Samples, SourceState
from device.audio.listening import Listening
from device.audio.liveness import (
    SOURCE_STATES,
    Liveness,
    LivenessLimits,
    LivenessState,
    Observation,
    Reason,
    Transition,
)
from device.audio.pieces import PieceConverter
from device.audio.stream import Opener, Stream, WrongDeviceError
from device.clock import Clock
from device.errors import SourceError

#: 5 s of pieces of 20 ms
QUEUE_PIECES = 250
DEVICE_CHECK_S = 1.0
ERRAND_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Sound:
    """What one callback brought.

    Attributes:
        samples: 16 kHz mono.
        captured_at: monotonic seconds at which the last of them was captured.
        lost_before: an overflow came just before.
        flat_s: length of the run of one same sample value that lasts until its end; 0 when it
            varies.
    """

    samples: Samples
    captured_at: float
    lost_before: bool
    flat_s: float


class Capture:
    """Keeps a stream alive. ``next`` belongs to one thread, the rest may be called from any.

    Opening, closing and asking for the device run as errands, because each can hang. A sound
    server that is frozen cannot be cured from inside this process: ``hung`` is set.

    Attributes:
        hung: opening or closing did not come back within ``errand_timeout_s``.
        listening: from before a stream is opened until after it is closed; a light hangs on it.
        outage: why sound is lost, from its first cause on; ``None`` while it flows.
        transitions: the last changes of the liveness state, oldest first.
    """

    def __init__(
        self,
        opener: Opener,
        clock: Clock,
        limits: LivenessLimits,
        errand_timeout_s: float = ERRAND_TIMEOUT_S,
        start: Start = in_thread,
    ) -> None:
        self._opener = opener
        self._clock = clock
        self._errand_timeout_s = errand_timeout_s
        self._start = start
        self.queue = CaptureQueue(clock, QUEUE_PIECES)
        self.transitions: deque[Transition] = deque(maxlen=100)
        self.outage: SourceState | None = None
        self.hung = False
        self.listening = Listening()
        self._changed = threading.Condition()  # guards the five below
        self._errands: list[Errand] = []
        self._stream: Stream | None = None
        self._muted = False
        self._mutes = 0
        self._closed = False
        # the rest belongs to the thread of ``next``
        self._mutes_seen = 0
        self._errand: Errand | None = None
        self._check: Errand | None = None
        self._right_device: bool | None = None
        self._opened_at = self._checked_at = clock.monotonic()
        self._converter = PieceConverter(SAMPLE_RATE, 1)
        self._liveness = Liveness(self._opened_at, limits)

    @property
    def is_open(self) -> bool:
        return self._stream is not None

    @property
    def muted(self) -> bool:
        return self._muted

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def flowing(self) -> bool:
        return self._liveness.flowing

    def open_first(self) -> None:
        """Open, or raise ``SourceError`` at once: at the start nothing is retried."""
        errand = self._begin(self._open)
        self._await(errand)
        if errand.error is not None:
            raise errand.error
        self._raise_when_over()
        self._adopt(self._clock.monotonic())

    def next(self, timeout_s: float) -> Sound | None:
        """Believable sound if there is any within ``timeout_s``, and one look at the stream.

        Raises:
            SourceError: all attempts are used up, or an errand hangs.
        """
        piece = self.queue.get(timeout_s)
        now = self._clock.monotonic()
        self._finish_errand(now)
        sound = None
        if piece is not None and self._stream is not None and self._errand is None:
            sound = Sound(
                self._converter.convert(piece.data),
                piece.captured_at,
                piece.overflow or piece.dropped_samples > 0,
                self._converter.flat_s,
            )
        self._judge(now, waiting=sound is not None)
        self._act(now)
        self._raise_when_over()
        return sound if self.flowing else None

    def mute(self) -> bool:
        """Close the stream now; False when that hangs."""
        with self._changed:
            self._muted = True
            self._mutes += 1
        self._release()
        return not self.hung

    def unmute(self) -> None:
        """Let ``next`` open the stream again."""
        with self._changed:
            self._muted = False
        self.queue.wake()

    def close(self) -> None:
        """For good. May be called twice."""
        with self._changed:
            self._closed = True
        self._release()

    # -- errands

    def _begin(self, work: Callable[[], None]) -> Errand:
        errand = Errand(work, self._clock.monotonic(), self._tell)
        with self._changed:
            self._errands = [other for other in self._errands if not other.done] + [errand]
        self._start(errand.run)
        return errand

    def _begin_closing(self) -> Errand | None:
        with self._changed:
            stream, self._stream = self._stream, None
            self.queue.begin()  # what the old stream still delivers is not heard
            if stream is None:
                return None
            # in one step: at no moment is there an open stream that nobody knows of
            work = partial(self._close_stream, stream)
            errand = Errand(work, self._clock.monotonic(), self._tell)
            self._errands.append(errand)
        self._start(errand.run)
        return errand

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
        self.queue.wake()

    def _await(self, errand: Errand) -> None:
        deadline = errand.begun_at + self._errand_timeout_s
        with self._changed:
            while not errand.done:
                left = deadline - self._clock.monotonic()
                if left <= 0:
                    self.hung = True
                    return
                self._clock.wait(self._changed, left)

    def _open(self) -> None:
        generation = self.queue.begin()
        self.listening.begin()
        try:
            stream = self._opener.open(
                lambda data, count, overflow: self.queue.put(generation, data, count, overflow)
            )
        except BaseException:
            self.listening.end()
            raise
        with self._changed:
            unwanted = self._muted or self._closed
            if not unwanted:
                self._stream = stream
        if unwanted:
            self._close_stream(stream)

    def _close_stream(self, stream: Stream) -> None:
        try:
            stream.close()
        finally:
            self.listening.end()

    def _release(self) -> None:
        self._begin_closing()
        # another thread's too: a process that ends while PortAudio closes a stream hangs
        with self._changed:
            errands = list(self._errands)
        for errand in errands:
            self._await(errand)
        self.queue.wake()

    def _finish_errand(self, now: float) -> None:
        errand = self._errand
        if errand is None:
            return
        if not errand.done:
            self.hung = self.hung or now - errand.begun_at > self._errand_timeout_s
            return
        self._errand = None
        if self._liveness.state is not LivenessState.REOPENING:
            return
        if errand.error is not None or self._stream is None:
            wrong = isinstance(errand.error, WrongDeviceError)
            reason = Reason.WRONG_DEVICE if wrong else Reason.OPEN_FAILED
            self._note(self._liveness.attempt_failed(now, reason))
        else:
            self._adopt(now)

    def _adopt(self, now: float) -> None:
        stream = self._stream
        if stream is not None:  # not muted in the meantime
            self._converter = PieceConverter(stream.rate, stream.channels)
        self._opened_at = self._checked_at = now
        self._right_device = None

    # -- liveness

    def _judge(self, now: float, *, waiting: bool) -> None:
        if self._mutes != self._mutes_seen:
            self._mutes_seen = self._mutes
            self.outage = None
            self._note(self._liveness.mute(now))
            return
        stream = self._stream
        if stream is None or self._errand is not None:
            return
        called_at = self.queue.last_callback_at
        seen = Observation(
            now=now,
            # sound that is still here is delivered before the stream is given up
            callback_age_s=0.0 if waiting else now - (called_at or self._opened_at),
            called_back=self._converter.heard,
            active=waiting or stream.active,
            finished=not waiting and stream.finished,
            flat_s=self._converter.flat_s,
            right_device=self._right_device,
            overflows=self.queue.overflows,
        )
        if stream is self._stream:  # else it ended because it was muted just now
            self._note(self._liveness.observe(seen))

    def _note(self, transition: Transition | None) -> None:
        if transition is None:
            return
        self.transitions.append(transition)
        if self.flowing:
            self.outage = None
        elif self.outage is None:
            self.outage = SOURCE_STATES.get(transition.reason, SourceState.LOST)

    def _act(self, now: float) -> None:
        if self._muted or self._closed or self._errand is not None:
            return
        if self._liveness.state is LivenessState.LOST:
            if self._stream is not None:
                self._errand = self._begin_closing()
            elif self._liveness.attempt_due(now):
                self._note(self._liveness.begin_attempt(now))
                self._errand = self._begin(self._open)
        elif self.flowing and now - self._checked_at >= DEVICE_CHECK_S:
            self._checked_at = now
            if self._check is None or self._check.done:  # else the last one is still asking
                self._check = Errand(self._check_device, now, self._tell)
                self._start(self._check.run)

    def _check_device(self) -> None:
        stream = self._stream
        if stream is None:
            return
        right = stream.right_device()
        if stream is self._stream:
            self._right_device = right

    def _raise_when_over(self) -> None:
        name = self._opener.name
        if self.hung:
            raise SourceError(
                f"the sound system does not answer, microphone {name} can be neither opened nor "
                "closed: restart this program, and the sound server if there is one"
            )
        if self._liveness.state is LivenessState.FAILED:
            raise SourceError(
                f"microphone {name} stayed without sound after {self._liveness.attempt} attempts "
                "to open it: plug it in again and restart this program"
            )
