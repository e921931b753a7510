"""The truth of a rendered lesson, in the format of the test lessons (docs/data.md).

Our own additions stand under the key ``denkpauze``: the codes of definition B3, think prompts,
net silence and the situations each question stands for.
"""

from __future__ import annotations

from typing import Any

from tools.demo_lesson.codes import additions
from tools.demo_lesson.render import Rendering
from tools.demo_lesson.script import TEACHER, Script
from tools.demo_lesson.timeline import Placed, PlacedNoise, Span
from tools.demo_lesson.voice import SAMPLE_RATE

Json = dict[str, Any]

#: A first question restated sooner than this may be missed without cost.
_OPTIONAL_BELOW_S = 0.8
_CALL_ROLES = {
    "name_call": "call",
    "question_name_last": "call_in_question_last",
    "name_first_question": "call_in_question_first",
}
#: The test lessons know two roles of a name that gives no turn.
_OTHER_ROLES = {"mention": "mention", "thanks": "address", "reprimand": "address"}
_SUBTYPES = {"meta": "comprehension"}


def seconds(sample: int) -> float:
    """Samples to seconds, rounded to the millisecond."""
    return round(sample / SAMPLE_RATE, 3)


def _bounds(span: Span) -> Json:
    return {"start_s": seconds(span.start), "end_s": seconds(span.end)}


def _subtype(placed: Placed) -> str | None:
    if placed.turn.form is None:
        return None
    closed = "closed" if placed.turn.question_type == "check" else "open"
    return _SUBTYPES.get(placed.turn.form, closed)


def _utterance(number: int, placed: Placed, lang: str, level_db: float) -> Json:
    turn = placed.turn
    teacher = turn.speaker == TEACHER
    data: Json = {
        "id": number,
        "speaker": TEACHER if teacher else f"pupil:{turn.speaker.lower()}",
        "text": turn.displayed,
        **_bounds(placed.span),
        "kind": turn.kind,
        "question_type": turn.question_type,
        "subtype": _subtype(placed),
        "name": turn.name,
        "lang": lang,
    }
    if not teacher:
        data["level_db"] = level_db
    if placed.turn.is_question:
        data["question_end_s"] = seconds(placed.question_end)
    if placed.name is not None:
        data["name_start_s"] = seconds(placed.name.start)
        data["name_end_s"] = seconds(placed.name.end)
    if placed.hesitation is not None:
        data["hesitations"] = [{**_bounds(placed.hesitation), "filler": turn.filler}]
    return data


def _name(number: int, placed: Placed) -> Json:
    turn = placed.turn
    role = _CALL_ROLES.get(turn.kind) or _OTHER_ROLES[str(turn.name_role)]
    return {
        "name": turn.name,
        "role": role,
        "utterance": number,
        **_bounds(placed.name or placed.span),
        "exact": placed.name is not None,
    }


def _ended_by(placed: Placed, following: Placed | None) -> str:
    if placed.turn.kind == "question_name_last":
        return "name"
    if following is None:
        return "lesson_end"
    if following.turn.speaker != TEACHER:
        return "pupil"
    return {"name_call": "name", "self_answer": "self_answer"}.get(
        following.turn.kind, "teacher_continues"
    )


def _order(placed: Placed, name: str | None) -> str:
    if placed.turn.kind == "name_first_question":
        return "name_first"
    return "no_name" if name is None else "question_first"


def _name_given(placed: Placed, rest: list[Placed]) -> str | None:
    """The pupil who gets this question; a think prompt between question and name is skipped."""
    if placed.turn.name is not None:
        return placed.turn.name
    after = next((other for other in rest if not other.turn.prompt), None)
    return after.turn.name if after is not None and after.turn.kind == "name_call" else None


def _question(number: int, line: list[Placed], noises: list[PlacedNoise]) -> Json:
    placed, rest = line[number], line[number + 1 :]
    following = rest[0] if rest else None
    ended_by = _ended_by(placed, following)
    end = placed.question_end
    onset = following.span.start if following else None
    if placed.turn.kind == "question_name_last" and placed.name is not None:
        onset = placed.name.start
    inside = [n for n in noises if onset is not None and end <= n.span.start < onset]
    voices = [n.span.start for n in inside if n.kind == "whisper"]
    wait_s = None if onset is None else seconds(onset - end)
    name = _name_given(placed, rest)
    restated = following is not None and following.turn.kind == "rephrase"
    return {
        "utterance": number,
        "start_s": seconds(placed.span.start),
        "end_s": seconds(end),
        "text": placed.turn.displayed,
        "question_type": placed.turn.question_type,
        "subtype": _subtype(placed),
        "order": _order(placed, name),
        "name": name,
        "next_speech_s": None if onset is None else seconds(onset),
        "wait_s": wait_s,
        "wait_any_voice_s": None if onset is None else seconds(min([onset, *voices]) - end),
        "ended_by": ended_by,
        "pause_events": [noise.kind for noise in inside],
        "optional": restated and wait_s is not None and wait_s < _OPTIONAL_BELOW_S,
    }


def truth(script: Script, rendering: Rendering) -> Json:
    """Everything that happens in the lesson, as plain data ready for JSON."""
    line, noises = rendering.timeline.placed, rendering.timeline.noises
    numbers = [n for n, placed in enumerate(line) if placed.turn.is_question]
    questions = [_question(number, line, noises) for number in numbers]
    pauses = [(q["end_s"], q["next_speech_s"]) for q in questions if q["next_speech_s"]]
    voice = script.voices[TEACHER]
    return {
        "scene": script.lesson.scene,
        "split": "demo",
        "title": script.lesson.title,
        "duration_s": round(rendering.duration_s, 3),
        "lang": script.lesson.lang,
        "seed": script.lesson.seed,
        "sample_rate": SAMPLE_RATE,
        "class_names": list(script.roster.names),
        "teacher_voice": f"espeak:{voice.voice}:{voice.words_per_minute}:{voice.pitch}",
        "human_teacher": False,
        "rt60_s": script.room.reverberation_s,
        "noise": [[kind, value] for kind, value in rendering.snr_db.items() if kind != "total"],
        "conditions": "clip microphone, quiet class, synthetic voices",
        "questions": questions,
        "names": [_name(n, placed) for n, placed in enumerate(line) if placed.turn.name],
        "utterances": [
            _utterance(n, placed, script.lesson.lang, _level_db(script, placed))
            for n, placed in enumerate(line)
        ],
        "events": [
            {
                "kind": noise.kind,
                **_bounds(noise.span),
                "level_db": noise.level_db,
                "in_think_pause": any(
                    start <= seconds(noise.span.start) < end for start, end in pauses
                ),
            }
            for noise in sorted(noises, key=lambda noise: noise.span.start)
        ],
        "denkpauze": additions(script, rendering),
    }


def _level_db(script: Script, placed: Placed) -> float:
    own = placed.turn.level_db
    return script.voices[placed.turn.speaker].level_db if own is None else own
