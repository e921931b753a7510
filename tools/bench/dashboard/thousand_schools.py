"""The figures of one event, reckoned through for a thousand schools on one existing cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from tools.bench.dashboard.long_lesson import EVENTS
from tools.bench.figures import Figure
from tools.bench.table import Table

LESSON_S = 3000.0
LIVE_PER_S = 2.0
#: a worker is given half of what it can do, so that it catches up after a stop
FILLED = 0.5


@dataclass(frozen=True, slots=True)
class Use:
    """How much schools measure. Nobody knows yet: these are the two ends."""

    title: str
    schools: int = 1000
    devices: int = 30
    #: of a school at the busiest moment
    measuring: int = 30
    viewers: int = 6
    #: of a school in a year
    lessons: int = 24_000


USES = (
    Use("coaching: each device twice a week", measuring=6, viewers=2, lessons=2_400),
    Use("everything: each device, four lessons a day"),
)


def thousand_schools(figures: Mapping[str, Figure]) -> Table:
    """A column for each use."""
    columns = [
        _column(use, {key: each.value or 0.0 for key, each in figures.items()}) for use in USES
    ]
    rows = [[title, *(column[title] for column in columns)] for title in columns[0]]
    return Table("A thousand schools", ["what", *(use.title for use in USES)], rows)


def _column(use: Use, of: Mapping[str, float]) -> dict[str, str]:
    measuring = use.schools * use.measuring
    events_per_s = measuring * EVENTS / LESSON_S
    live_per_s = measuring * LIVE_PER_S
    wire_kb_per_s = events_per_s * of["event_wire_kb"] + live_per_s * of["live_wire_kb"]
    workers = events_per_s / of["ingest_events_per_s"] + live_per_s / of["ingest_live_per_s"]
    lessons = use.schools * use.lessons
    return {
        "devices connected": f"{use.schools * use.devices:,}",
        "devices measuring at the busiest moment": f"{measuring:,}",
        "events a second": f"{events_per_s:,.0f}",
        "live states a second": f"{live_per_s:,.0f}",
        "into the brokers": f"{wire_kb_per_s * 8 / 1000:,.0f} Mbit/s",
        f"ingest workers, filled {FILLED:.0%}": f"{ceil(workers / FILLED):,}",
        "cores for viewers": f"{use.schools * use.viewers * of['viewer_cpu']:,.1f}",
        "lessons a year": f"{lessons:,}",
        "PostgreSQL, growth a year": f"{lessons * of['lesson_database_kb'] / 1e6:,.0f} GB",
    }
