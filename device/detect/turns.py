"""Turns: speech of one source until another source speaks for 0.3 s (definition B0)."""

from __future__ import annotations

from dataclasses import dataclass

from device.detect.ledger import seconds
from device.detect.spans import Span
from lesson.events import Source, Turn

OTHER_SPEAKS_S = 0.30


@dataclass(slots=True)
class _RunningTurn:
    """Only the sums: a monologue must not keep all its frames in memory."""

    source: Source
    first_sample: int
    end_sample: int
    speech_s: float


class TurnBuilder:
    """Steps once per finished lexical span; yields a turn when the next one begins."""

    def __init__(self) -> None:
        self._turn: _RunningTurn | None = None

    def step(self, span: Span) -> list[Turn]:
        """Take a span; the turn that it ends, if any."""
        turn = self._turn
        if turn is not None and span.source is turn.source:
            turn.end_sample = span.end_sample
            turn.speech_s += span.speech_s
            return []
        if turn is not None and span.speech_s < OTHER_SPEAKS_S:
            return []
        ended = self.flush()
        self._turn = _RunningTurn(span.source, span.first_sample, span.end_sample, span.speech_s)
        return ended

    def flush(self) -> list[Turn]:
        """Close the running turn: at a gap or the end of the lesson."""
        turn, self._turn = self._turn, None
        if turn is None:
            return []
        first = seconds(turn.first_sample)
        return [
            Turn(
                t=first,
                t_end=max(first, seconds(turn.end_sample)),
                source=turn.source,
                speech_s=turn.speech_s,
            )
        ]
