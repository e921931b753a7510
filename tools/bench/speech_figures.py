"""What the built-in speech models are worth: read from their cards, which their build measures."""

from __future__ import annotations

import json
from pathlib import Path

from device.models import BUILT_IN_FOLDER
from tools.bench.figures import Figure, Figures, Json
from tools.bench.targets import DUTCH_SPEECH, ENGLISH_SPEECH, STRANGER

TOGETHER = "lessons together"
_GROUPS = {"nl": DUTCH_SPEECH, "en": ENGLISH_SPEECH}


def speech_figures(folder: Path = BUILT_IN_FOLDER) -> Figures:
    """Figures of both models; what a card does not say stays without a value."""
    figures: Figures = {}
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
    return figures


def _words(row: Json) -> dict[str, Figure]:
    return {
        "wer": _share(row, "wer_pct", "words"),
        "first_word": _share(row, "first_word_pct", "clips"),
        "question_class": _share(row, "question_class_pct", "questions"),
        "end_median_s": Figure(_scaled(row, "end_median_ms", 1e-3), n=row.get("clips")),
        "end_p90_s": Figure(_scaled(row, "end_p90_ms", 1e-3), n=row.get("clips")),
    }


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
