"""Feedback after answers in figures (definition B9): counts and shares of what was proposed."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from lesson.events import Feedback, LessonEvent
from lesson.statistics import Figure, share


class FeedbackFigures(BaseModel):
    """How answers were received. A proposal: it rests on words that may be misheard.

    Attributes:
        n: utterances that gave feedback.
        specific_share: of them, those that name what was done or is missing.
        positive, negative: numbers; there is no ratio, since a divisor of 0 is common.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    n: int
    specific_share: Figure
    positive: int
    negative: int


def feedback_figures(events: Iterable[LessonEvent]) -> FeedbackFigures:
    """Figures over effective events."""
    given = [event for event in events if isinstance(event, Feedback)]
    positive = sum(event.positive for event in given)
    return FeedbackFigures(
        n=len(given),
        specific_share=share(sum(event.specific for event in given), len(given)),
        positive=positive,
        negative=len(given) - positive,
    )
