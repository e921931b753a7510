"""A recording, analysed as fast as the machine can: the same pipeline, the audio clock alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from device.audio.frames import SAMPLE_RATE, Source
from device.detect.words import Recogniser
from device.event_lines import Line, event_lines
from device.feedback.cueing import Cueing
from device.feedback.policy import CuePolicy
from device.lesson_plan import LessonPlan
from device.pipeline import Pipeline
from lesson.events import LessonEnded, LessonEvent
from lesson.metrics import summarise
from lesson.summary import LessonSummary

_PROGRESS_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a recording holds: the events in the order in which they became final."""

    events: tuple[LessonEvent, ...]
    duration_s: float

    def summary(self) -> LessonSummary:
        """The lesson's figures."""
        return summarise(self.events)

    def lines(self, plan: LessonPlan) -> list[Line]:
        """The events as lines, with names from the plan's class list."""
        return event_lines(self.events, plan.roster)


def analyse(
    source: Source,
    plan: LessonPlan,
    recogniser: Recogniser,
    wall: datetime,
    on_progress: Callable[[float], None] = lambda _position_s: None,
) -> Analysis:
    """Hear a whole recording.

    Args:
        source: a recording; closed by the caller.
        plan: language, class list, target and mode; in ``silent`` mode no cue is decided.
        recogniser: an inline one, so that every decision falls on the audio clock.
        wall: wall time at which the lesson began.
        on_progress: called about once per second of sound with the position.
    """
    pipeline = Pipeline(plan.listener(recogniser), Cueing(CuePolicy(plan.mode, plan.target_s)))
    events: list[LessonEvent] = [plan.started(wall)]
    position_s, told_s = 0.0, 0.0
    for item in source.items():
        for step in pipeline.feed(item):
            events += step.events
            position_s = step.position_s
        if position_s - told_s >= _PROGRESS_EVERY_S:
            told_s = position_s
            on_progress(position_s)
    for step in pipeline.finish():
        events += step.events
        position_s = step.position_s
    events.append(LessonEnded(t=position_s, reason="end_of_recording"))
    return Analysis(tuple(events), round(position_s * SAMPLE_RATE) / SAMPLE_RATE)
