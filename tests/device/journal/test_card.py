"""What the journal costs the card: bytes for an event, a heartbeat and an acknowledgement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from device_process import STARTED

from device.clock import SystemClock
from device.journal import Heartbeat, Journal, Moment, Outbox
from lesson.events import Mark

pytestmark = [pytest.mark.unit, pytest.mark.slow]

CLOCK = SystemClock()
COUNT = 100
#: as in docs/reliability.md, each written alone, which is the worst case
MOST_BYTES = {"event": 20_000, "heartbeat": 12_000, "acknowledgement": 12_000}
#: 1,500 events, as many acknowledgements and a heartbeat every ten seconds
MOST_LESSON_BYTES = 55e6


def written_bytes() -> int:
    """What this process has given to disks so far, as the kernel counts it."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


def cost(action: Callable[[int], object]) -> float:
    before = written_bytes()
    for number in range(COUNT):
        action(number)
    return (written_bytes() - before) / COUNT


def test_what_a_lesson_writes_to_the_card_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with Journal.open(path, "lokaal-12", CLOCK) as journal, Outbox.open(path) as outbox:
        lesson = journal.start_lesson(STARTED).lesson
        costs = {
            "event": cost(lambda t: journal.append(lesson, Mark(t=t, by="teacher"))),
            "heartbeat": cost(
                lambda t: journal.append_all([], Heartbeat(lesson, t, Moment.now(CLOCK)))
            ),
            "acknowledgement": cost(lambda number: outbox.acknowledge(journal.boot, number + 1)),
        }
    if not costs["event"]:
        pytest.skip("the temporary folder is not on a disk: nothing is written to one")
    assert [] == [name for name, most in MOST_BYTES.items() if costs[name] > most], costs
    lesson_bytes = 1500 * (costs["event"] + costs["acknowledgement"]) + 300 * costs["heartbeat"]
    assert lesson_bytes <= MOST_LESSON_BYTES
