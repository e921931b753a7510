"""Reading truth and events, one lesson or a folder of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tools.score.rules import Json
from tools.score.tally import Tally, tally

_REQUIRED = {
    "question": ("t_end",),
    "pause": ("t_start",),
    "name": ("t_start",),
    "cue": ("t", "cue"),
}


class ScoreError(ValueError):
    """A file cannot be compared; the message says which one and why."""


def read_events(path: Path) -> list[Json]:
    """The events of one lesson, one JSON object a line.

    Raises:
        ScoreError: a line is no event or lacks a field that its type must have.
        OSError: the file cannot be read.
    """
    events: list[Json] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except json.JSONDecodeError as error:
            raise ScoreError(f"{path}:{number}: not JSON: {error.msg}") from error
        if not isinstance(event, dict) or "type" not in event:
            raise ScoreError(f"{path}:{number}: not an event: it has no type")
        missing = [key for key in _REQUIRED.get(event["type"], ()) if key not in event]
        if missing:
            raise ScoreError(f"{path}:{number}: {event['type']} without {', '.join(missing)}")
        events.append(event)
    return events


def read_truth(path: Path) -> Json:
    """The truth of one lesson.

    Raises:
        ScoreError: the file holds no truth.
        OSError: the file cannot be read.
    """
    try:
        truth = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ScoreError(f"{path}: not JSON: {error.msg}") from error
    if not isinstance(truth, dict) or "questions" not in truth:
        raise ScoreError(f"{path}: no truth of a lesson: it has no questions")
    return truth


def lessons(folder: Path) -> Iterator[Json]:
    """Every truth in a folder, in order of file name; other JSON files are passed over."""
    for path in sorted(folder.glob("*.json")):
        try:
            yield read_truth(path)
        except ScoreError:
            continue


def tally_folder(
    truths: Path, events: Path, tolerance_s: float = 0.5, latency_s: float = 1.5
) -> tuple[dict[str, Tally], list[str]]:
    """Tally every lesson of a folder against ``<scene>.jsonl`` in another.

    Returns:
        the tally of each scene, and the scenes without events, which count as if nothing was
        found in them.

    Raises:
        ScoreError: there is no truth in the folder, or events cannot be read.
    """
    tallies: dict[str, Tally] = {}
    missing: list[str] = []
    for truth in lessons(truths):
        scene = truth["scene"]
        path = events / f"{scene}.jsonl"
        found = read_events(path) if path.exists() else []
        if not path.exists():
            missing.append(scene)
        tallies[scene] = tally(truth, found, tolerance_s, latency_s)
    if not tallies:
        raise ScoreError(f"{truths}: no truth of a lesson in this folder")
    return tallies, missing
