"""The lesson interrupted in place after place, without any process: what is made of the rest?

Processes are killed where the operating system pleases, and where a frame begins decides what comes
of it. So the same interruptions are tried in many places one after the other, on the sound alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from device.audio.frames import SAMPLE_RATE, Block, Gap, Resumed, SourceState
from device.clock import SystemClock
from device.feedback.cueing import Cueing
from device.feedback.policy import CuePolicy
from device.pipeline import Pipeline
from lesson.events import LessonEvent
from tools.chaos.accounts import invented
from tools.chaos.sound import Excerpt, ReplayedWords, replay_plan

#: no whole number of frames, so that in each place they begin elsewhere
STEP_S = 0.5137
AWAY = Gap(SAMPLE_RATE, SourceState.LOST)

Item = Block | Gap | Resumed


@dataclass(frozen=True, slots=True)
class Interruption:
    """A kind of loss.

    Attributes:
        items: what is left of the sound when the loss comes at that sample.
        restarts: the device is a new one, to which the lesson begins with being away.
    """

    name: str
    items: Callable[[Excerpt, int], list[Item]]
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one kind in all places."""

    name: str
    places: int
    invented: int

    def line(self) -> str:
        """A row of a table."""
        return f"| {self.name} | {self.places} | {self.invented} |"


def _restarted(excerpt: Excerpt, at: int) -> list[Item]:
    return [AWAY, Resumed(), Block(excerpt.samples[at:])]


def _lost_for(seconds: float) -> Callable[[Excerpt, int], list[Item]]:
    def items(excerpt: Excerpt, at: int) -> list[Item]:
        back = min(len(excerpt.samples), at + round(seconds * SAMPLE_RATE))
        gap = Gap(back - at, SourceState.SILENT)
        return [Block(excerpt.samples[:at]), gap, Resumed(), Block(excerpt.samples[back:])]

    return items


KINDS = (
    Interruption("device restarted", _restarted, restarts=True),
    Interruption("0.1 s lost", _lost_for(0.1)),
    Interruption("0.4 s lost", _lost_for(0.42)),
    Interruption("3 s lost", _lost_for(3.0)),
)


def try_everywhere(excerpt: Excerpt, step_s: float = STEP_S) -> list[Tried]:
    """Each kind of interruption, every ``step_s`` of the excerpt."""
    places = [round(n * step_s * SAMPLE_RATE) for n in range(1, int(excerpt.length_s / step_s))]
    return [
        Tried(
            kind.name,
            len(places),
            sum(invented(_heard(excerpt, kind, at), excerpt.events) for at in places),
        )
        for kind in KINDS
    ]


def _heard(excerpt: Excerpt, kind: Interruption, at: int) -> list[LessonEvent]:
    ahead = at - AWAY.missing_samples if kind.restarts else 0
    plan = replay_plan(excerpt, SystemClock(), 0.0, lambda: 0)
    words = ReplayedWords(excerpt.words, ahead_samples=lambda: ahead)
    pipeline = Pipeline(plan.listener(words), Cueing(CuePolicy(plan.mode, plan.target_s)))
    steps = [step for item in kind.items(excerpt, at) for step in pipeline.feed(item)]
    return [event for step in (*steps, *pipeline.finish()) for event in step.events]
