"""Figures for the pages: computed by ``lesson``, only picked and arranged here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import health
from dashboard.store.queries import Entry
from lesson.episode import Episode, Order
from lesson.episodes import build_episodes
from lesson.metrics import summarise
from lesson.summary import LessonSummary

RECENT_EPISODES = 6


def decided_episodes(entries: Sequence[Entry]) -> tuple[Episode, ...]:
    """The episodes of a lesson that are over."""
    return tuple(episode for episode in build_episodes(entries) if not episode.open)


def lesson_summary(entries: Sequence[Entry]) -> LessonSummary:
    return summarise(entries)


def shown_pause_s(episode: Episode) -> float | None:
    """The pause to show for an episode: to the name, or to whoever spoke when no name was said.

    After a name that came first there is no think pause, whatever was measured.
    """
    if episode.order is Order.NQ:
        return None
    if episode.denkpauze_gross_s is not None:
        return episode.denkpauze_gross_s
    return episode.wait_time_1_s


def live_figures(entries: Sequence[Entry]) -> dict[str, Any]:
    """What the live page shows of a lesson; a figure over too few observations is left out."""
    summary = lesson_summary(entries)
    pause = summary.pauses.denkpauze_gross
    share = summary.question_pause_name_share
    shown = pause.median_s.enough
    talk = summary.talk.teacher_to_pupil
    return {
        "questions": summary.episodes,
        "denkpauze": {
            "n": pause.n,
            "median_s": pause.median_s.value if shown else None,
            "q1_s": pause.q1_s if shown else None,
            "q3_s": pause.q3_s if shown else None,
        },
        "order_share": {
            "n": share.n,
            "k": summary.orders[Order.QPN],
            "value": share.value if share.enough else None,
        },
        "name_first": {"k": summary.name_first, "n": share.n},
        "talk": {
            "n": talk.n,
            "value": talk.value if talk.enough else None,
        },
        "health": health.present(event for _, event in entries),
        "recent": [
            {"order": episode.order, "pause_s": shown_pause_s(episode)}
            for episode in decided_episodes(entries)[-RECENT_EPISODES:]
        ],
    }
