"""The live phase: what the light, the terminal and the trainer's page show right now.

A pause is provisional from every end of the teacher's speech on. It becomes visible when the
words decide that a question was asked; without a decision within 2.5 s there is no cue at all.
"""

from __future__ import annotations

from device.audio.frames import SAMPLE_RATE
from device.detect.entries import seconds
from device.detect.ledger import CENSOR_S, Verdict, VerdictKind
from lesson.events import Source
from lesson.phases import Phase, PhaseName

LATEST_DECISION_S = 2.5


class LivePhase:
    """Steps on onsets, verdicts and time; yields a phase only when it changes."""

    def __init__(self) -> None:
        self._name = PhaseName.LISTENING
        self._candidate: tuple[int, float] | None = None
        self._suspended: int | None = None
        self._last_onset = -1
        self._held_since: int | None = None
        self._phases: list[Phase] = []

    def take(self) -> list[Phase]:
        """The changes since the last call."""
        phases, self._phases = self._phases, []
        return phases

    @property
    def held(self) -> bool:
        """The light stays while it is unknown whether the teacher's voice says anything."""
        return self._held_since is not None

    def onset(self, source: Source, first_sample: int, position: int) -> None:
        """A voice was heard that began at ``first_sample``; an «eh» must not put out the light."""
        self._last_onset = max(self._last_onset, first_sample)
        if self._name is not PhaseName.THINK:
            return
        if source in (Source.TEACHER, Source.UNKNOWN):
            self._hold(first_sample, position)
        else:
            self._suspended = None
            self._change(PhaseName.ANSWER, first_sample, position, "pupil_speaks")

    def confirm(self, position: int) -> None:
        """What the teacher says is more than an «eh»: the light goes out."""
        if self._held_since is not None:
            self._change(PhaseName.LISTENING, self._held_since, position, "teacher_speaks")

    def decide(self, verdict: Verdict, position: int) -> None:
        """The ledger understood an entry."""
        kind = verdict.kind
        if kind in (VerdictKind.OPENED, VerdictKind.RETRACTED):
            if kind is VerdictKind.RETRACTED and self._suspended is not None:
                self._change(PhaseName.LISTENING, position, position, "hesitation", force=True)
            self._suspended = None
            wanted = verdict.patience_s is not None
            self._candidate = (verdict.since_sample, verdict.patience_s or 0.0) if wanted else None
            self.pass_time(position)
        elif kind is VerdictKind.GOES_ON:
            if self._suspended is not None and (self.held or self._name is PhaseName.LISTENING):
                self._last_onset = min(self._last_onset, self._suspended)
                self._change(PhaseName.THINK, self._suspended, position, "pause_goes_on", True)
        elif kind in (VerdictKind.CALLED, VerdictKind.CLOSED):
            self._candidate = self._suspended = None
            called = kind is VerdictKind.CALLED
            name = PhaseName.NAMED if called else PhaseName.LISTENING
            if called or self._name is PhaseName.THINK:
                self._change(name, verdict.since_sample, position, kind.value)

    def pass_time(self, position: int) -> None:
        """Time went by: a held question may become visible, a long pause is work time."""
        if self._name is PhaseName.THINK and self._suspended is not None:
            if position - self._suspended >= CENSOR_S * SAMPLE_RATE:
                self._suspended = None
                self._change(PhaseName.LISTENING, position, position, "work_time")
            return
        if self._candidate is None:
            return
        since, patience_s = self._candidate
        waited_s = seconds(position - since)
        if waited_s > LATEST_DECISION_S or self._last_onset >= since:
            self._candidate = None
        elif waited_s >= patience_s:
            self._candidate = None
            self._change(PhaseName.THINK, since, position, "question_decided")

    def lost(self, position: int) -> None:
        """No sound."""
        self._candidate = self._suspended = None
        self._change(PhaseName.LOST, position, position, "sound_lost")

    def noisy(self, position: int) -> None:
        """The class drowns the teacher: no cue for what may have been a question."""
        self._candidate = self._suspended = None
        if self._name is PhaseName.THINK:
            self._change(PhaseName.LISTENING, position, position, "too_noisy")

    def resumed(self, position: int) -> None:
        """Sound again."""
        if self._name is PhaseName.LOST:
            self._change(PhaseName.LISTENING, position, position, "sound_back")

    def _hold(self, first_sample: int, position: int) -> None:
        if self._held_since is None and self._suspended is not None:
            self._held_since = first_sample
            since = seconds(self._suspended)
            self._phases.append(
                Phase(seconds(position), PhaseName.THINK, since, "voice_heard", held=True)
            )

    def _change(
        self, name: PhaseName, since: int, position: int, reason: str, force: bool = False
    ) -> None:
        if name is self._name and not force:
            return
        if name is PhaseName.THINK:
            self._suspended = since
        self._name = name
        self._held_since = None
        self._phases.append(Phase(seconds(position), name, seconds(since), reason))
