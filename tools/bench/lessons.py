"""The lessons on which we measure, and what a process of its own makes of each."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.score.errors import Error, errors
from tools.score.files import read_events
from tools.score.tally import Tally, tally

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
DEMO_SOUND = ROOT / "device" / "data" / "demo" / "les_nl.flac"
LONGEST_CHILD_S = 3600

_LANGUAGES = {"nl": "Dutch", "en": "English"}
_NOISES = {"hvac": "ventilation"}
_SYNTHESISERS = {"espeak": "espeak-ng", "flite": "flite", "festival": "festival"}
_HUM = "mains hum"


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
    def language(self) -> str:
        return str(self.truth["lang"])

    @property
    def human(self) -> bool:
        """Whether a person is the teacher."""
        return bool(self.truth["human_teacher"])

    @property
    def condition(self) -> str:
        """Language, voice and noise in a few words."""
        noises = [
            f"{_NOISES.get(kind, kind)} {level_db:.0f} dB" for kind, level_db in self.truth["noise"]
        ]
        if self._hums:
            noises.append(_HUM)
        voice = "human voice" if self.human else "synthetic voice"
        return f"{_LANGUAGES[self.language]}, {voice}, {' and '.join(noises) or 'quiet'}"

    @property
    def snr_db(self) -> float:
        """How far the teacher lies above the loudest noise; without end where there is none."""
        return min((float(level) for _, level in self.truth["noise"]), default=math.inf)

    @property
    def noise_kinds(self) -> list[str]:
        """What kinds of noise there are, as titles."""
        kinds = [_NOISES.get(kind, kind) for kind, _ in self.truth["noise"]]
        if self._hums:
            kinds.append(_HUM)
        return [f"noise: {kind}" for kind in kinds or ["none"]]

    @property
    def snr_band(self) -> str:
        """How far the teacher lies above the noise, as a title."""
        if math.isinf(self.snr_db):
            return "no noise added"
        for least_db in (25, 20, 15, 10):
            if self.snr_db >= least_db:
                return f"{least_db} dB above the noise or more"
        return "less than 10 dB above the noise"

    @property
    def voice(self) -> str:
        """Who or what speaks, as a title."""
        engine, _, name = self.truth["teacher_voice"].partition(":")
        if engine in _SYNTHESISERS:
            return f"voice: {_SYNTHESISERS[engine]}, {_LANGUAGES[self.language]}"
        return f"voice: reader {name}, {_LANGUAGES[self.language]}"

    @property
    def _hums(self) -> bool:
        return re.search(r"\bhum\b", self.truth["conditions"]) is not None


@dataclass(frozen=True, slots=True)
class Measured:
    """A lesson with its comparison and what the analysis took (``tools.bench.recording``)."""

    lesson: Lesson
    tally: Tally
    wrong: list[Error]
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
    return Measured(lesson, tally(lesson.truth, events), errors(lesson.truth, events), taken)


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
