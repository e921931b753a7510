"""A device without sound, as a process of its own: writes numbered events and sends them.

``python device_process.py JOURNAL PORT COUNT INTERVAL_S`` prints a line with the boot id, then
one line per event that the disk has (its id), and ends when the outbox is empty.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from device.clock import SystemClock
from device.journal import Journal, JournalWriter, Outbox
from device.telemetry import BrokerAddress, Telemetry
from lesson.events import LessonStarted, Mark
from lesson.wire import DeviceInfo

STARTED = LessonStarted(
    t=0,
    wall=datetime(2026, 9, 1, 9, 0, tzinfo=UTC),
    clock_synchronised=True,
    mode="cue",
    language="nl",
    recogniser="none",
    software="0.1.0",
)
INFO = DeviceInfo(software="0.1.0", recogniser="none", language="nl")


def launch(journal: Path, port: int, count: int, interval_s: float) -> subprocess.Popen[str]:
    """Start this program; its output is a pipe of lines."""
    return subprocess.Popen(
        [sys.executable, __file__, str(journal), str(port), str(count), str(interval_s)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )


def main() -> None:
    journal_path, port, count, interval_s = sys.argv[1:]
    clock = SystemClock()
    broker = BrokerAddress(port=int(port))
    with Journal.open(Path(journal_path), "lokaal-12", clock) as journal:
        print(journal.boot, flush=True)
        telemetry = Telemetry(
            journal=journal.path,
            boot=journal.boot,
            device="lokaal-12",
            broker=broker,
            info=INFO,
            clock=clock,
        )

        def written(envelopes: list) -> None:
            print(*(envelope.id for envelope in envelopes), sep="\n", flush=True)
            telemetry.wake()

        with telemetry, JournalWriter(journal, clock, on_written=written) as writer:
            lesson = writer.start_lesson(STARTED)
            for number in range(int(count)):
                writer.append(lesson, Mark(t=number / 100, by="teacher"))
                time.sleep(float(interval_s))
            with Outbox.open(journal.path) as outbox:
                while writer.counters().waiting or outbox.count():
                    time.sleep(0.05)


if __name__ == "__main__":
    main()
