"""Events as plain lines, for a log or a terminal that cannot draw: one line per event."""

from __future__ import annotations

from collections.abc import Mapping

from device.texts import Language, number, seconds, text
from lesson.events import (
    Correction,
    Cue,
    Ender,
    Feedback,
    Health,
    HealthPart,
    HealthState,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Mark,
    Name,
    Pause,
    PauseOutcome,
    Question,
    QuestionForm,
    Signal,
    Turn,
)

_ASIDE_FORMS = (
    QuestionForm.TAG,
    QuestionForm.META,
    QuestionForm.PROCEDURAL,
    QuestionForm.RHETORICAL,
)


def line(event: LessonEvent, language: Language, names: Mapping[str, str] | None = None) -> str:
    """One event in one line, such as «  12,3 s  denkpauze 3,2 s → naam».

    Args:
        names: names to show for aliases; only for the teacher's own screen.
    """
    return f"{number(language, event.t):>7} s  {_words(event, language, names or {})}"


def _words(event: LessonEvent, language: Language, names: Mapping[str, str]) -> str:
    match event:
        case Question():
            return _question(event, language)
        case Pause():
            return _pause(event, language)
        case Name():
            return _name(event, language, names)
        case Turn():
            what = text(language, f"source.{event.source.value}")
            return text(
                language,
                "line.turn",
                what=what,
                seconds=seconds(language, max(0.0, event.t_end - event.t)),
            )
        case Feedback():
            specific = text(language, "feedback.specific" if event.specific else "feedback.general")
            positive = text(
                language, "feedback.positive" if event.positive else "feedback.negative"
            )
            return text(language, "line.feedback", what=f"{specific}, {positive}")
        case Cue():
            return _cue(event, language)
        case _:
            return _device(event, language)


def _question(event: Question, language: Language) -> str:
    if event.arms:
        what = text(language, f"focus.{'unsure' if event.focus is None else event.focus.value}")
        return text(language, "line.question", what=what)
    form = event.form.value if event.form in _ASIDE_FORMS else "other"
    return text(language, "line.question_aside", what=text(language, f"form.{form}"))


def _pause(event: Pause, language: Language) -> str:
    if event.outcome is not PauseOutcome.MEASURED:
        return text(language, f"line.pause_{event.outcome.value}")
    if event.t_end is None:
        return text(language, "line.pause_endless")
    key = "line.denkpauze" if event.ended_by is Ender.NAME else "line.wait"
    ended_by = "timeout" if event.ended_by is None else event.ended_by.value
    length = seconds(language, max(0.0, event.t_end - event.t))
    return text(language, key, seconds=length, what=text(language, f"ender.{ended_by}"))


def _name(event: Name, language: Language, names: Mapping[str, str]) -> str:
    pupil = (
        text(language, "pupil.unknown")
        if event.pupil is None
        else names.get(event.pupil, event.pupil)
    )
    return text(language, "line.name", pupil=pupil, what=text(language, f"role.{event.role.value}"))


def _cue(event: Cue, language: Language) -> str:
    waited = seconds(language, max(0.0, event.t - event.question_end))
    what = {
        Signal.WAIT: text(language, "light.wait"),
        Signal.GO: text(language, "light.go", target=waited),
        Signal.OFF: text(language, "light.off"),
    }[event.signal]
    return text(language, "line.cue", what=what)


def _device(
    event: LessonStarted | LessonEnded | Mark | Health | Correction, language: Language
) -> str:
    match event:
        case LessonStarted():
            mode = text(language, f"mode.{event.mode.value}")
            target = seconds(language, event.target_s)
            return text(language, "line.started", mode=mode, seconds=target)
        case LessonEnded():
            return text(language, "line.ended")
        case Mark():
            deliberate = event.label == "deliberate_name_first"
            return text(language, "line.mark_deliberate" if deliberate else "line.mark")
        case Health(part=HealthPart.RECOGNISER, state=HealthState.OVERFLOW):
            return text(language, "words.behind")
        case Health():
            part = text(language, f"health.{event.part.value}")
            state = text(language, f"state.{event.state.value}")
            return text(language, "line.health", part=part, state=state)
        case Correction():
            return text(language, "line.correction")
