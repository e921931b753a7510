"""A power cut at any moment: what was decided a second before it is on the card.

The system calls of a device are traced. A card that loses power keeps for certain only what was
synchronised, so the files are built again from the traced writes up to the last ``fdatasync``
before the cut, and a journal is opened on them.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from device.clock import SystemClock
from device.journal import Journal

pytestmark = [pytest.mark.process, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]
EVENTS = 60
EVERY_S = 0.04
#: docs/reliability.md
LOSS_WINDOW_S = 1.0
PROGRAM = """
import sys, time
from pathlib import Path
from device.clock import SystemClock
from device.journal import Journal, JournalWriter
from device_process import STARTED
from lesson.events import Mark

clock = SystemClock()
with Journal.open(Path(sys.argv[1]), "lokaal-12", clock) as journal:
    with JournalWriter(journal, clock) as writer:
        lesson = writer.start_lesson(STARTED)
        for number in range(int(sys.argv[2])):
            writer.append(lesson, Mark(t=number, by="teacher"))
            print(number, time.time(), flush=True)
            writer.still_heard(lesson, number)
            time.sleep(float(sys.argv[3]))
"""
CALL = re.compile(r"^\d+ +(\d+\.\d+) (\w+)\((.*)\) += (-?\w+)")


@dataclass
class Card:
    """Files as they are for certain after a power cut."""

    synced: dict[str, bytearray] = field(default_factory=dict)
    open_files: dict[int, str] = field(default_factory=dict)
    pending: dict[str, list[tuple[int, bytes] | int]] = field(default_factory=dict)

    def take(self, call: str, arguments: str, result: int) -> None:
        """One system call."""
        if call == "openat":
            found = re.search(r'"([^"]*)"', arguments)
            name = Path(ast.literal_eval(f'b"{found[1]}"').decode()).name if found else ""
            if result >= 0 and name in ("journal.db", "journal.db-wal"):
                self.open_files[result] = name
            return
        descriptor = int(arguments.split(",", 1)[0])
        name = self.open_files.get(descriptor, "")
        if not name:
            return
        if call == "close":
            del self.open_files[descriptor]
        elif call == "pwrite64":
            text, place = re.fullmatch(r'\d+, ("(?:[^"\\]|\\.)*"), \d+, (\d+)', arguments).groups()
            data = ast.literal_eval("b" + text)
            self.pending.setdefault(name, []).append((int(place), data))
        elif call == "ftruncate":
            self.pending.setdefault(name, []).append(int(arguments.split(", ")[1]))
        elif call in ("fdatasync", "fsync"):
            self._sync(name)

    def _sync(self, name: str) -> None:
        content = self.synced.setdefault(name, bytearray())
        for change in self.pending.pop(name, []):
            if isinstance(change, int):
                del content[change:]
                continue
            place, data = change
            content.extend(bytes(max(0, place + len(data) - len(content))))
            content[place : place + len(data)] = data

    def write(self, folder: Path) -> Path:
        folder.mkdir()
        for name, content in self.synced.items():
            (folder / name).write_bytes(content)
        return folder / "journal.db"


def test_what_was_decided_a_second_before_a_power_cut_is_on_the_card(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt install strace")
    trace = tmp_path / "trace"
    calls = "openat,close,pwrite64,ftruncate,fdatasync,fsync"
    path = tmp_path / "card" / "journal.db"
    done = subprocess.run(
        [
            *("strace", "-f", "-ttt", "-xx", "-s", "1000000", "-e", f"trace={calls}"),
            *("-o", str(trace), sys.executable, "-c", PROGRAM),
            *(str(path), str(EVENTS), str(EVERY_S)),
        ],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'support'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "ptrace" in done.stderr:
        pytest.skip("this machine does not let a process be traced")
    assert 0 == done.returncode, done.stderr
    decided = {
        int(number): float(at) for number, at in (line.split() for line in done.stdout.splitlines())
    }
    card, cuts = Card(), 0
    for line in calls_of(trace):
        at_s, call, arguments, result = line
        # the state before this call is what a cut at its moment leaves
        if call in ("fdatasync", "fsync") and "journal.db" in card.synced and cuts < 40:
            cuts += 1
            kept = marks(card.write(tmp_path / f"cut-{cuts}"))
            due = {number for number, when in decided.items() if when <= at_s - LOSS_WINDOW_S}
            assert set() == due - kept, f"cut at {at_s}"
            assert kept == set(range(len(kept))), "a prefix, without holes"
        card.take(call, arguments, result)
    assert cuts >= 20
    assert set(range(EVENTS)) == marks(card.write(tmp_path / "end"))


def calls_of(trace: Path) -> list[tuple[float, str, str, int]]:
    """Time, name, arguments and result of each call, those that were interrupted joined again."""
    joined: list[str] = []
    open_calls: dict[tuple[str, str], str] = {}
    for line in trace.read_text(encoding="ascii").splitlines():
        process = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            name = line.split(maxsplit=2)[2].split("(")[0]
            open_calls[process, name] = line.removesuffix("<unfinished ...>").rstrip()
        elif resumed := re.match(r"^\d+ +\d+\.\d+ <\.\.\. (\w+) resumed>(.*)$", line):
            joined.append(open_calls.pop((process, resumed[1])) + resumed[2])
        else:
            joined.append(line)
    found = (CALL.match(line) for line in joined)
    return [
        (float(call[1]), call[2], call[3], int(call[4], 0)) for call in found if call is not None
    ]


def marks(path: Path) -> set[int]:
    """Numbers of the events that a journal holds."""
    with Journal.open(path, "lokaal-12", SystemClock()) as journal:
        assert journal.set_aside is None
        events = [e.event for lesson in journal.lessons() for e in journal.events(lesson)]
    return {round(event.t) for event in events if event.kind == "mark"}
