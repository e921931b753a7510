"""The figures of last time (``bench/results.json``), and what has changed since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tools.bench.figures import KINDS, Figure, Figures, Json, Kind
from tools.bench.lessons import ROOT

RESULTS = ROOT / "bench" / "results.json"
#: values are kept with so many decimals, and no change smaller than that is one
DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of last time beside that of now."""

    group: str
    key: str
    old: Figure
    new: Figure

    @property
    def kind(self) -> Kind:
        return KINDS[self.key]

    @property
    def by(self) -> float | None:
        """New minus old, ``None`` where one of them was not measured."""
        if self.old.value is None or self.new.value is None:
            return None
        return self.new.value - self.old.value

    @property
    def step_back(self) -> bool:
        """Worse than the old interval allows, or than the figure's slack where there is none."""
        if self.by is None or self.old.value is None or self.new.value is None:
            return False
        slack = self.kind.slack * abs(self.old.value)
        low = self.old.value - slack if self.old.low is None else self.old.low
        high = self.old.value + slack if self.old.high is None else self.old.high
        least = 10**-DECIMALS
        if self.kind.more_is_better:
            return self.new.value < low - least
        return self.new.value > high + least


def changes(old: Figures, new: Figures) -> list[Change]:
    """Every figure that was measured both times, in the order of now."""
    found = [
        Change(group, key, old[group][key], figure)
        for group, members in new.items()
        for key, figure in members.items()
        if key in old.get(group, {})
    ]
    return [change for change in found if change.by is not None]


def read_figures(path: Path) -> Figures:
    """The figures in a results file; none where it does not exist, unknown ones passed over."""
    if not path.exists():
        return {}
    data: Json = json.loads(path.read_text(encoding="utf-8"))
    return {
        group: {key: Figure.from_json(each) for key, each in members.items() if key in KINDS}
        for group, members in data["figures"].items()
    }


def write_results(path: Path, figures: Figures, about: Json) -> None:
    """Figures with intervals, and on what they were measured."""
    kept = {
        group: {
            key: {name: round(value, DECIMALS) for name, value in figure.to_json().items()}
            for key, figure in members.items()
            if figure.value is not None
        }
        for group, members in figures.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**about, "figures": kept}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
