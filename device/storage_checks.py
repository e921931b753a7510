"""What ``denkpauze doctor`` looks at on the disk: room, rights and the journal."""

from __future__ import annotations

from pathlib import Path

from device import machine
from device.findings import Finding, Verdict, judged
from device.journal.inspection import Inspection, inspect
from device.settings import Settings

#: A lesson's journal is under 1 MB; below this the system itself gets into trouble.
LEAST_FREE_MB = 500
#: Below this the journal of a lesson may find no room.
NO_ROOM_MB = 5


def check_disk(settings: Settings) -> Finding:
    folder = settings.device.data_folder
    free = machine.free_disk_mb(folder)
    advice = "free some space, or set [device] data_folder to another disk"
    bad = Verdict.BLOCKER if free < NO_ROOM_MB else Verdict.ATTENTION
    return judged("Disk", free >= LEAST_FREE_MB, f"{free} MB free for {folder}", advice, bad)


def check_data_folder(settings: Settings) -> Finding:
    folder = settings.device.data_folder
    problem = machine.write_problem(folder)
    advice = "run it as the service's user (sudo -u denkpauze …), or change [device] data_folder"
    if problem is not None and "read-only" in problem:
        advice = "sudo mount -o remount,rw /; a card that does so again is worn out: replace it"
    found = problem or f"{folder} can be written"
    return judged("Data folder", problem is None, found, advice, Verdict.BLOCKER)


def check_journal(settings: Settings) -> Finding:
    """A damaged journal keeps no lesson from being measured: it is set aside."""
    path = settings.device.data_folder / "journal.sqlite"
    try:
        inspection = inspect(path)
    except OSError as error:
        advice = "run it as the user whose journal it is: sudo -u denkpauze denkpauze doctor"
        found = f"{path} cannot be looked at: {error.strerror}"
        return Finding("Journal", Verdict.ATTENTION, found, advice)
    return _judged(path, inspection)


def _judged(path: Path, inspection: Inspection) -> Finding:
    if inspection.problem:
        advice = "the next lesson sets it aside and begins anew; keep a copy if it matters"
        return Finding("Journal", Verdict.ATTENTION, inspection.problem, advice)
    if inspection.in_use:
        found = "in use by a lesson"
    elif not path.exists():
        found = "begins with the first lesson"
    else:
        found = f"sound; {inspection.waiting} events wait for the dashboard"
    aside = len(inspection.set_aside)
    if aside:
        found += f"; {aside} damaged before and set aside"
    advice = f"when nobody needs them any more: rm {path}.damaged-*"
    return judged("Journal", not aside, found, advice)
