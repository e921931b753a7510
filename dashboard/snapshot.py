"""The live pages of devices, read from the database at one moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dashboard import commands
from dashboard.clock import Clock
from dashboard.figures import live_figures
from dashboard.live import Snapshot
from dashboard.store import queries
from dashboard.store.models import Live, ReceiverState
from lesson.thresholds import TARGET_S

#: Ingest says every 2 s that it runs.
RECEIVER_STALE = timedelta(seconds=10)
#: While a pause runs the device speaks every second.
PAUSE_STALE = timedelta(seconds=5)
#: How long the figures of a lesson stay on the live page when it is over.
STILL_SHOWN = timedelta(hours=1)
#: Lessons whose events and figures are kept at hand, the last ones asked for: a large school.
KEPT_LESSONS = 64


class SnapshotReader:
    """Reads snapshots; figures are computed anew only when an event has come in."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[tuple[queries.Entry, ...], dict[str, Any]]] = {}

    def read(self, devices: Collection[str]) -> dict[str, Snapshot]:
        """The pages of these devices, in a few queries however many they are.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer.
        """
        now = self._clock.now()
        with Session(self._engine) as session:
            lives = queries.lives_of(session, devices)
            receiver = queries.receiver_state(session)
            done = commands.answers(session, devices, now)
            lessons = self._lessons(session, devices, lives, now)
        return {
            device: _snapshot(
                device, lives.get(device), receiver, done[device], lessons.get(device), now
            )
            for device in devices
        }

    def _lessons(
        self, session: Session, devices: Collection[str], lives: Mapping[str, Live], now: datetime
    ) -> dict[str, dict[str, Any]]:
        """What is shown of the lesson of each device that has one to show."""
        wanted: dict[str, str] = {}
        for device in devices:
            live = lives.get(device)
            named = (live.status_lesson or live.lesson) if live is not None else None
            if _long_over(live, now):
                continue
            if named is None:
                latest = queries.latest_lesson(session, device)
                named = latest.id if latest is not None else None
            if named is not None:
                wanted[device] = named
        return {
            lesson.device: {
                "id": lesson.id,
                "mode": lesson.mode,
                **self._figures(session, lesson.device, lesson.id, count),
            }
            for lesson, count in queries.lessons_with_counts(session, wanted.items())
        }

    def _figures(self, session: Session, device: str, lesson: str, count: int) -> dict[str, Any]:
        entries, figures = self._known.pop((device, lesson), ((), {}))
        if not figures or count != len(entries):
            if count < len(entries):  # some were deleted
                entries = ()
            entries += queries.lesson_entries(session, device, lesson, skip=len(entries))
            figures = live_figures(entries)
        while len(self._known) >= KEPT_LESSONS:
            del self._known[next(iter(self._known))]
        self._known[device, lesson] = (entries, figures)
        return figures


def _snapshot(
    device: str,
    live: Live | None,
    receiver: ReceiverState | None,
    done: dict[str, str],
    lesson: dict[str, Any] | None,
    now: datetime,
) -> Snapshot:
    status = status_of(live, receiver, now)
    running = status == "listening" and live is not None and live.phase == "think"
    state = {
        "device": device,
        "status": status,
        "phase": _phase(live, status),
        "running": running,
        "at": live.received_at.isoformat() if live and live.received_at else None,
        "target_s": (live.target_s if live is not None else None) or TARGET_S,
        "cues_muted": bool(live and live.cues_muted),
        "lesson_runs": bool(live and live.status_lesson),
        "done": done,
        "lesson": lesson,
    }
    return Snapshot(state, _running(live, now, running=running))


def status_of(live: Live | None, receiver: ReceiverState | None, now: datetime) -> str:
    """What the device is doing, as one of ``dashboard.words.STATUSES``."""
    if live is None or (live.state is None and live.phase is None):
        return "waiting"
    if receiver is None or not receiver.connected or now - receiver.seen_at > RECEIVER_STALE:
        return "link_lost"
    if live.state == "lost":
        return "link_lost"
    if live.state in ("disconnected", "sleeping"):
        return "off"
    if live.muted:
        return "muted"
    if live.microphone == "trouble" or live.phase == "lost":
        return "microphone"
    if _between_lessons(live):
        return "ready"
    age = now - live.received_at if live.received_at is not None else timedelta()
    return "link_lost" if live.phase == "think" and age > PAUSE_STALE else "listening"


def _between_lessons(live: Live) -> bool:
    if live.status_lesson is not None or live.status_since is None:
        return False
    return live.received_at is None or live.received_at <= live.status_since


def _long_over(live: Live | None, now: datetime) -> bool:
    """Whether the last lesson ended so long ago that whoever watches now has no part in it."""
    if live is None or live.status_lesson is not None or live.received_at is None:
        return False
    return now - live.received_at > STILL_SHOWN


def _phase(live: Live | None, status: str) -> str:
    if live is None or live.phase is None or status not in ("listening", "link_lost"):
        return "listening"
    return live.phase


def _running(live: Live | None, now: datetime, *, running: bool) -> dict[str, float | None]:
    """The age of the live state, and the pause as long as it is by now."""
    if live is None or live.received_at is None:
        return {"age_s": None, "think_s": None}
    age_s = max(0.0, (now - live.received_at).total_seconds())
    think_s = live.think_s
    if think_s is not None and running:
        think_s = think_s + age_s
    return {"age_s": round(age_s, 2), "think_s": None if think_s is None else round(think_s, 2)}
