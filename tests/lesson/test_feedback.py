"""Feedback in figures: counts, a share with its interval, never a ratio by nothing."""

from __future__ import annotations

import pytest

from lesson.events import Correction, Feedback
from lesson.feedback import feedback_figures
from lesson.metrics import summarise

pytestmark = pytest.mark.unit


def given(t: float, *, specific: bool, positive: bool) -> Feedback:
    return Feedback(t=t, t_end=t + 1, specific=specific, positive=positive)


def test_each_utterance_counts_once() -> None:
    figures = feedback_figures(
        [
            given(1, specific=True, positive=True),
            given(5, specific=False, positive=True),
            given(9, specific=False, positive=False),
        ]
    )
    assert (3, 0.3333, 2, 1) == (
        figures.n,
        figures.specific_share.value,
        figures.positive,
        figures.negative,
    )


def test_without_feedback_there_is_no_share() -> None:
    figures = feedback_figures([])
    assert (0, None, False) == (
        figures.n,
        figures.specific_share.value,
        figures.specific_share.enough,
    )


def test_a_proposal_that_was_taken_away_does_not_count() -> None:
    first, second = f"{1:016x}-000001", f"{1:016x}-000002"
    log = [
        (first, given(1, specific=True, positive=True)),
        (second, Correction(t=1, action="remove", target=first, by="teacher")),
    ]
    assert 0 == summarise(log).feedback.n
