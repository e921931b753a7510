"""Episodes from events: which question, pause, name and answer belong together (B2–B4)."""

from __future__ import annotations

from collections.abc import Iterable

from lesson.coding import Coder
from lesson.corrections import Entry, apply_corrections
from lesson.episode import Episode, EpisodeEnd, Flag, Order
from lesson.events import LessonEvent, LessonStarted
from lesson.segmentation import segment
from lesson.thresholds import EPSILON_S, TARGET_S

__all__ = ["Episode", "EpisodeEnd", "Flag", "Order", "build_episodes", "target_of"]


def build_episodes(
    events: Iterable[Entry], target_s: float | None = None, epsilon_s: float = EPSILON_S
) -> tuple[Episode, ...]:
    """The episodes of a lesson in order of time; any list of events gives a result.

    Args:
        events: the log, in any order, corrections included: events or ``(event id, event)``
            pairs. Without ids only corrections that add something can take effect.
        target_s: target think pause θ; ``None`` takes the lesson's own, or 3.0 s.
        epsilon_s: measuring tolerance ε.
    """
    effective = apply_corrections(events).events
    target = target_of(effective) if target_s is None else target_s
    segments = segment(effective)
    coder = Coder(effective, segments.pauses, target, epsilon_s)
    return coder.code_all(segments.drafts)


def target_of(events: Iterable[LessonEvent]) -> float:
    """The target the lesson was started with, or 3.0 s."""
    for event in events:
        if isinstance(event, LessonStarted):
            return event.target_s
    return TARGET_S
