"""How long the service takes from its start until it could hear, part by part.

Each start is a process of its own on one core; the modules and the model are in the disk's cache,
as they are after any start of the machine but the first.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.bench.lessons import ROOT
from tools.bench.table import Table

ROUNDS = 7
#: What the service does before it is ready, in its order; each mark ends a part.
SCRIPT = """
import json, sys, time
marks = [("Python itself", time.process_time(), time.perf_counter())]
def mark(name):
    marks.append((name, time.process_time(), time.perf_counter()))
import device.cli, device.commands.serve
mark("import")
from pathlib import Path
from device.clock import SystemClock
from device.journal import Journal
from device.lesson_plan import LessonPlan
from device.models import BUILT_IN_FOLDER
from device.settings import Settings
language, folder, roster = sys.argv[1:]
plan = LessonPlan.make(Settings.model_validate({
    "device": {"language": language, "data_folder": folder},
    "lesson": {"roster": roster},
    "recogniser": {"model_path": BUILT_IN_FOLDER / language},
}))
mark("settings, class list, names")
recogniser = plan.recogniser(threaded=False)
mark("model load")
plan.listener(recogniser)
Journal.open(Path(folder) / "journal.db", "bench", SystemClock()).close()
mark("detector and journal: ready")
cpu_s = [marks[0][1]] + [after[1] - before[1] for before, after in zip(marks, marks[1:])]
(resident,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS:")]
print(json.dumps([dict(zip([mark[0] for mark in marks], cpu_s)), int(resident) / 1000]))
"""


@dataclass(frozen=True, slots=True)
class Startup:
    """Median of some starts.

    Attributes:
        cpu_s: processor time by part, in order.
        memory_mb: what the process holds when it is ready.
    """

    language: str
    cpu_s: dict[str, float]
    memory_mb: float


def measure(language: str, rounds: int = ROUNDS) -> Startup:
    """Start anew so many times, after one that is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        _once(language, Path(folder))  # tries the model in another process, once
        found = [_once(language, Path(folder)) for _ in range(rounds)]
    cpu_s = {part: statistics.median(parts[part] for parts, _ in found) for part in found[0][0]}
    return Startup(language, cpu_s, statistics.median(memory for _, memory in found))


def table(startups: Sequence[Startup]) -> Table:
    """Seconds of one core by part, and together."""
    rows = [
        [part, *(f"{startup.cpu_s[part]:.2f}" for startup in startups)]
        for part in startups[0].cpu_s
    ]
    rows.append(["together", *(f"{sum(startup.cpu_s.values()):.2f}" for startup in startups)])
    head = ["part", *(f"CPU s, {startup.language}" for startup in startups)]
    return Table("From start to ready", head, rows)


def _once(language: str, folder: Path) -> tuple[dict[str, float], float]:
    roster = ROOT / "device" / "data" / "demo" / "klas.txt"
    core = max(os.sched_getaffinity(0))
    command = ["taskset", "--cpu-list", str(core), sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        [*command, language, str(folder), str(roster)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    parts, memory_mb = json.loads(done.stdout)
    return parts, memory_mb
