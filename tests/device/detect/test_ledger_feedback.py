"""Feedback follows an answer soon and before the next question, or it is none."""

from __future__ import annotations

import pytest
from said import chunk

from device.audio.frames import SAMPLE_RATE
from device.detect.feedback_talk import FeedbackReader
from device.detect.ledger import Ledger
from device.detect.reading import Reader
from device.roster import Roster
from lesson.events import Feedback

pytestmark = pytest.mark.unit


def said_after_an_answer(*said: str, wait_s: float = 0.8) -> list[Feedback]:
    """A question at 1 s, an answer from 4 to 5 s, then the teacher, every three seconds."""
    ledger = Ledger(Reader(Roster.empty(), "nl"), FeedbackReader("nl"))
    ledger.teacher(chunk(0, "hoeveel poten heeft een spin", 1.0))
    ledger.other(4 * SAMPLE_RATE, 5 * SAMPLE_RATE)
    for number, text in enumerate(said, start=1):
        ledger.teacher(chunk(number, text, 5.0 + wait_s + 3 * (number - 1)))
    ledger.finish()
    return [event for event in ledger.take() if isinstance(event, Feedback)]


def test_praise_after_an_answer_is_feedback_where_it_was_said() -> None:
    assert [Feedback(t=5.8, t_end=6.4, specific=False, positive=True)] == said_after_an_answer(
        "heel goed"
    )


def test_what_the_pupil_did_is_specific() -> None:
    given = said_after_an_answer("je hebt de tekening er goed bij gebruikt")
    assert [(True, True)] == [(each.specific, each.positive) for each in given]


@pytest.mark.parametrize(
    "text", ["goed dan gaan we verder", "een spin is geen insect", "pak je schrift"]
)
def test_what_only_goes_on_is_no_feedback(text: str) -> None:
    assert [] == said_after_an_answer(text)


def test_ten_seconds_later_nobody_is_answered_any_more() -> None:
    assert [] == said_after_an_answer("heel goed", wait_s=10.5)


def test_a_new_question_ends_the_time_for_feedback() -> None:
    assert [] == said_after_an_answer("hoeveel poten heeft een mier", "heel goed")


def test_praise_without_an_answer_before_it_is_none() -> None:
    ledger = Ledger(Reader(Roster.empty(), "nl"), FeedbackReader("nl"))
    ledger.teacher(chunk(0, "heel goed", 1.0))
    ledger.finish()
    assert [] == ledger.take()
