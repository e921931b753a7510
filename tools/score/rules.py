"""What belongs to what: how events are put beside the truth, for counting and for listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.score.matching import nearest_first

Json = dict[str, Any]

#: how far apart found and true may lie
QUESTION_TOLERANCE_S = 0.5
NAME_TOLERANCE_S = 0.6
TICK_TOLERANCE_S = 1.0
#: a name event this near to a mention or a reprimand is neither right nor wrong
NEUTRAL_MARGIN_S = 0.5
#: a light belongs to a question from so long before its end to so long after it
LED_EARLY_S = 0.3
LED_LATE_S = 1.5
TICK_AFTER_S = 3.0


@dataclass(frozen=True, slots=True)
class Calls:
    """Name events beside the truth: which true calls were not heard, and what nobody called."""

    true: list[Json]
    missed: list[Json]
    invented: list[Json]


def pair_questions(
    questions: Sequence[Json], found: Sequence[Json], tolerance_s: float = QUESTION_TOLERANCE_S
) -> dict[int, int]:
    """Index of a true question → index of the one that was found for it."""
    return nearest_first(
        [question["end_s"] for question in questions],
        [event["t_end"] for event in found],
        tolerance_s,
    )


def cue_times(events: Sequence[Json], cue: str) -> list[float]:
    """When a cue was given, in order."""
    return sorted(e["t"] for e in events if e["type"] == "cue" and e["cue"] == cue)


def pair_lights(
    questions: Sequence[Json], lights: Sequence[float], latest_s: float = LED_LATE_S
) -> dict[int, int]:
    """Index of a light → index of its question, the earliest light first."""
    free = set(range(len(questions)))
    paired: dict[int, int] = {}
    for place, t in enumerate(lights):
        after_s = {i: t - questions[i]["end_s"] for i in free}
        near = [(abs(s), i) for i, s in after_s.items() if -LED_EARLY_S <= s <= latest_s]
        if near:
            paired[place] = min(near)[1]
            free.remove(paired[place])
    return paired


def pair_ticks(
    questions: Sequence[Json], ticks: Sequence[float]
) -> tuple[dict[int, float], dict[int, int]]:
    """When a tick is due, by index of the question, and the index of the tick that came for it."""
    due = {
        i: question["end_s"] + TICK_AFTER_S
        for i, question in enumerate(questions)
        if question["wait_s"] is not None and question["wait_s"] >= TICK_AFTER_S
    }
    places = list(due)
    paired = nearest_first(list(due.values()), ticks, TICK_TOLERANCE_S)
    return due, {places[i]: j for i, j in paired.items()}


def pair_calls(names: Sequence[Json], events: Sequence[Json]) -> Calls:
    """Calls by name and place; a mention or reprimand that was reported is passed over."""
    calls = [name for name in names if name["role"].startswith("call")]
    others = [name for name in names if not name["role"].startswith("call")]
    free = set(range(len(calls)))
    invented = []
    for event in sorted(events, key=lambda event: float(event["t_start"])):
        said, t = str(event.get("name", "")).lower(), event["t_start"]
        near = [
            (abs(calls[i]["start_s"] - t), i)
            for i in free
            if calls[i]["name"].lower() == said and abs(calls[i]["start_s"] - t) <= NAME_TOLERANCE_S
        ]
        if near:
            free.remove(min(near)[1])
        elif not any(
            other["start_s"] - NEUTRAL_MARGIN_S <= t <= other["end_s"] + NEUTRAL_MARGIN_S
            for other in others
        ):
            invented.append(event)
    return Calls(calls, [calls[i] for i in sorted(free)], invented)
