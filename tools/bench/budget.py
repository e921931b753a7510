"""What the device costs, and what that would be on a Pi: ``python -m tools.bench.budget``.

``--write-docs`` puts the tables into ``docs/performance.md``, which says how they are made.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from device.clock import SystemClock
from device.journal import Heartbeat, Journal, Moment, Outbox
from lesson.events import LessonStarted, Mark
from tools.bench import startup
from tools.bench.cost import NOT_THE_DEVICE
from tools.bench.lessons import DEMO_SOUND, ROOT, take
from tools.bench.page import write_page
from tools.bench.recording import PARTS, RECOGNISER, REST
from tools.bench.startup import Startup
from tools.bench.table import Table

PAGE = ROOT / "docs" / "performance.md"
MARKER = "<!-- begin: made by python -m tools.bench.budget --write-docs -->"
LESSON_S = 50 * 60.0
HEARTBEAT_S = 10.0
WRITES = 200
#: 7-zip's own benchmark with one thread (MIPS), as measured by others; sources on the page.
PIS = {"Pi 4 (1.5 GHz)": 1660.0, "Pi 5 (2.4 GHz)": 2967.0}
#: The recogniser multiplies matrices: this processor eight numbers at once, those of the Pis four.
NARROWER = 2.0


def analysis() -> dict[str, float]:
    """Processor milliseconds per second of sound by part, over the demo lesson, and its events."""
    roster = DEMO_SOUND.parent / "klas.txt"
    with tempfile.TemporaryDirectory() as folder:
        taken = take(DEMO_SOUND, "nl", roster, Path(folder))
    parts = {part: 1000 * taken["cpu_s_by_part"][part] / taken["audio_s"] for part in PARTS}
    return {
        **parts,
        "events": taken["events"] / taken["audio_s"],
        "memory": taken["peak_memory_bytes"] / 1e6,
    }


def card_bytes(folder: Path) -> dict[str, float]:
    """What an event, a heartbeat and an acknowledgement each give to the disk, written alone."""
    clock, path = SystemClock(), folder / "journal.db"
    started = LessonStarted(
        t=0.0,
        wall=datetime(2026, 9, 1, 8, 30, tzinfo=UTC),
        clock_synchronised=True,
        mode="cue",
        language="nl",
        recogniser="none",
        software="bench",
    )
    found: dict[str, float] = {}
    with Journal.open(path, "bench", clock) as journal, Outbox.open(path) as outbox:
        lesson = journal.start_lesson(started).lesson
        actions = {
            "event": lambda at: journal.append(lesson, Mark(t=float(at), by="teacher")),
            "heartbeat": lambda at: journal.append_all(
                [], Heartbeat(lesson, float(at), Moment.now(clock))
            ),
            "acknowledgement": lambda at: outbox.acknowledge(journal.boot, at + 1),
        }
        for name, action in actions.items():
            before = _written_bytes()
            for at in range(WRITES):
                action(at)
            found[name] = (_written_bytes() - before) / WRITES
    return found


def seven_zip_mips() -> float | None:
    """7-zip's own benchmark with one thread on this machine."""
    program = shutil.which("7z") or shutil.which("7zz")
    if program is None:
        return None
    shown = subprocess.run(
        [program, "b", "-mmt1"], capture_output=True, text=True, check=True
    ).stdout
    # the middle figure is for a whole core, also when others work on it
    total = re.search(r"^Tot:\s+\d+\s+(\d+)\s+\d+", shown, re.M)
    return float(total[1]) if total else None


def cost_table(cost: dict[str, float]) -> Table:
    counted = [part for part in PARTS if part not in NOT_THE_DEVICE]
    rows = [[part, f"{cost[part]:.1f}"] for part in counted]
    rows.append(["together", f"{sum(cost[part] for part in counted):.1f}"])
    return Table("Processor time per second of sound", ["part", "CPU ms"], rows)


def card_table(written: dict[str, float], events_per_s: float) -> Table:
    counts = {
        "event": events_per_s * LESSON_S,
        "heartbeat": LESSON_S / HEARTBEAT_S,
        "acknowledgement": events_per_s * LESSON_S,
    }
    rows = [
        [name, f"{written[name] / 1000:.1f}", f"{count:.0f}", f"{written[name] * count / 1e6:.1f}"]
        for name, count in counts.items()
    ]
    total = sum(written[name] * count for name, count in counts.items())
    rows.append(["together", "", "", f"{total / 1e6:.1f}"])
    head = ["what", "kB each", "in 50 minutes", "MB"]
    return Table("Written to the card in a lesson", head, rows)


def projection_table(mips: float, cost: dict[str, float], started: Startup) -> Table:
    """Not measured: this machine's figures times how much slower a Pi is."""
    rows = []
    for name, theirs in PIS.items():
        slower = mips / theirs
        recogniser = cost[RECOGNISER] * slower
        others = sum(
            cost[part] for part in PARTS if part not in (*NOT_THE_DEVICE, RECOGNISER, REST)
        )
        low, high = (
            (others * slower + recogniser * width) / 10 for width in (1.0, NARROWER)
        )  # ms per second to per cent
        ready_s = sum(started.cpu_s.values()) * slower
        rows.append([name, f"{slower:.1f}", f"{low:.0f}–{high:.0f} %", f"{ready_s:.1f}"])
    head = [
        "**not measured**",
        "times slower",
        "one core of four, while speech goes on",
        "s to ready",
    ]
    return Table("Projected for a Raspberry Pi", head, rows)


def _written_bytes() -> int:
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


@click.command()
@click.option("--write-docs", is_flag=True, help=f"Put the tables into {PAGE.name}.")
def main(write_docs: bool) -> None:
    """Measure start, analysis, memory and writing on this machine, and project them."""
    others = os.getloadavg()[0]
    mips = seven_zip_mips()
    startups = [startup.measure(language) for language in ("nl", "en")]
    cost = analysis()
    with tempfile.TemporaryDirectory(dir=ROOT / "out") as folder:  # on a disk, not in memory
        written = card_bytes(Path(folder))
    tables = [startup.table(startups), cost_table(cost), card_table(written, cost["events"])]
    if mips is not None:
        tables.append(projection_table(mips, cost, startups[0]))
    memory = ", ".join(f"{each.memory_mb:.0f} MB ({each.language})" for each in startups)
    first = (
        f"Measured on {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, one core of {os.cpu_count()}, on which {others:.1f} other "
        f"programs ran when it began; 7-zip with one thread: "
        f"{'not installed' if mips is None else f'{mips:.0f} MIPS'}. "
        f"Memory when ready: {memory}; most during the demo lesson: {cost['memory']:.0f} MB."
    )
    made = "\n\n".join([first, *(table.markdown() for table in tables)])
    click.echo(made)
    if write_docs:
        write_page(PAGE, made, MARKER)


if __name__ == "__main__":
    sys.exit(main())
