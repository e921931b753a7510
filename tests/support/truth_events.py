"""The events of a lesson as a flawless device would send them, from the lesson's truth."""

from __future__ import annotations

from typing import Any

from spoken import call, pause, question, turn

from lesson.events import LessonEnded, LessonEvent, PauseOutcome, QuestionForm, Source
from lesson.thresholds import ANSWER_S


def truth_events(truth: dict[str, Any]) -> list[LessonEvent]:
    """Questions, pauses, names, pupils' turns and the end; teacher turns are left out."""
    events: list[LessonEvent] = []
    pupils: dict[str, str] = {}
    for name in truth["names"]:
        alias = pupils.setdefault(name["name"], f"p{len(pupils) + 1:02}")
        if name["role"].startswith("call"):
            events.append(call(name["start_s"], alias, name["end_s"]))
    for said in truth["utterances"]:
        long_enough = said["end_s"] - said["start_s"] >= ANSWER_S
        if said["speaker"] != "teacher" and long_enough:
            events.append(turn(said["start_s"], said["end_s"], Source.PUPIL))
    details = {each["utterance"]: each for each in truth.get("denkpauze", {}).get("questions", ())}
    for asked in truth["questions"]:
        events += _question_and_pause(asked, details.get(asked["utterance"], {}))
    return [*events, LessonEnded(t=truth["duration_s"], reason="end_of_recording")]


def _question_and_pause(asked: dict[str, Any], detail: dict[str, Any]) -> list[LessonEvent]:
    open_or_check = "open" if asked["question_type"] == "open" else "check"
    heard = question(
        asked["start_s"],
        asked["end_s"],
        QuestionForm(detail.get("form", open_or_check)),
        detail.get("arms", True),
    )
    prompts = tuple(tuple(prompt) for prompt in detail.get("prompts", ()))
    if prompts:  # a think prompt does not end a pause, though it is the next speech
        end, ended_by = asked["end_s"] + detail["pause_s"], "name"
    elif asked["next_speech_s"] is not None:
        end, ended_by = asked["next_speech_s"], asked["ended_by"]
    else:
        return [heard]
    return [
        heard,
        pause(asked["end_s"], end, ended_by, PauseOutcome.MEASURED, prompts=prompts),
    ]
