"""Turns: speech of one source until another source speaks for 0.3 s (definition B0)."""

from __future__ import annotations

from device.detect.ledger import seconds
from device.detect.spans import Span
from lesson.events import Source, Turn

OTHER_SPEAKS_S = 0.30


class TurnBuilder:
    """Steps once per finished lexical span; yields a turn when the next one begins."""

    def __init__(self) -> None:
        self._spans: list[Span] = []

    def step(self, span: Span) -> list[Turn]:
        if not self._spans or span.source is self._spans[0].source:
            self._spans.append(span)
            return []
        if span.speech_s < OTHER_SPEAKS_S:
            return []
        return [*self.flush(), *self.step(span)]

    def flush(self) -> list[Turn]:
        """Close the running turn: at a gap or the end of the lesson."""
        spans, self._spans = self._spans, []
        if not spans:
            return []
        first, last = seconds(spans[0].first_sample), seconds(spans[-1].end_sample)
        return [
            Turn(
                t=first,
                t_end=max(first, last),
                source=Source(spans[0].source),
                speech_s=sum(span.speech_s for span in spans),
            )
        ]
