"""Where on the strip of a lesson each episode is drawn. Geometry only, no figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lesson.episode import Episode, Order

WIDTH = 1000.0
NARROWEST = 2.0
TICK_STEPS_S = (30, 60, 120, 300, 600, 900, 1800, 3600)
MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of the strip in drawing units; ``kind`` is its style class."""

    x: float
    width: float
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A strip of ``WIDTH`` units."""

    boxes: tuple[Box, ...]
    #: place and lesson time of each tick
    ticks: tuple[tuple[float, int], ...]


def timeline(episodes: Sequence[Episode], length_s: float) -> Timeline:
    """Question, pause and name of each episode, and ticks at round times."""
    length_s = max(length_s, 1.0, *(episode.end or 0 for episode in episodes))
    scale = WIDTH / length_s

    def box(start: float, end: float, kind: str, number: int) -> Box:
        return Box(
            round(start * scale, 1), round(max((end - start) * scale, NARROWEST), 1), kind, number
        )

    boxes: list[Box] = []
    for number, episode in enumerate(episodes, start=1):
        for question in episode.questions:
            boxes.append(box(question.t, question.t_end, "question", number))
        pause = episode.pause
        if pause is not None and pause.t_end is not None and episode.order is not Order.NQ:
            boxes.append(box(pause.t, pause.t_end, "pause", number))
        if episode.name is not None:
            boxes.append(box(episode.name.t, episode.name.t_end, "name", number))
    step = next((s for s in TICK_STEPS_S if length_s / s <= MOST_TICKS), TICK_STEPS_S[-1])
    marks = range(0, int(length_s) + 1, step)
    return Timeline(tuple(boxes), tuple((round(t * scale, 1), t) for t in marks))
