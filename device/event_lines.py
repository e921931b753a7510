"""Events as lines for people and scorers: one JSON object a line, times in seconds.

A question carries its pause and its order, because that is how a coach thinks of it. ``wait_s``
runs to the next lexical speech of anybody, a think prompt included; ``wait_time_1_s`` and
``pause_s`` follow the definitions (docs/definitions.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from device.roster import Roster
from lesson.episodes import Episode, Order, build_episodes
from lesson.events import (
    Cue,
    Ender,
    Feedback,
    Health,
    LessonEvent,
    Mark,
    Name,
    Pause,
    PauseOutcome,
    Question,
    Signal,
    Turn,
)

#: The scorer's vocabulary is smaller than ours.
_ENDED_BY = {
    Ender.NAME: "name",
    Ender.PUPIL: "pupil",
    Ender.CHORAL: "pupil",
    Ender.TEACHER_CONTINUES: "teacher_continues",
    Ender.REPHRASE: "teacher_continues",
    Ender.SELF_ANSWER: "self_answer",
    Ender.LESSON_END: "lesson_end",
}
_CUES = {Signal.WAIT: "led_on", Signal.GO: "tick", Signal.OFF: "off"}

Line = dict[str, Any]


def event_lines(events: Sequence[LessonEvent], roster: Roster) -> list[Line]:
    """All events as plain objects, in order of time.

    Names are those of the class list given here: the file stays with the teacher.
    """
    pauses = {event.t: event for event in events if isinstance(event, Pause)}
    episodes = {
        question.t_end: episode
        for episode in build_episodes(events)
        for question in (*episode.questions, *episode.addressed)
    }
    lines: list[Line] = []
    for event in events:
        if isinstance(event, Question):
            pause, episode = pauses.get(event.t_end), episodes.get(event.t_end)
            lines.append(_question(event, pause, episode, roster))
        else:
            lines += _other(event, roster)
    return sorted(
        lines, key=lambda line: float(line["t_start"] if "t_start" in line else line["t"])
    )


def to_jsonl(lines: Iterable[Line]) -> str:
    """One object a line."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _question(
    question: Question, pause: Pause | None, episode: Episode | None, roster: Roster
) -> Line:
    line: Line = {
        "type": "question",
        "t_start": question.t,
        "t_end": question.t_end,
        "form": question.form.value,
        "arms": question.arms,
        "probability": question.probability,
        "order": "no_name",
    }
    if question.focus is not None:
        line["qtype"] = question.focus.value
    if question.snr_db is not None:
        line["snr_db"] = question.snr_db
    if pause is not None:
        line |= _pause(pause)
    last_question = episode is None or not episode.questions or question is episode.questions[-1]
    if episode is not None and last_question:
        line |= _episode(episode, roster)
    if episode is not None and episode.order is Order.NQ:
        line["order"] = "name_first"
    elif line.get("ended_by") == "name" or (episode and last_question and _named_after(episode)):
        line["order"] = "question_first"
    return line


def _pause(pause: Pause) -> Line:
    line: Line = {"outcome": pause.outcome.value, "reason": pause.reason}
    if pause.prompts:
        line["wait_s"] = round(pause.prompts[0][0] - pause.t, 3)
        line["ended_by"] = "teacher_continues"
    elif pause.outcome is PauseOutcome.MEASURED and pause.t_end is not None:
        line["wait_s"] = round(pause.t_end - pause.t, 3)
    if pause.ended_by in _ENDED_BY and "ended_by" not in line:
        line["ended_by"] = _ENDED_BY[pause.ended_by]
    return line


def _episode(episode: Episode, roster: Roster) -> Line:
    line: Line = {
        "code": episode.order.value if episode.order else None,
        "pause_s": episode.denkpauze_gross_s,
        "pause_net_s": episode.denkpauze_net_s,
        "wait_time_1_s": episode.wait_time_1_s,
        "answer_time_s": episode.answer_time_s,
        "flags": [flag.value for flag in episode.flags],
    }
    if episode.name is not None and episode.name.pupil is not None:
        line["name"] = roster.name_of(episode.name.pupil)
    return {key: value for key, value in line.items() if value is not None}


def _named_after(episode: Episode) -> bool:
    return episode.order in (Order.QPN, Order.QN_SHORT, Order.QN_GLUED)


def _other(event: LessonEvent, roster: Roster) -> list[Line]:
    if isinstance(event, Name):
        name = roster.name_of(event.pupil) if event.pupil else None
        if name is None:
            return []
        return [_spoken("name", event, name=name, role=event.role, position=event.position)]
    if isinstance(event, Cue):
        return [{"type": "cue", "t": event.t, "cue": _CUES[event.signal]}]
    if isinstance(event, Turn):
        return [_spoken("turn", event, source=event.source, speech_s=event.speech_s)]
    if isinstance(event, Feedback):
        given = {"specific": event.specific, "positive": event.positive}
        return [_spoken("feedback", event, **given)]
    if isinstance(event, Health):
        return [{"type": "health", "t": event.t, "part": event.part, "state": event.state}]
    if isinstance(event, Mark):
        return [{"type": "mark", "t": event.t, "by": event.by, "label": event.label}]
    return []


def _spoken(kind: str, event: Name | Turn | Feedback, **more: object) -> Line:
    return {"type": kind, "t_start": event.t, "t_end": event.t_end, **more}
