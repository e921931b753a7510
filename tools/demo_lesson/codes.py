"""Order codes and pauses of the demo lesson by definitions B2 to B4 (docs/definitions.md)."""

from __future__ import annotations

from typing import Any

from lesson.events import ARMING_FORMS
from tools.demo_lesson.render import Rendering
from tools.demo_lesson.script import TEACHER, Script
from tools.demo_lesson.timeline import Placed
from tools.demo_lesson.voice import SAMPLE_RATE

Json = dict[str, Any]

#: How far below the target a pause still counts as kept.
TOLERANCE_S = 0.15
_GLUED_BELOW_S = 0.30
_STACKED_BELOW_S = 1.0


def _between(start: int, end: int) -> float:
    return round((end - start) / SAMPLE_RATE, 3)


def order_code(gap_s: float, target_s: float) -> str:
    """The code of a name called ``gap_s`` after the end of the question."""
    if gap_s < _GLUED_BELOW_S:
        return "QN_glued"
    return "QPN" if round(gap_s - (target_s - TOLERANCE_S), 6) >= 0 else "QN_short"


def _net_s(end: int, prompts: list[Placed], closes: int) -> float:
    edges = [end, *(edge for p in prompts for edge in (p.span.start, p.span.end)), closes]
    return max(_between(edges[i], edges[i + 1]) for i in range(0, len(edges), 2))


def _code(placed: Placed, after: Placed | None, gap_s: float | None, target_s: float) -> str | None:
    if placed.turn.form not in ARMING_FORMS or (after and after.turn.kind == "rephrase"):
        return None
    if placed.turn.kind == "name_first_question":
        return "NQ"
    if gap_s is not None:
        return order_code(gap_s, target_s)
    return "Q_vol" if after and after.turn.speaker != TEACHER else "Q_none"


def _question(number: int, line: list[Placed], target_s: float) -> Json:
    placed, rest = line[number], line[number + 1 :]
    prompts: list[Placed] = []
    while rest and rest[0].turn.prompt:
        prompts.append(rest.pop(0))
    after = rest[0] if rest else None
    name_on: int | None = None
    if placed.turn.kind == "question_name_last" and placed.name is not None:
        name_on = placed.name.start
    elif after is not None and after.turn.kind == "name_call":
        name_on = after.span.start
    end = placed.question_end
    closes = name_on if name_on is not None else after.span.start if after else None
    gap_s = None if name_on is None else _between(end, name_on)
    turn = placed.turn
    restates = turn.kind == "rephrase"
    since_s = _between(line[number - 1].question_end, placed.span.start) if restates else None
    return {
        "utterance": number,
        "form": turn.form,
        "arms": turn.form in ARMING_FORMS,
        "code": _code(placed, after, gap_s, target_s),
        "pause_s": None if closes is None else _between(end, closes),
        "pause_net_s": None if closes is None else _net_s(end, prompts, closes),
        "name_on_s": None if name_on is None else round(name_on / SAMPLE_RATE, 3),
        "prompts": [
            [round(p.span.start / SAMPLE_RATE, 3), round(p.span.end / SAMPLE_RATE, 3)]
            for p in prompts
        ],
        "stacked_on_previous": since_s is not None and since_s < _STACKED_BELOW_S,
        "rephrases_previous": since_s is not None and since_s >= _STACKED_BELOW_S,
        "self_answer": after is not None and after.turn.kind == "self_answer",
    }


def additions(script: Script, rendering: Rendering) -> Json:
    """What the test lessons do not hold, as plain data."""
    line, target_s = rendering.timeline.placed, script.lesson.target_s
    return {
        "target_s": target_s,
        "tolerance_s": TOLERANCE_S,
        "synthesizer": rendering.synthesizer,
        "snr_db": rendering.snr_db,
        "questions": [
            _question(number, line, target_s)
            for number, placed in enumerate(line)
            if placed.turn.is_question
        ],
        "names": [
            {"utterance": number, "name": placed.turn.name, "role": placed.turn.name_role or "call"}
            for number, placed in enumerate(line)
            if placed.turn.name
        ],
        "cases": [
            {"case": case, "utterance": number, "t": round(placed.span.start / SAMPLE_RATE, 3)}
            for number, placed in enumerate(line)
            for case in placed.turn.cases
        ],
    }
