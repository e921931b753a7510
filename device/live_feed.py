"""Turns steps into live messages: one at each change, and one a second while a pause runs."""

from __future__ import annotations

from collections.abc import Callable

from device.pipeline import Step
from lesson.phases import Phase, PhaseName
from lesson.wire import LiveState

THINKING_EVERY_S = 1.0
RESTING_EVERY_S = 3.0


class LiveFeed:
    """Steps once per frame; ``publish`` must not block, ``None`` when nobody listens."""

    def __init__(
        self, lesson: str, target_s: float, publish: Callable[[LiveState], None] | None
    ) -> None:
        self._lesson = lesson
        self._target_s = target_s
        self._publish = publish
        self._phase = Phase(0.0, PhaseName.LISTENING, 0.0, "start")
        self._shown: tuple[PhaseName, bool, bool, bool, float] | None = None
        self._due_s = 0.0

    def set_target(self, target_s: float) -> None:
        """What to show as the target from now on; may be called from any thread."""
        self._target_s = target_s

    def step(
        self, step: Step, *, muted: bool = False, trouble: bool = False, cues_muted: bool = False
    ) -> None:
        """Publish when something changed or the last message grows old."""
        if self._publish is None:
            return
        if step.phases:
            self._phase = step.phases[-1]
        shown = (self._phase.name, muted, trouble, cues_muted, self._target_s)
        if shown == self._shown and not step.phases and step.position_s < self._due_s:
            return
        self._shown = shown
        thinking = self._phase.name is PhaseName.THINK
        self._due_s = step.position_s + (THINKING_EVERY_S if thinking else RESTING_EVERY_S)
        think_s = max(0.0, step.position_s - self._phase.since) if thinking else None
        self._publish(
            LiveState(
                lesson=self._lesson,
                t=round(step.position_s, 3),
                phase=self._phase.name.value,
                think_s=None if think_s is None else round(think_s, 3),
                target_s=self._target_s,
                muted=muted,
                cues_muted=cues_muted,
                microphone="trouble" if trouble else "ok",
            )
        )
