"""What went wrong, moment by moment, on lessons small enough to check by eye."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tools.score.errors import (
    FALSE_LIGHT,
    FALSE_QUESTION,
    MISSED_CALL,
    MISSED_TICK,
    WRONG_ENDER,
    WRONG_ORDER,
    Error,
    errors,
    worst,
)
from tools.score.oracle import oracle_events
from tools.score.tally import tally

pytestmark = pytest.mark.unit

Json = dict[str, Any]


def lesson(*questions: Json, names: tuple[Json, ...] = ()) -> Json:
    return {"scene": "small", "duration_s": 120.0, "questions": questions, "names": names}


def asked(end_s: float, wait_s: float = 2.0, **more: object) -> Json:
    question = {
        "start_s": end_s - 2,
        "end_s": end_s,
        "wait_s": wait_s,
        "question_type": "open",
        "ended_by": "name",
        "order": "question_first",
        "name": "Noor",
    }
    return {**question, **more}


def call(start_s: float, role: str = "call") -> Json:
    return {"start_s": start_s, "end_s": start_s + 0.4, "name": "Noor", "role": role}


def cue(t: float, kind: str) -> Json:
    return {"type": "cue", "t": t, "cue": kind}


def test_whoever_hears_everything_makes_no_error() -> None:
    truth = lesson(asked(10), asked(20, 4.0), names=(call(12.0), call(24.0)))
    assert [] == errors(truth, oracle_events(truth))


def test_all_that_is_wrong_about_one_question_is_one_error_without_names() -> None:
    truth = lesson(asked(20, 4.0))
    event = {
        "type": "question",
        "t_end": 20.1,
        "wait_s": 1.5,
        "ended_by": "pupil",
        "order": "no_name",
    }
    (error,) = errors(truth, [event])
    assert "question_first, name, 4.00 s, the 3 s sign" == error.expected
    assert "no_name, pupil, 1.50 s, no sign" == error.heard
    assert WRONG_ORDER + WRONG_ENDER + 2.5 + MISSED_TICK == error.weight
    assert "Noor" not in f"{error}"


def test_a_light_for_a_question_that_was_none_is_one_error_and_weighs_both() -> None:
    events = [
        {"type": "question", "t_end": 30.0},
        cue(30.3, "led_on"),
        cue(30.6, "led_on"),
        cue(50.0, "led_on"),
    ]
    both, alone = errors(lesson(), events)
    assert Error("small", 30.0, "nothing", "a question, the light", FALSE_QUESTION + 4) == both
    assert Error("small", 50.0, "nothing", "the light", FALSE_LIGHT) == alone


def test_a_call_that_was_not_heard_is_an_error_and_a_mention_is_none() -> None:
    truth = lesson(names=(call(10), call(40, "mention")))
    reported = [{"type": "name", "t_start": 40.1, "name": "noor"}]
    assert [Error("small", 10, "a call", "no call", MISSED_CALL)] == errors(truth, reported)


def test_an_optional_question_may_be_missed() -> None:
    assert [] == errors(lesson(asked(10, 0.5, optional=True)), [])


@pytest.mark.parametrize("seed", range(5))
def test_there_is_an_error_for_everything_that_the_tally_counts_as_wrong(seed: int) -> None:
    random = np.random.default_rng(seed)
    questions = [asked(float(t), float(random.uniform(0.3, 6))) for t in range(10, 110, 10)]
    truth = lesson(*questions, names=tuple(call(q["end_s"] + q["wait_s"]) for q in questions))
    events = [event for event in oracle_events(truth) if random.random() < 0.7]
    events += [cue(float(t), "led_on") for t in random.uniform(0, 120, 4)]
    counts, wrong = tally(truth, events), errors(truth, events)
    heard = ", ".join(error.heard for error in wrong).split(", ")
    assert counts.questions_true - counts.questions_found == heard.count("no question")
    assert counts.ticks_due - len(counts.tick_errors_s) == heard.count("no sign")
    assert counts.names_true - counts.names_found == heard.count("no call")
    assert (counts.led_false > 0) == ("the light" in heard)


def test_the_worst_come_first_and_ties_by_lesson_and_time() -> None:
    small = Error("a", 1, "", "", 1.0)
    first, second, third = (
        Error(name, t, "", "", 5.0) for name, t in (("a", 9), ("b", 2), ("b", 3))
    )
    assert [first, second, third] == worst([third, small, second, first], 3)
