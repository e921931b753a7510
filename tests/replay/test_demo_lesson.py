"""The demo lesson against its truth: real VAD, real recogniser, nothing scripted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from installed import demo_truth

from tools.score.report import Report, report
from tools.score.tally import tally

pytestmark = [pytest.mark.replay, pytest.mark.slow]

Json = dict[str, Any]
Analysed = Callable[[str], list[Json]]


@pytest.fixture(scope="module")
def figures(analysed: Analysed) -> Report:
    return report(tally(demo_truth(), analysed("cue")))


def test_nine_of_ten_questions_are_found_and_few_others(figures: Report) -> None:
    assert figures["question_f1"] >= 0.90, figures


def test_nine_of_ten_waits_are_right_to_150_ms(figures: Report) -> None:
    assert figures["wait_given"] >= 0.90, figures
    assert figures["wait_within_150ms"] >= 0.90, figures


def test_nine_of_ten_orders_are_right(figures: Report) -> None:
    assert figures["order_accuracy"] >= 0.90, figures


def test_the_sign_of_three_seconds_is_never_off_by_more_than_100_ms(figures: Report) -> None:
    assert figures["ticks_on_time"] >= 0.8 * figures["ticks_due"] > 0, figures
    assert figures["tick_abs_error_max_s"] <= 0.100, figures


def test_a_silent_lesson_has_no_cue_and_measures_the_same(analysed: Analysed) -> None:
    silent = analysed("silent")
    assert [] == [event for event in silent if event["type"] == "cue"]
    assert silent == [event for event in analysed("cue") if event["type"] != "cue"]
