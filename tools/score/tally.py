"""Counts and differences of one lesson; tallies of several lessons add up.

An event is a JSON object with ``type`` ``question``, ``pause``, ``name`` or ``cue`` and times in
seconds of the recording, as written by ``denkpauze analyse``; docs/data.md describes the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from tools.score.rules import (
    Json,
    cue_times,
    pair_calls,
    pair_lights,
    pair_questions,
    pair_ticks,
)

_TEACHER_ENDERS = frozenset({"teacher_continues", "self_answer"})


@dataclass(slots=True)
class Tally:
    """What was true, what was found, and how far apart they are in seconds (found minus true)."""

    minutes: float = 0.0
    questions_true: int = 0
    #: true questions found, optional ones left out
    questions_found: int = 0
    #: true questions found, optional ones among them
    questions_matched: int = 0
    questions_system: int = 0
    end_errors_s: list[float] = field(default_factory=list)
    waits_true: int = 0
    wait_errors_s: list[float] = field(default_factory=list)
    types_given: int = 0
    types_right: int = 0
    enders_given: int = 0
    enders_right: int = 0
    #: right when going on and giving the answer count as one
    enders_pooled_right: int = 0
    ender_confusion: Counter[str] = field(default_factory=Counter)
    orders_given: int = 0
    orders_right: int = 0
    order_confusion: Counter[str] = field(default_factory=Counter)
    names_true: int = 0
    names_found: int = 0
    #: name events, those on a mention or reprimand left out
    names_system: int = 0
    led_on: int = 0
    led_latencies_s: list[float] = field(default_factory=list)
    led_false: int = 0
    ticks: int = 0
    ticks_due: int = 0
    #: of questions other than those that check understanding, for which no light is meant to come
    ticks_due_lit: int = 0
    ticks_kept_lit: int = 0
    tick_errors_s: list[float] = field(default_factory=list)
    ticks_false: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)}
        )


def tally(
    truth: Json, events: Sequence[Json], tolerance_s: float = 0.5, latency_s: float = 1.5
) -> Tally:
    """Compare the events of one lesson with its truth.

    A question is found when its end lies within ``tolerance_s`` of a true end. A light belongs to
    a question when it came on at most ``latency_s`` after its end.

    Raises:
        KeyError: an event lacks a field that its type must have.
    """
    counts = Tally(minutes=truth["duration_s"] / 60)
    _questions(counts, truth["questions"], events, tolerance_s)
    _names(counts, truth["names"], events)
    _lights(counts, truth["questions"], cue_times(events, "led_on"), latency_s)
    _ticks(counts, truth["questions"], cue_times(events, "tick"))
    return counts


def _questions(
    counts: Tally, questions: Sequence[Json], events: Sequence[Json], tolerance_s: float
) -> None:
    found = [event for event in events if event["type"] == "question"]
    pauses = [event for event in events if event["type"] == "pause"]
    paired = pair_questions(questions, found, tolerance_s)
    needed = [i for i, question in enumerate(questions) if not question.get("optional")]
    counts.questions_true = len(needed)
    counts.questions_found = sum(i in paired for i in needed)
    counts.questions_matched = len(paired)
    counts.questions_system = len(found)
    for i, j in paired.items():
        pause = _pause_after(found[j]["t_end"], pauses, tolerance_s)
        _one_question(counts, questions[i], found[j], pause)


def _pause_after(end_s: float, pauses: Sequence[Json], tolerance_s: float) -> Json:
    near = [pause for pause in pauses if abs(pause["t_start"] - end_s) <= tolerance_s]
    return min(near, key=lambda pause: abs(pause["t_start"] - end_s)) if near else {}


def _one_question(counts: Tally, true: Json, event: Json, pause: Json) -> None:
    counts.end_errors_s.append(event["t_end"] - true["end_s"])
    if true["wait_s"] is not None:
        counts.waits_true += 1
        if "wait_s" in event:
            wait_s = event["wait_s"]
        else:
            ends = pause.get("t_end")
            wait_s = None if ends is None else ends - pause["t_start"]
        if wait_s is not None:
            counts.wait_errors_s.append(wait_s - true["wait_s"])
    if event.get("qtype"):
        counts.types_given += 1
        counts.types_right += event["qtype"] == true["question_type"]
    ender = event.get("ended_by", pause.get("ended_by"))
    if ender:
        counts.enders_given += 1
        counts.enders_right += ender == true["ended_by"]
        counts.enders_pooled_right += _pooled(ender) == _pooled(true["ended_by"])
        counts.ender_confusion[f"{true['ended_by']} -> {ender}"] += 1
    if event.get("order"):
        counts.orders_given += 1
        counts.orders_right += event["order"] == true["order"]
        counts.order_confusion[f"{true['order']} -> {event['order']}"] += 1


def _pooled(ender: str) -> str:
    return "teacher" if ender in _TEACHER_ENDERS else ender


def _names(counts: Tally, names: Sequence[Json], events: Sequence[Json]) -> None:
    calls = pair_calls(names, [event for event in events if event["type"] == "name"])
    counts.names_true = len(calls.true)
    counts.names_found = len(calls.true) - len(calls.missed)
    counts.names_system = counts.names_found + len(calls.invented)


def _lights(
    counts: Tally, questions: Sequence[Json], lights: Sequence[float], latest_s: float
) -> None:
    paired = pair_lights(questions, lights, latest_s)
    counts.led_on = len(lights)
    counts.led_latencies_s = [lights[i] - questions[j]["end_s"] for i, j in paired.items()]
    counts.led_false = len(lights) - len(paired)


def _ticks(counts: Tally, questions: Sequence[Json], ticks: Sequence[float]) -> None:
    due, paired = pair_ticks(questions, ticks)
    lit = {i for i in due if questions[i].get("subtype") != "comprehension"}
    counts.ticks = len(ticks)
    counts.ticks_due = len(due)
    counts.ticks_due_lit = len(lit)
    counts.ticks_kept_lit = len(lit & paired.keys())
    counts.tick_errors_s = [ticks[j] - due[i] for i, j in paired.items()]
    counts.ticks_false = len(ticks) - len(paired)
