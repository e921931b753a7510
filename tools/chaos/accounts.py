"""What became of every event: counted from the device's journal and the dashboard's database."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from lesson.events import (
    Event,
    Health,
    HealthPart,
    HealthState,
    LessonEvent,
    Name,
    Pause,
    PauseOutcome,
    Question,
    Turn,
)
from lesson.wire import Envelope
from tools.chaos.world import Row, World, read

#: what the sound alone decides, whatever else happens
MEASURED = (Question, Pause, Name, Turn)
#: a gap restarts the learning of the room, which may move an edge by this much
SAME_LENGTH_S = 0.15
#: promised: what was made longer ago than this is on the card
LOSS_WINDOW_S = 1.0


@dataclass(frozen=True, slots=True)
class Account:
    """The figures of one run.

    Attributes:
        made: events that the device decided.
        written: of those, in its journal.
        arrived: rows in the dashboard's database.
        lost: written and not arrived.
        duplicated: arrived twice, under one number or with the same content.
        out_of_order: boots whose numbers in the database are not 1, 2, 3 … without a hole.
        overtaken: rows that arrived behind a later one, and are in order by their number.
        unwritten_s: age of the oldest event that a killed device had made and not written.
        destroyed: events on a torn part of the disk that had not been sent.
        invented: measured pauses that the undisturbed lesson does not have, or across a gap.
        changed: measured events that differ from the undisturbed lesson's although no sound
            was missing; ``None`` when some was.
        longest_gap_s: longest time without an arrival.
        recovery_s: from the end of the fault until all that was written by then had arrived.
        exit_status: of the device, at the end of the lesson.
    """

    made: int
    written: int
    arrived: int
    lost: int
    duplicated: int
    out_of_order: int
    overtaken: int
    unwritten_s: float
    destroyed: int
    invented: int
    changed: int | None
    longest_gap_s: float
    recovery_s: float
    exit_status: int

    def problems(self) -> list[str]:
        """Which promises do not hold."""
        broken = {
            f"{self.lost} lost": self.lost,
            f"{self.duplicated} duplicated": self.duplicated,
            f"{self.out_of_order} starts not in order": self.out_of_order,
            f"{self.invented} pauses invented": self.invented,
            f"{self.changed} events changed": self.changed or 0,
            f"the device ended with status {self.exit_status}": self.exit_status,
            f"made {self.unwritten_s:.1f} s before a kill and not written": (
                self.unwritten_s > LOSS_WINDOW_S
            ),
        }
        return [text for text, count in broken.items() if count]


def settle_accounts(
    world: World,
    reference: Sequence[LessonEvent],
    recovery_s: float,
    *,
    sound_missing: bool,
    kills_s: Iterable[float],
    torn: set[Row],
) -> Account:
    """Compare both ends of a world whose device has sent everything it had."""
    envelopes = list(_journals(world.order.folder))
    written = [(envelope.boot, envelope.seq) for envelope in envelopes]
    arrived = world.arrived()
    events = [envelope.event for envelope in envelopes]
    made = _made(world.order.folder / "made.txt")
    return Account(
        made=max(len(made), len(written)),
        written=len(written),
        arrived=len(arrived),
        lost=len(set(written) - set(arrived)),
        duplicated=len(arrived) - len(set(arrived)) + _repeated(world.database),
        out_of_order=_with_holes(arrived, {boot for boot, _ in torn}),
        overtaken=_overtaken(arrived, written),
        unwritten_s=_unwritten_s(made, events, kills_s) if not torn else 0.0,
        destroyed=len(torn - set(written) - set(arrived)),
        invented=invented(events, reference),
        changed=None if sound_missing else _changed(events, reference),
        longest_gap_s=_longest_gap_s(world.database),
        recovery_s=recovery_s,
        exit_status=world.device_exits[-1] or 0,
    )


def journalled(folder: Path) -> list[Event]:
    """The events that a device has written so far."""
    return [envelope.event for envelope in _journals(folder)]


def _journals(folder: Path) -> Iterator[Envelope]:
    """All that can be read of the journal, set-aside ones included."""
    for path in sorted(folder.glob("journal.sqlite*")):
        if not path.name.endswith(("-wal", "-shm", ".lock")):
            query = "SELECT envelope, 0 FROM event ORDER BY boot, seq"
            try:
                rows = read(path, query)
            except sqlite3.DatabaseError:  # the damaged one
                continue
            yield from (Envelope.from_json(envelope) for envelope, _ in rows)


def _made(path: Path) -> list[tuple[float, str]]:
    """When each event was made, and which."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [(float(at), what) for at, what in (line.split(" ", 1) for line in lines)]


def _unwritten_s(
    made: list[tuple[float, str]], events: list[Event], kills_s: Iterable[float]
) -> float:
    """How old, at the kill that took it, the oldest event was that is in no journal."""
    on_disk = Counter(f"{event.kind} {event.t:.3f}" for event in events)
    kills = sorted(kills_s)
    oldest_s = 0.0
    for at_s, what in made:
        key = what.split(" ", 1)[1]
        if on_disk[key] > 0:
            on_disk[key] -= 1
            continue
        kill_s = next((kill for kill in kills if kill >= at_s), None)
        oldest_s = max(oldest_s, float("inf") if kill_s is None else kill_s - at_s)
    return oldest_s


def _with_holes(arrived: list[Row], torn_boots: set[str]) -> int:
    numbers: dict[str, list[int]] = {}
    for boot, seq in arrived:
        numbers.setdefault(boot, []).append(seq)
    return sum(
        sorted(found) != list(range(1, len(found) + 1))
        for boot, found in numbers.items()
        if boot not in torn_boots
    )


def _overtaken(arrived: list[Row], written: list[Row]) -> int:
    place = {row: number for number, row in enumerate(written)}
    latest, count = -1, 0
    for row in arrived:
        number = place.get(row, latest)
        count += number < latest
        latest = max(latest, number)
    return count


def _repeated(database: Path) -> int:
    """Rows of one lesson that say the same under two numbers."""
    rows = read(
        database,
        "SELECT lesson || body, count(*) FROM event WHERE kind IN"
        " ('lesson_started', 'question', 'pause', 'name', 'turn', 'cue') GROUP BY lesson, body",
    )
    return sum(count - 1 for _, count in rows)


def _changed(events: list[Event], reference: Sequence[LessonEvent]) -> int:
    now = {event.model_dump_json() for event in events if isinstance(event, MEASURED)}
    expected = {event.model_dump_json() for event in reference if isinstance(event, MEASURED)}
    return len(now ^ expected)


def invented(events: Sequence[Event], reference: Sequence[LessonEvent]) -> int:
    """How many measured pauses the undisturbed lesson does not have, or lie across a gap."""
    true_s = [length for pause in reference if (length := _length_s(pause)) is not None]
    gaps = list(_gaps(events))
    return sum(
        not any(abs(length - true) <= SAME_LENGTH_S for true in true_s)
        or any(pause.t < back and (pause.t_end or 0) > lost for lost, back in gaps)
        for pause in events
        if isinstance(pause, Pause) and (length := _length_s(pause)) is not None
    )


def _length_s(event: Event) -> float | None:
    if not isinstance(event, Pause) or event.outcome is not PauseOutcome.MEASURED:
        return None
    return None if event.t_end is None else event.t_end - event.t


def _gaps(events: Iterable[Event]) -> Iterator[tuple[float, float]]:
    lost_t: float | None = None
    for event in events:
        if isinstance(event, Health) and event.part is HealthPart.MICROPHONE:
            if event.state is not HealthState.OK:
                lost_t = event.t if lost_t is None else lost_t
            elif lost_t is not None:
                yield lost_t, event.t
                lost_t = None


def _longest_gap_s(database: Path) -> float:
    rows = read(database, "SELECT received_at, 0 FROM event ORDER BY number")
    moments = [datetime.fromisoformat(str(at)) for at, _ in rows]
    pairs = pairwise(moments)
    return max(((after - before).total_seconds() for before, after in pairs), default=0.0)


def to_json(account: Account) -> str:
    return json.dumps({name: getattr(account, name) for name in Account.__slots__})
