"""Any list of events whatever, for hypothesis: nothing in it needs to make sense."""

from __future__ import annotations

from hypothesis import strategies as st
from spoken import call, pause, question, turn

from lesson.events import (
    Correction,
    Ender,
    Health,
    HealthPart,
    HealthState,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Mark,
    NamePosition,
    NameRole,
    PauseOutcome,
    QuestionForm,
    Source,
)

#: Tenths of seconds: close together, so that events touch, overlap and coincide.
TIMES = st.integers(0, 900).map(lambda tenths: tenths / 10)
LENGTHS = st.integers(0, 60).map(lambda tenths: tenths / 10)
PUPILS = st.none() | st.sampled_from(["p01", "p02", "p03"])


def _later(t: float, length: float) -> float:
    return round(t + length, 3)


def _started(t: float, target_s: float, roster_size: int) -> LessonStarted:
    return LessonStarted.model_validate(
        {
            "t": t,
            "wall": "2026-11-16T08:30:00+00:00",
            "clock_synchronised": True,
            "mode": "cue",
            "language": "nl",
            "target_s": target_s,
            "roster_size": roster_size,
            "recogniser": "demo",
            "software": "0.1.0",
        }
    )


QUESTIONS = st.builds(
    lambda t, length, form, arms: question(t, _later(t, length), form, arms),
    TIMES,
    LENGTHS,
    st.sampled_from(QuestionForm),
    st.booleans(),
)
PAUSES = st.builds(
    lambda t, length, ended_by, outcome, net_s: pause(
        t, None if length is None else _later(t, length), ended_by, outcome, net_s=net_s
    ),
    TIMES,
    st.none() | st.integers(0, 200).map(lambda tenths: tenths / 10),
    st.none() | st.sampled_from(Ender),
    st.sampled_from(PauseOutcome),
    st.none() | LENGTHS,
)
NAMES = st.builds(
    lambda t, pupil, length, position, role: call(t, pupil, _later(t, length), position, role),
    TIMES,
    PUPILS,
    LENGTHS,
    st.sampled_from(NamePosition),
    st.sampled_from(NameRole),
)
TURNS = st.builds(
    lambda t, length, source: turn(t, _later(t, length), source),
    TIMES,
    LENGTHS,
    st.sampled_from(Source),
)
OTHERS: st.SearchStrategy[LessonEvent] = st.one_of(
    st.builds(lambda t: LessonEnded(t=t, reason="button"), TIMES),
    st.builds(_started, TIMES, st.floats(2, 10), st.integers(0, 4)),
    st.builds(lambda t: Mark(t=t, by="trainer", label="deliberate_name_first"), TIMES),
    st.builds(
        lambda t, state: Health(t=t, part=HealthPart.MICROPHONE, state=state),
        TIMES,
        st.sampled_from(HealthState),
    ),
)


def _asked(t: float, length: float, wait: float, ended_by: Ender) -> list[LessonEvent]:
    """A question with its pause, and the name or answer that ends it."""
    asked, next_on = _later(t, length), _later(t, length + wait)
    events: list[LessonEvent] = [question(t, asked), pause(asked, next_on, ended_by)]
    if ended_by is Ender.NAME:
        events.append(call(next_on))
    if ended_by in (Ender.NAME, Ender.PUPIL):
        answer_on = _later(next_on, 1.0 if ended_by is Ender.NAME else 0.0)
        events += [
            turn(answer_on, answer_on + 2),
            turn(answer_on + 3, answer_on + 4, Source.TEACHER),
        ]
    return events


EPISODES = st.builds(_asked, TIMES, LENGTHS, LENGTHS, st.sampled_from(Ender))
PLAIN_EVENTS: st.SearchStrategy[list[LessonEvent]] = st.builds(
    lambda episodes, singles: [event for episode in episodes for event in episode] + singles,
    st.lists(EPISODES, max_size=6),
    st.lists(st.one_of(QUESTIONS, PAUSES, NAMES, TURNS, OTHERS), max_size=12),
)


def identifier(number: int) -> str:
    return f"{7:016x}-{number:06d}"


CORRECTIONS = st.builds(
    lambda target, event, t: Correction(
        t=t,
        action="add" if target is None else "replace" if event is not None else "remove",
        target=None if target is None else identifier(target),
        event=event if event is not None or target is not None else call(t),
        by="trainer",
    ),
    st.none() | st.integers(0, 40),
    st.none() | QUESTIONS | NAMES | TURNS | PAUSES,
    TIMES,
)
#: A whole log with ids, corrections among it.
LOGS: st.SearchStrategy[list[tuple[str | None, LessonEvent]]] = st.builds(
    lambda events, corrections: [
        (identifier(number), event) for number, event in enumerate([*events, *corrections])
    ],
    PLAIN_EVENTS,
    st.lists(CORRECTIONS, max_size=8),
)
