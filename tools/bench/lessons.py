"""The lessons on which we measure, and what a process of its own makes of each."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.score.files import read_events
from tools.score.tally import Tally, tally

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
DEMO_SOUND = ROOT / "device" / "data" / "demo" / "les_nl.flac"
LONGEST_CHILD_S = 3600

_LANGUAGES = {"nl": "Dutch", "en": "English"}
_NOISES = {"hvac": "ventilation", "ventilation": "ventilation", "babble": "babble"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A recording with its truth."""

    sound: Path
    truth: Json
    demo: bool = False

    @property
    def name(self) -> str:
        return str(self.truth["scene"])

    @property
    def group(self) -> str:
        """What lessons are put together for the averages."""
        if self.demo:
            return "demo lesson"
        return f"{_LANGUAGES[self.truth['lang']]}, {self._voice}"

    @property
    def condition(self) -> str:
        """Language, voice and noise in a few words."""
        noises = [
            f"{_NOISES.get(kind, kind)} {level_db:.0f} dB" for kind, level_db in self.truth["noise"]
        ]
        if re.search(r"\bhum\b", self.truth["conditions"]):
            noises.append("mains hum")
        noise = " and ".join(noises) or "quiet"
        return f"{_LANGUAGES[self.truth['lang']]}, {self._voice}, {noise}"

    @property
    def _voice(self) -> str:
        return "human voice" if self.truth["human_teacher"] else "synthetic voice"


@dataclass(frozen=True, slots=True)
class Measured:
    """A lesson with its comparison and what the analysis took (``tools.bench.recording``)."""

    lesson: Lesson
    tally: Tally
    taken: Json


def find_lessons(shared: Path | None) -> list[Lesson]:
    """The demo lesson, then the test lessons where they are."""
    lessons = [Lesson(DEMO_SOUND, _read(DEMO_SOUND.with_suffix(".json")), demo=True)]
    if shared is not None:
        for path in sorted((shared / "scenes").glob("p*.json")):
            lessons.append(Lesson(path.with_suffix(".flac"), _read(path)))
    return lessons


def measure(lesson: Lesson, out: Path, official: bool) -> Measured:
    """Analyse a lesson in a process of its own and compare it with its truth."""
    out.mkdir(parents=True, exist_ok=True)
    roster = out / f"{lesson.name}.names.txt"
    roster.write_text("\n".join(lesson.truth["class_names"]) + "\n", encoding="utf-8")
    taken = take(lesson.sound, lesson.truth["lang"], roster, out, official)
    events = read_events(out / f"{lesson.sound.stem}.jsonl")
    return Measured(lesson, tally(lesson.truth, events), taken)


def take(sound: Path, language: str, roster: Path, out: Path, official: bool = False) -> Json:
    """Run ``tools.bench.recording`` and return what it tells.

    Raises:
        RuntimeError: it failed; the message is the end of what it said.
    """
    command = [sys.executable, "-m", "tools.bench.recording", str(sound)]
    command += ["--language", language, "--roster", str(roster), "--out", str(out)]
    command += ["--official"] if official else []
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_CHILD_S, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{sound.name}: {done.stderr.strip().splitlines()[-1:]}")
    taken: Json = json.loads(done.stdout)
    return taken


def _read(path: Path) -> Json:
    truth: Json = json.loads(path.read_text(encoding="utf-8"))
    return truth
