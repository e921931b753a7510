"""Sets of lessons, and their figures with intervals: lessons drawn again and again with return."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tools.bench.figures import LESSON_KINDS, Figure
from tools.bench.lessons import Lesson, Measured
from tools.score.report import Report, report
from tools.score.tally import Tally

LEAST_SNR_DB = 15.0
DRAWS = 1000
SEED = 4

SYNTHETIC = "synthetic teacher"
HUMAN = "human teacher"
ALL = "all test lessons"


def _synthetic(lesson: Lesson) -> bool:
    return not lesson.human and lesson.snr_db >= LEAST_SNR_DB


_SETS: dict[str, Callable[[Lesson], bool]] = {
    SYNTHETIC: _synthetic,
    "synthetic teacher, Dutch": lambda lesson: _synthetic(lesson) and lesson.language == "nl",
    "synthetic teacher, English": lambda lesson: _synthetic(lesson) and lesson.language == "en",
    HUMAN: lambda lesson: lesson.human,
    ALL: lambda lesson: not lesson.demo,
}


def sets(measured: Sequence[Measured]) -> dict[str, list[Measured]]:
    """The test lessons of each set; the demo lesson is in none, nor is an empty set."""
    tests = [each for each in measured if not each.lesson.demo]
    found = {
        name: [each for each in tests if belongs(each.lesson)] for name, belongs in _SETS.items()
    }
    return {name: members for name, members in found.items() if members}


def conditions(measured: Sequence[Measured]) -> dict[str, list[Measured]]:
    """The test lessons by noise, by how far speech lies above it, and by voice."""
    tests = [each for each in measured if not each.lesson.demo]
    found: dict[str, list[Measured]] = {}
    for titles in (
        lambda lesson: lesson.noise_kinds,
        lambda lesson: [lesson.snr_band],
        lambda lesson: [lesson.voice],
    ):
        named = [(title, each) for each in tests for title in titles(each.lesson)]
        for title, each in sorted(named, key=lambda pair: pair[0]):
            found.setdefault(title, []).append(each)
    return found


def total(members: Sequence[Measured]) -> Report:
    """The figures of several lessons together."""
    return report(sum((each.tally for each in members), Tally()))


def lesson_figures(members: Sequence[Measured]) -> dict[str, Figure]:
    """Every figure of a set with its 95 % interval; without one where there is a single lesson."""
    together = total(members)
    intervals = _intervals([each.tally for each in members]) if len(members) > 1 else {}
    found = {}
    for key, kind in LESSON_KINDS.items():
        low, high = intervals.get(key, (None, None))
        found[key] = Figure(_value(together, key), low, high, _value(together, kind.counted))
    return found


def _intervals(tallies: Sequence[Tally]) -> dict[str, tuple[float, float]]:
    random = np.random.default_rng(SEED)
    drawn: dict[str, list[float]] = {}
    for _ in range(DRAWS):
        places = random.integers(len(tallies), size=len(tallies))
        again = report(sum((tallies[place] for place in places), Tally()))
        for key in LESSON_KINDS:
            value = _value(again, key)
            if value is not None:
                drawn.setdefault(key, []).append(value)
    ends = {key: np.percentile(values, [2.5, 97.5]) for key, values in drawn.items()}
    return {key: (float(low), float(high)) for key, (low, high) in ends.items()}


def _value(row: Report, key: str) -> float | None:
    value = row.get(key)
    return None if value is None or isinstance(value, dict) else float(value)
