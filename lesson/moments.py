"""The moments at which something happens to an episode, drawn from the events in order of time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from lesson.draft import gap_s
from lesson.events import (
    Ender,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Name,
    NameRole,
    Pause,
    PauseOutcome,
    Question,
    Source,
    Turn,
)
from lesson.thresholds import ANSWER_S, MATCH_S, TIME_OUT_S


class What(IntEnum):
    """Kinds of moments, in the order in which those of the same millisecond are taken."""

    START = 0
    QUESTION = 1
    TEACHER_CONTINUES = 2
    SELF_ANSWER = 3
    WORK = 4
    NAME = 5
    PUPIL = 6
    PUPIL_BY_PAUSE = 7
    END = 8


@dataclass(frozen=True, slots=True)
class Moment:
    """Something at time ``t``; a pause's end carries the question before it."""

    t: float
    what: What
    event: LessonEvent
    question: Question | None = None

    @property
    def choral(self) -> bool:
        """A pause that many voices ended."""
        return isinstance(self.event, Pause) and self.event.ended_by is Ender.CHORAL


def match_pauses(events: Sequence[LessonEvent]) -> dict[Question, Pause]:
    """The pause after each arming question: the nearest that starts within 0.5 s of its end.

    They are matched by time because a person may have moved one of the two. A retracted pause
    was a hesitation and belongs to nothing.
    """
    questions = sorted(
        (event for event in events if isinstance(event, Question) and event.arms),
        key=lambda question: question.t_end,
    )
    ends = [question.t_end for question in questions]
    matches: dict[Question, Pause] = {}
    for pause in events:
        if not isinstance(pause, Pause) or pause.outcome is PauseOutcome.RETRACTED:
            continue
        near = bisect_left(ends, pause.t)
        candidates = questions[max(near - 1, 0) : near + 1]
        if not candidates:
            continue
        question = min(candidates, key=lambda candidate: abs(gap_s(candidate.t_end, pause.t)))
        distance = abs(gap_s(question.t_end, pause.t))
        known = matches.get(question)
        if distance <= MATCH_S and (
            known is None or distance < abs(gap_s(question.t_end, known.t))
        ):
            matches[question] = pause
    return matches


def moments(events: Sequence[LessonEvent], pauses: dict[Question, Pause]) -> list[Moment]:
    """All moments in order of time."""
    found = [moment for event in events for moment in _of_event(event)]
    found += [moment for question, pause in pauses.items() for moment in _of_pause(question, pause)]
    found.sort(key=lambda moment: (moment.t, moment.what))
    return found


def _of_event(event: LessonEvent) -> Iterator[Moment]:
    if isinstance(event, Question) and event.arms:
        yield Moment(event.t, What.QUESTION, event)
    elif isinstance(event, Name) and event.role is NameRole.CALL:
        yield Moment(event.t, What.NAME, event)
    elif isinstance(event, Turn) and is_pupil_speech(event):
        yield Moment(event.t, What.PUPIL, event)
    elif isinstance(event, LessonStarted):
        yield Moment(event.t, What.START, event)
    elif isinstance(event, LessonEnded):
        yield Moment(event.t, What.END, event)


def _of_pause(question: Question, pause: Pause) -> Iterator[Moment]:
    if pause.t_end is None or pause.ended_by in (Ender.TIMEOUT, Ender.LESSON_END):
        return
    t = max(pause.t_end, question.t_end)
    if pause.outcome is PauseOutcome.CENSORED:
        if gap_s(question.t_end, t) <= TIME_OUT_S:
            yield Moment(t, What.WORK, pause, question)
    elif pause.ended_by in (Ender.PUPIL, Ender.CHORAL):
        yield Moment(t, What.PUPIL_BY_PAUSE, pause, question)
    elif pause.ended_by is Ender.SELF_ANSWER:
        yield Moment(t, What.SELF_ANSWER, pause, question)
    elif pause.outcome is PauseOutcome.MEASURED:
        yield Moment(t, What.TEACHER_CONTINUES, pause, question)


def is_pupil_speech(turn: Turn) -> bool:
    """Whether a turn may be an answer: a pupil or many, for at least 0.30 s."""
    return turn.source in (Source.PUPIL, Source.MANY) and turn.speech_s >= ANSWER_S


def end_of(event: LessonEvent) -> float:
    """The last moment that an event knows of: its end, or its only time."""
    end = getattr(event, "t_end", None)
    return event.t if end is None else max(event.t, float(end))
