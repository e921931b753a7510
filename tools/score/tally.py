"""Counts and differences of one lesson; tallies of several lessons add up.

An event is a JSON object with ``type`` ``question``, ``pause``, ``name`` or ``cue`` and times in
seconds of the recording, as written by ``denkpauze analyse``; docs/data.md describes the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from tools.score.matching import nearest_first

Json = dict[str, Any]

NAME_TOLERANCE_S = 0.6
NEUTRAL_MARGIN_S = 0.5
LED_EARLY_S = 0.3
TICK_AFTER_S = 3.0
TICK_TOLERANCE_S = 1.0

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
    _names(counts, truth["names"], [e for e in events if e["type"] == "name"])
    cues = [event for event in events if event["type"] == "cue"]
    lights = sorted(cue["t"] for cue in cues if cue["cue"] == "led_on")
    _lights(counts, [question["end_s"] for question in truth["questions"]], lights, latency_s)
    ticks = sorted(cue["t"] for cue in cues if cue["cue"] == "tick")
    _ticks(counts, truth["questions"], ticks)
    return counts


def _questions(
    counts: Tally, questions: Sequence[Json], events: Sequence[Json], tolerance_s: float
) -> None:
    found = [event for event in events if event["type"] == "question"]
    pauses = [event for event in events if event["type"] == "pause"]
    paired = nearest_first(
        [question["end_s"] for question in questions],
        [event["t_end"] for event in found],
        tolerance_s,
    )
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
    if event.get("order"):
        counts.orders_given += 1
        counts.orders_right += event["order"] == true["order"]
        counts.order_confusion[f"{true['order']} -> {event['order']}"] += 1


def _pooled(ender: str) -> str:
    return "teacher" if ender in _TEACHER_ENDERS else ender


def _names(counts: Tally, names: Sequence[Json], found: Sequence[Json]) -> None:
    calls = [name for name in names if name["role"].startswith("call")]
    others = [name for name in names if not name["role"].startswith("call")]
    free = set(range(len(calls)))
    neutral = 0
    for event in sorted(found, key=lambda event: event["t_start"]):
        said, t = str(event.get("name", "")).lower(), event["t_start"]
        near = [
            (abs(calls[i]["start_s"] - t), i)
            for i in free
            if calls[i]["name"].lower() == said and abs(calls[i]["start_s"] - t) <= NAME_TOLERANCE_S
        ]
        if near:
            free.remove(min(near)[1])
        elif any(
            other["start_s"] - NEUTRAL_MARGIN_S <= t <= other["end_s"] + NEUTRAL_MARGIN_S
            for other in others
        ):
            neutral += 1
    counts.names_true = len(calls)
    counts.names_found = len(calls) - len(free)
    counts.names_system = len(found) - neutral


def _lights(
    counts: Tally, ends_s: Sequence[float], lights: Sequence[float], latency_s: float
) -> None:
    counts.led_on = len(lights)
    free = set(range(len(ends_s)))
    for t in lights:
        near = [(abs(t - ends_s[i]), i) for i in free if -LED_EARLY_S <= t - ends_s[i] <= latency_s]
        if near:
            question = min(near)[1]
            free.remove(question)
            counts.led_latencies_s.append(t - ends_s[question])
        else:
            counts.led_false += 1


def _ticks(counts: Tally, questions: Sequence[Json], ticks: Sequence[float]) -> None:
    due = [
        question["end_s"] + TICK_AFTER_S
        for question in questions
        if question["wait_s"] is not None and question["wait_s"] >= TICK_AFTER_S
    ]
    paired = nearest_first(due, ticks, TICK_TOLERANCE_S)
    counts.ticks = len(ticks)
    counts.ticks_due = len(due)
    counts.tick_errors_s = [ticks[j] - due[i] for i, j in paired.items()]
    counts.ticks_false = len(ticks) - len(paired)
