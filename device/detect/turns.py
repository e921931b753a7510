"""Turns: speech of one source until another source speaks for 0.3 s (definition B0)."""

from __future__ import annotations

from dataclasses import dataclass

from device.detect.entries import seconds
from device.detect.spans import Span
from lesson.events import Source, Turn

OTHER_SPEAKS_S = 0.30
#: a pupil of 6 dB signal-to-noise ratio stands so far above the background, a low quantile
HEARD_WELL_DB = 10.0


@dataclass(slots=True)
class _RunningTurn:
    """Only the sums: a monologue must not keep all its frames in memory."""

    source: Source
    first_sample: int
    end_sample: int
    speech_s: float


class TurnBuilder:
    """Steps once per finished lexical span; yields a turn when the next one begins.

    A voice that hardly stands out of the class is a turn of unknown owner: it ends a pause, but
    nothing is said of how long that pupil spoke or was waited for (definition B5).
    """

    def __init__(self) -> None:
        self._turn: _RunningTurn | None = None

    def step(self, span: Span) -> list[Turn]:
        """Take a span; the turn that it ends, if any."""
        turn = self._turn
        source = _owner(span)
        if turn is not None and source is turn.source:
            turn.end_sample = span.end_sample
            turn.speech_s += span.speech_s
            return []
        if turn is not None and span.speech_s < OTHER_SPEAKS_S:
            return []
        ended = self.flush()
        self._turn = _RunningTurn(source, span.first_sample, span.end_sample, span.speech_s)
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


def _owner(span: Span) -> Source:
    faint = span.source is not Source.TEACHER and span.snr_db < HEARD_WELL_DB
    return Source.UNKNOWN if faint else span.source
