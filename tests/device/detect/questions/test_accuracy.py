"""How well the words tell which lines of real lessons ask for thinking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from device.detect.questions.scoring import question_scorer

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("language", "precision", "recall"), [("nl", 0.95, 0.90), ("en", 0.9, 0.85)]
)
def test_the_light_comes_for_questions_and_for_little_else(
    shared: Path, language: str, precision: float, recall: float
) -> None:
    file = shared / "data" / "text" / "utterances_dev.jsonl"
    if not file.is_file():
        pytest.skip(f"the labelled lines are not here: no {file}")
    scorer = question_scorer(language)
    hits, invented, missed = [], [], []
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        if line["lang"] != language or line["cat"] not in ("Q", "N"):
            continue
        score = scorer.score(line["asr"].split())
        armed = score.arms and score.starts_light
        if armed and line["arm"]:
            hits.append(line["asr"])
        elif armed:
            invented.append(line["asr"])
        elif line["arm"]:
            missed.append(line["asr"])
    assert len(hits) / (len(hits) + len(invented)) >= precision, invented
    assert len(hits) / (len(hits) + len(missed)) >= recall, missed
