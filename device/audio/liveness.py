"""Is the microphone alive? A state machine without threads, clock or device.

A stream that died often still calls itself active (docs/design.md), so four things are judged
at once: the age of the last callback, whether the stream ended, whether the level is digitally
flat, and whether the stream still sits on the right device.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from device.audio.frames import SourceState


class LivenessState(StrEnum):
    """How the capture is doing."""

    OK = "ok"
    SUSPECT = "suspect"
    LOST = "lost"
    REOPENING = "reopening"
    FAILED = "failed"


class Reason(StrEnum):
    """Why the state changed."""

    NO_CALLBACK = "no_callback"
    LATE_CALLBACK = "late_callback"
    FINISHED = "finished"
    INACTIVE = "inactive"
    FLAT = "flat"
    GOING_FLAT = "going_flat"
    WRONG_DEVICE = "wrong_device"
    OVERFLOW = "overflow"
    RECOVERED = "recovered"
    BACK_OFF_OVER = "back_off_over"
    OPEN_FAILED = "open_failed"
    NO_SOUND_AFTER_OPEN = "no_sound_after_open"
    ATTEMPTS_USED_UP = "attempts_used_up"
    MUTED = "muted"


#: what a loss for this reason is called in the lesson's log
SOURCE_STATES = {
    Reason.FLAT: SourceState.SILENT,
    Reason.WRONG_DEVICE: SourceState.WRONG_DEVICE,
    Reason.MUTED: SourceState.MUTED,
}


@dataclass(frozen=True, slots=True)
class LivenessLimits:
    """When to worry, when to give up. All in seconds, except ``attempts``.

    Attributes:
        late_callback_s, no_callback_s: age of the last callback: suspect, lost.
        going_flat_s, flat_s: run of one same sample value (exact zeros): suspect, lost. A real
            microphone always has some noise.
        overflow_memory_s: an overflow keeps the stream suspect for this long.
        first_back_off_s, longest_back_off_s: wait before an attempt to reopen; doubles.
        open_grace_s: a reopened stream calls back within this time, or the attempt failed.
        flat_grace_s: a reopened stream that stays flat is closed and opened again after this.
        cool_down_s: sound must flow for this long before the attempts are counted anew.
        attempts: attempts in a row before it fails for good.
    """

    late_callback_s: float = 0.25
    no_callback_s: float = 0.5
    going_flat_s: float = 1.5
    flat_s: float = 3.0
    overflow_memory_s: float = 1.0
    first_back_off_s: float = 0.25
    longest_back_off_s: float = 4.0
    open_grace_s: float = 1.0
    flat_grace_s: float = 10.0
    cool_down_s: float = 10.0
    attempts: int = 60


@dataclass(frozen=True, slots=True)
class Observation:
    """What can be seen of the stream.

    Attributes:
        now: monotonic seconds.
        callback_age_s: since the last callback, or since the stream was opened.
        called_back: whether the present stream ever called back.
        active: what the stream says of itself.
        finished: its finished-callback has fired.
        flat_s: length of the present run of one same sample value; 0 when the sound varies.
        right_device: ``None`` when it is not known.
        overflows: count since the start; only its growth matters.
    """

    now: float
    callback_age_s: float
    called_back: bool = True
    active: bool = True
    finished: bool = False
    flat_s: float = 0.0
    right_device: bool | None = None
    overflows: int = 0


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of state: when, why, and at which attempt to reopen (0 = none yet)."""

    at: float
    before: LivenessState
    after: LivenessState
    reason: Reason
    attempt: int


class Liveness:
    """OK ⇄ SUSPECT → LOST ⇄ REOPENING → OK, or FAILED after too many attempts.

    The owner observes regularly; when ``attempt_due`` says so it calls ``begin_attempt``, closes
    and opens the stream, and reports ``attempt_failed`` if that was impossible. An attempt has
    succeeded when an observation shows varying sound from the right device.

    Attributes:
        state: the present state.
        attempt: attempts to reopen since sound last flowed for ``cool_down_s``.
    """

    def __init__(self, now: float, limits: LivenessLimits | None = None) -> None:
        self.limits = limits or LivenessLimits()
        self.state = LivenessState.OK
        self.attempt = 0
        self._since = now
        self._overflows = 0
        self._overflow_at: float | None = None

    @property
    def flowing(self) -> bool:
        """Whether the sound that arrives may be believed."""
        return self.state in (LivenessState.OK, LivenessState.SUSPECT)

    def observe(self, seen: Observation) -> Transition | None:
        """Judge what is seen; at most one change of state."""
        if self.flowing:
            return self._observe_flowing(seen)
        if self.state is LivenessState.REOPENING:
            return self._observe_reopened(seen)
        return None

    def mute(self, now: float) -> Transition:
        """Any state → LOST: the stream was closed on purpose, attempts count from zero."""
        self.attempt = 0
        return self._change(now, LivenessState.LOST, Reason.MUTED)

    def back_off_s(self) -> float:
        """How long to wait before the next attempt."""
        doubled = self.limits.first_back_off_s * 2.0 ** min(self.attempt, 30)
        return min(self.limits.longest_back_off_s, doubled)

    def attempt_due(self, now: float) -> bool:
        return self.state is LivenessState.LOST and now - self._since >= self.back_off_s()

    def begin_attempt(self, now: float) -> Transition:
        """LOST → REOPENING.

        Raises:
            RuntimeError: there is nothing to reopen.
        """
        if self.state is not LivenessState.LOST:
            raise RuntimeError(f"a stream that is {self.state} is not reopened")
        self.attempt += 1
        return self._change(now, LivenessState.REOPENING, Reason.BACK_OFF_OVER)

    def attempt_failed(self, now: float, reason: Reason = Reason.OPEN_FAILED) -> Transition:
        """REOPENING → LOST, or FAILED when all attempts are used up.

        Raises:
            RuntimeError: no attempt is going on.
        """
        if self.state is not LivenessState.REOPENING:
            raise RuntimeError(f"no attempt to reopen is going on: the stream is {self.state}")
        return self._lose(now, reason)

    def _lose(self, now: float, reason: Reason) -> Transition:
        # also when it flowed for a moment: a stream that comes and goes for ever is no stream
        if self.attempt >= self.limits.attempts:
            return self._change(now, LivenessState.FAILED, Reason.ATTEMPTS_USED_UP)
        return self._change(now, LivenessState.LOST, reason)

    def _observe_flowing(self, seen: Observation) -> Transition | None:
        if seen.overflows > self._overflows:
            self._overflow_at = seen.now
        self._overflows = seen.overflows
        fatal = self._fatal(seen)
        if fatal is not None:
            return self._lose(seen.now, fatal)
        worry = self._worry(seen)
        if worry is not None:
            if self.state is LivenessState.OK:
                return self._change(seen.now, LivenessState.SUSPECT, worry)
            return None
        if self.state is LivenessState.SUSPECT:
            return self._change(seen.now, LivenessState.OK, Reason.RECOVERED)
        if self.attempt and seen.now - self._since >= self.limits.cool_down_s:
            self.attempt = 0
        return None

    def _fatal(self, seen: Observation) -> Reason | None:
        if seen.finished:
            return Reason.FINISHED
        if not seen.active:
            return Reason.INACTIVE
        if seen.right_device is False:
            return Reason.WRONG_DEVICE
        if seen.callback_age_s > self.limits.no_callback_s:
            return Reason.NO_CALLBACK
        if seen.flat_s > self.limits.flat_s:
            return Reason.FLAT
        return None

    def _worry(self, seen: Observation) -> Reason | None:
        if seen.callback_age_s > self.limits.late_callback_s:
            return Reason.LATE_CALLBACK
        if seen.flat_s > self.limits.going_flat_s:
            return Reason.GOING_FLAT
        if (
            self._overflow_at is not None
            and seen.now - self._overflow_at < self.limits.overflow_memory_s
        ):
            return Reason.OVERFLOW
        return None

    def _observe_reopened(self, seen: Observation) -> Transition | None:
        self._overflows = seen.overflows
        if seen.finished or not seen.active:
            return self.attempt_failed(seen.now, Reason.FINISHED)
        if seen.right_device is False:
            return self.attempt_failed(seen.now, Reason.WRONG_DEVICE)
        if not seen.called_back or seen.callback_age_s > self.limits.no_callback_s:
            if seen.callback_age_s > self.limits.open_grace_s:
                return self.attempt_failed(seen.now, Reason.NO_SOUND_AFTER_OPEN)
            return None
        if seen.flat_s > 0:
            if seen.flat_s > self.limits.flat_grace_s:
                return self.attempt_failed(seen.now, Reason.FLAT)
            return None
        return self._change(seen.now, LivenessState.OK, Reason.RECOVERED)

    def _change(self, now: float, after: LivenessState, reason: Reason) -> Transition:
        before, self.state, self._since = self.state, after, now
        return Transition(now, before, after, reason, self.attempt)
