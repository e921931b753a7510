"""Which cue when: a pure state machine on the audio clock, stepped once per frame.

There are two signals, *wait* (they think) and *go* (the target is reached), and taking *wait*
back quietly. Nothing is ever shown after the fact: a short pause or a name called first gets no
signal in the lesson.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from device.feedback.fading import Always, Fading
from lesson.events import Cue, CueMode, Signal
from lesson.phases import Phase, PhaseName

#: A question recognised later than this gets no cue: a missing cue costs less than a wrong one.
LATEST_DECISION_S = 2.5
#: A second THINK whose question ended this near to the first only corrects that end.
SAME_QUESTION_S = 0.5
#: Frame times are multiples of 20 ms in binary floating point; far below the sample period.
_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class _Pause:
    """The running think pause: ``open`` while the light glows and *go* is still to come.

    ``held`` while a voice is judged, in which time *go* does not come.
    """

    since_s: float
    open: bool
    held: bool = False


class CuePolicy:
    """Decides the cues of a lesson.

    Deterministic: the same positions and phases give the same cues. Step it from the thread that
    runs the detection; only ``mute_cues`` and ``set_target`` may be called from another.

    Args:
        mode: ``SILENT`` never returns a cue.
        target_s: length of the think pause at which *go* is due, counted from the acoustic end
            of the question; 2 to 10 s.
        fading: which pauses are cued at all.
    """

    def __init__(
        self, mode: CueMode, target_s: float = 3.0, *, fading: Fading | None = None
    ) -> None:
        if not 2.0 <= target_s <= 10.0:
            raise ValueError(f"target_s is {target_s}, and must lie between 2 and 10 s")
        self._mode = mode
        self._target_s = self._next_target_s = target_s
        self._fading = Always() if fading is None else fading
        self._pause: _Pause | None = None
        self._muted = False

    @property
    def mode(self) -> CueMode:
        return self._mode

    @property
    def target_s(self) -> float:
        return self._target_s

    @property
    def muted(self) -> bool:
        return self._muted

    @property
    def next_deadline_s(self) -> float | None:
        """Audio-clock time at which *go* is due, or ``None``: lets outputs be armed ahead."""
        if self._pause is None or not self._pause.open or self._pause.held or self._muted:
            return None
        return self._pause.since_s + self._target_s

    def mute_cues(self, muted: bool) -> None:
        """Stop all cues, or allow them again from the next question on. Measuring goes on.

        A glowing light is taken back with the next step.
        """
        self._muted = muted

    def set_target(self, target_s: float) -> None:
        """The target from the next question on; may be called from any thread.

        Raises:
            ValueError: it does not lie between 2 and 10 s.
        """
        if not 2.0 <= target_s <= 10.0:
            raise ValueError(f"target_s is {target_s}, and must lie between 2 and 10 s")
        self._next_target_s = target_s

    def step(self, position_s: float, phases: Iterable[Phase]) -> list[Cue]:
        """Advance to ``position_s``, the end of the newest frame, with the phases it brought.

        Returns:
            The cues decided now, each with ``t`` = ``position_s``. *Go* comes at the first step
            at or after its due time, so it is never early and late by less than one frame.
        """
        if self._mode is CueMode.SILENT:
            return []
        cues: list[Cue] = []
        if self._muted:
            cues += self._close(position_s)
        for phase in phases:
            if phase.name is PhaseName.THINK:
                cues += self._think(position_s, phase)
            else:
                cues += self._close(position_s)
                self._pause = None
        return cues + self._go_if_due(position_s)

    def _think(self, position_s: float, phase: Phase) -> list[Cue]:
        since_s = phase.since
        if self._pause is not None and abs(since_s - self._pause.since_s) <= SAME_QUESTION_S:
            self._pause = _Pause(since_s, self._pause.open, phase.held)
            return []
        cues = self._close(position_s)
        self._target_s = self._next_target_s
        waited_s = position_s - since_s
        in_time = waited_s <= LATEST_DECISION_S + _ROUNDING_S and waited_s < self._target_s
        wanted = in_time and not self._muted and self._fading.cues(since_s)
        self._pause = _Pause(since_s, wanted)
        if wanted:
            cues.append(Cue(t=position_s, signal=Signal.WAIT, question_end=since_s))
        return cues

    def _go_if_due(self, position_s: float) -> list[Cue]:
        due_s = self.next_deadline_s
        if self._pause is None or due_s is None or position_s < due_s - _ROUNDING_S:
            return []
        self._pause = _Pause(self._pause.since_s, open=False)
        return [Cue(t=position_s, signal=Signal.GO, question_end=self._pause.since_s)]

    def _close(self, position_s: float) -> list[Cue]:
        """Take the light back if it glows; the pause itself may go on, uncued."""
        if self._pause is None or not self._pause.open:
            return []
        self._pause = _Pause(self._pause.since_s, open=False)
        return [Cue(t=position_s, signal=Signal.OFF, question_end=self._pause.since_s)]
