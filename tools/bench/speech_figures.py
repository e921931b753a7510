"""What the built-in speech models are worth: read from their cards, which their build measures."""

from __future__ import annotations

import json
from pathlib import Path

from device.models import BUILT_IN_FOLDER
from tools.bench.figures import Figure, Figures, Json
from tools.bench.targets import DUTCH_SPEECH, ENGLISH_SPEECH, HUMAN_NAMES, STRANGER

TOGETHER = "lessons together"
HUMAN_LESSONS = ("p10", "p11", "p12")
_GROUPS = {"nl": DUTCH_SPEECH, "en": ENGLISH_SPEECH}


def speech_figures(folder: Path = BUILT_IN_FOLDER) -> Figures:
    """Figures of both models; what a card does not say stays without a value."""
    figures: Figures = {}
    people: list[Json] = []
    for language, group in _GROUPS.items():
        path = folder / language / "card.json"
        if not path.exists():
            continue
        card = json.loads(path.read_text(encoding="utf-8"))
        sets: Json = {k: v for k, v in card["figures"].items() if isinstance(v, dict)}
        figures[group] = _words(sets.get(TOGETHER, {})) | _model(card, sets.get("resources", {}))
        for title, row in sets.items():
            if "never met" in title:
                figures[STRANGER] = _words(row)
            if any(lesson in title for lesson in HUMAN_LESSONS):
                people.append(row)
    if people:
        figures[HUMAN_NAMES] = _names(people)
    return figures


def _words(row: Json) -> dict[str, Figure]:
    found = {
        "wer": _share(row, "wer_pct", "words"),
        "first_word": _share(row, "first_word_pct", "clips"),
        "question_class": _share(row, "question_class_pct", "questions"),
        "end_median_s": Figure(_scaled(row, "end_median_ms", 1e-3), n=row.get("clips")),
        "end_p90_s": Figure(_scaled(row, "end_p90_ms", 1e-3), n=row.get("clips")),
    }
    return found | _names([row])


def _names(rows: list[Json]) -> dict[str, Figure]:
    called = sum(row.get("names", 0) for row in rows)
    if not called:
        return {"names_heard": Figure(None), "names_false": Figure(None)}
    heard = sum(row.get("names_heard", 0) for row in rows)
    false = sum(row.get("names_false", 0) for row in rows)
    return {"names_heard": Figure(heard / called, n=called), "names_false": Figure(false, n=called)}


def _model(card: Json, cost: Json) -> dict[str, Figure]:
    return {
        "size_mb": Figure(_scaled(card, "size_bytes", 1e-6)),
        "load_s": Figure(_scaled(cost, "load_s", 1.0)),
        "memory_mb": Figure(_scaled(cost, "after_50_minutes_mb", 1.0)),
        "times_real_time": Figure(_scaled(cost, "times_real_time", 1.0)),
    }


def _share(row: Json, key: str, counted: str) -> Figure:
    return Figure(_scaled(row, key, 0.01), n=row.get(counted))


def _scaled(row: Json, key: str, by: float) -> float | None:
    return float(row[key]) * by if key in row else None
