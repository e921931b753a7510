"""What went wrong in a lesson, moment by moment, in classes: no names, no words.

Everything wrong about one true question is one error; so is everything invented at one moment. How
much it weighs says what it costs a teacher: a light without a question and a turn given to nobody
mislead at once, a wrong length misleads afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.score.rules import (
    Json,
    cue_times,
    pair_calls,
    pair_lights,
    pair_questions,
    pair_ticks,
)

#: a wait may be this wrong
WAIT_TOLERANCE_S = 0.15
#: invented at one moment: no farther apart than this
SAME_MOMENT_S = 1.0

FALSE_LIGHT = FALSE_CALL = 4.0
FALSE_QUESTION = MISSED_QUESTION = 3.0
FALSE_TICK = MISSED_TICK = MISSED_CALL = 2.0
WRONG_ORDER = 1.5
WRONG_ENDER = 1.0
#: a wait weighs a unit per wrong second, up to so many
LARGEST_WAIT_ERROR_S = 4.0


@dataclass(frozen=True, slots=True)
class Error:
    """Something wrong at ``t`` seconds: what was true, what was heard instead, and its weight."""

    lesson: str
    t: float
    expected: str
    heard: str
    weight: float


def errors(truth: Json, events: Sequence[Json]) -> list[Error]:
    """Every error of a lesson, in order of time."""
    scene = str(truth["scene"])
    calls = pair_calls(truth["names"], [event for event in events if event["type"] == "name"])
    missed_calls = [
        Error(scene, call["start_s"], "a call", "no call", MISSED_CALL) for call in calls.missed
    ]
    false_calls = [(call["t_start"], "a call", FALSE_CALL) for call in calls.invented]
    wrong = [
        *_about_questions(scene, truth["questions"], events),
        *missed_calls,
        *_moments(scene, [*_invented(truth["questions"], events), *false_calls]),
    ]
    return sorted(wrong, key=lambda error: error.t)


def worst(wrong: Sequence[Error], most: int) -> list[Error]:
    """The heaviest errors, the heaviest first; ties in order of lesson and time."""
    return sorted(wrong, key=lambda error: (-error.weight, error.lesson, error.t))[:most]


def _about_questions(
    scene: str, questions: Sequence[Json], events: Sequence[Json]
) -> Iterator[Error]:
    """At most one error for each true question."""
    found = [event for event in events if event["type"] == "question"]
    paired = pair_questions(questions, found)
    due, kept = pair_ticks(questions, cue_times(events, "tick"))
    for i, true in enumerate(questions):
        if i in paired:
            wrong = list(_differences(true, found[paired[i]]))
        elif true.get("optional"):
            wrong = []
        else:
            asked = f"a question, {true['order']}, ended by {true['ended_by']}"
            wrong = [(asked, "no question", MISSED_QUESTION)]
        if i in due and i not in kept:
            wrong.append(("the 3 s sign", "no sign", MISSED_TICK))
        if wrong:
            expected, heard, weights = zip(*wrong, strict=True)
            yield Error(scene, true["end_s"], ", ".join(expected), ", ".join(heard), sum(weights))


def _differences(true: Json, event: Json) -> Iterator[tuple[str, str, float]]:
    """Expected, heard and weight of everything that is wrong about a question that was found."""
    for key, weight in (("order", WRONG_ORDER), ("ended_by", WRONG_ENDER)):
        if event.get(key) and event[key] != true[key]:
            yield true[key], event[key], weight
    wait_s, true_s = event.get("wait_s"), true["wait_s"]
    if wait_s is not None and true_s is not None and abs(wait_s - true_s) > WAIT_TOLERANCE_S:
        weight = min(abs(wait_s - true_s), LARGEST_WAIT_ERROR_S)
        yield f"{true_s:.2f} s", f"{wait_s:.2f} s", weight


def _invented(
    questions: Sequence[Json], events: Sequence[Json]
) -> Iterator[tuple[float, str, float]]:
    """When what was heard that was not there, and its weight."""
    found = [event for event in events if event["type"] == "question"]
    right = set(pair_questions(questions, found).values())
    yield from (
        (event["t_end"], "a question", FALSE_QUESTION)
        for i, event in enumerate(found)
        if i not in right
    )
    lights = cue_times(events, "led_on")
    lit = pair_lights(questions, lights)
    yield from ((t, "the light", FALSE_LIGHT) for i, t in enumerate(lights) if i not in lit)
    ticks = cue_times(events, "tick")
    ticked = set(pair_ticks(questions, ticks)[1].values())
    yield from ((t, "the 3 s sign", FALSE_TICK) for i, t in enumerate(ticks) if i not in ticked)


def _moments(scene: str, invented: Sequence[tuple[float, str, float]]) -> list[Error]:
    """What was invented, near things together; the same thing twice weighs once."""
    gathered: list[tuple[float, dict[str, float]]] = []
    for t, what, weight in sorted(invented):
        if not gathered or t - gathered[-1][0] > SAME_MOMENT_S:
            gathered.append((t, {}))
        gathered[-1][1][what] = weight
    return [
        Error(scene, t, "nothing", ", ".join(things), sum(things.values()))
        for t, things in gathered
    ]
