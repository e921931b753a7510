"""Short hands for writing down a lesson event by event, times in seconds."""

from __future__ import annotations

from lesson.episodes import Episode, Order, build_episodes
from lesson.events import (
    Ender,
    LessonEnded,
    LessonEvent,
    Name,
    NamePosition,
    NameRole,
    Pause,
    PauseOutcome,
    Question,
    QuestionForm,
    Source,
    Turn,
)

END = LessonEnded(t=120, reason="button")


def question(
    t: float,
    t_end: float,
    form: QuestionForm = QuestionForm.OPEN,
    arms: bool = True,
    **more: object,
) -> Question:
    return Question.model_validate(
        {"t": t, "t_end": t_end, "form": form, "arms": arms, "probability": 0.9, **more}
    )


def pause(
    t: float,
    t_end: float | None,
    ended_by: Ender | None = None,
    outcome: PauseOutcome = PauseOutcome.MEASURED,
    **more: object,
) -> Pause:
    return Pause.model_validate(
        {"t": t, "t_end": t_end, "ended_by": ended_by, "outcome": outcome, "reason": "test", **more}
    )


def call(
    t: float,
    pupil: str | None = "p07",
    t_end: float | None = None,
    position: NamePosition = NamePosition.ALONE,
    role: NameRole = NameRole.CALL,
) -> Name:
    return Name(
        t=t,
        t_end=round(t + 0.4, 3) if t_end is None else t_end,
        pupil=pupil,
        role=role,
        position=position,
        probability=0.9,
    )


def turn(
    t: float, t_end: float, source: Source = Source.PUPIL, speech_s: float | None = None
) -> Turn:
    return Turn(
        t=t, t_end=t_end, source=source, speech_s=t_end - t if speech_s is None else speech_s
    )


def only(*events: LessonEvent, target_s: float | None = None) -> Episode:
    """The one episode of these events."""
    episodes = build_episodes(events, target_s)
    assert 1 == len(episodes)
    return episodes[0]


def orders(*events: LessonEvent) -> list[Order | None]:
    return [episode.order for episode in build_episodes(events)]
