"""Number by number the same as the reference scorer that comes with the test lessons."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tools.score.oracle import oracle_events
from tools.score.report import report
from tools.score.tally import Tally, tally

pytestmark = [pytest.mark.contract, pytest.mark.slow]

Json = dict[str, Any]
ENDERS = ("name", "pupil", "teacher_continues", "self_answer", "lesson_end")
ORDERS = ("question_first", "name_first", "no_name")
#: Figures of ours that the reference does not have.
OURS = {
    "questions_matched",
    "waits",
    "names_system",
    "ender_confusion",
    "led_precision",
    "ticks_missed",
    "ticks_missed_share",
    "ticks_due_lit",
    "ticks_missed_share_lit",
    "tick_within_50ms",
    "tick_abs_error_max_s",
}
DEMO = Path(__file__).resolve().parents[3] / "device" / "data" / "demo" / "les_nl.json"


@pytest.fixture(scope="module")
def reference(shared: Path) -> ModuleType:
    path = shared / "tools" / "score_scene.py"
    spec = importlib.util.spec_from_file_location("reference_scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def truths(shared: Path) -> list[Json]:
    paths = [*sorted((shared / "scenes").glob("p*.json")), DEMO]
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def nothing(truth: Json, seed: int) -> list[Json]:
    return []


def everything(truth: Json, seed: int) -> list[Json]:
    return oracle_events(truth)


def _with_faults(event: Json, random: np.random.Generator) -> Json:
    """Moved in time; sometimes with fields wrong or missing."""
    faulty = {
        key: value + random.normal(0, 0.3) if key.startswith("t") and key != "type" else value
        for key, value in event.items()
    }
    if event["type"] == "question":
        for key, choices in (("ended_by", ENDERS), ("order", ORDERS), ("qtype", ("open", "check"))):
            if random.random() < 0.3:
                faulty[key] = str(random.choice(choices))
            elif random.random() < 0.1:
                del faulty[key]
        if faulty["wait_s"] is not None and random.random() < 0.5:
            faulty["wait_s"] += random.normal(0, 0.2)
    return faulty


def faulty(truth: Json, seed: int) -> list[Json]:
    """Some events missing, some moved, some twice, some invented."""
    random = np.random.default_rng(seed)
    kept = [event for event in oracle_events(truth) if random.random() < 0.85]
    events = [_with_faults(event, random) for event in kept]
    events += [_with_faults(event, random) for event in kept if random.random() < 0.1]
    for _ in range(12):
        t = float(random.uniform(0, truth["duration_s"]))
        events += [
            {"type": "question", "t_end": t},
            {"type": "cue", "t": t, "cue": str(random.choice(["led_on", "tick"]))},
        ]
        if truth["class_names"]:
            name = str(random.choice(truth["class_names"]))
            events.append({"type": "name", "t_start": t, "name": name.upper()})
    events += [
        {"type": "name", "t_start": name["start_s"] + 0.1, "name": name["name"]}
        for name in truth["names"]
        if not name["role"].startswith("call")
    ]
    return [events[i] for i in random.permutation(len(events))]


def pauses_apart(truth: Json, seed: int) -> list[Json]:
    """Waits and enders in pause events instead of in the question."""
    events: list[Json] = []
    for event in faulty(truth, seed):
        wait_s, ender = event.pop("wait_s", None), event.pop("ended_by", None)
        events.append(event)
        if wait_s is not None and ender is not None:
            start = event["t_end"] + 0.05
            pause = {"type": "pause", "t_start": start, "t_end": start + wait_s, "ended_by": ender}
            events.append(pause)
    return events


def far_too_late(truth: Json, seed: int) -> list[Json]:
    return [
        {
            key: value + 0.45 if key.startswith("t_") or key == "t" else value
            for key, value in e.items()
        }
        for e in oracle_events(truth)
    ]


@pytest.mark.parametrize("make", [nothing, everything, faulty, pauses_apart, far_too_late])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_that_of_the_reference(
    reference: ModuleType,
    truths: list[Json],
    make: Callable[[Json, int], list[Json]],
    seed: int,
) -> None:
    assert len(truths) == 13
    total_ours, total_theirs = Tally(), {}
    for truth in truths:
        events = make(truth, seed)
        ours, theirs = tally(truth, events), reference.collect(truth, events)
        figures = report(ours)
        expected = reference.report(theirs)
        assert expected == {key: figures[key] for key in figures if key not in OURS}
        total_ours, total_theirs = total_ours + ours, reference.add(total_theirs, theirs)
    figures = report(total_ours)
    expected = reference.report(total_theirs)
    assert expected == {key: figures[key] for key in figures if key not in OURS}


def test_other_tolerances_are_those_of_the_reference(
    reference: ModuleType, truths: list[Json]
) -> None:
    for truth in truths:
        events = faulty(truth, 4)
        figures = report(tally(truth, events, 0.2, 0.6))
        expected = reference.report(reference.collect(truth, events, 0.2, 0.6))
        assert expected == {key: figures[key] for key in figures if key not in OURS}
