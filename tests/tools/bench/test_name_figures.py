"""Names heard and invented, counted on a real lesson with the real speech model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tools.bench.lessons import DEMO_SOUND, Lesson
from tools.bench.name_figures import names_by_group
from tools.bench.targets import DUTCH_SPEECH, HUMAN_NAMES

pytestmark = [pytest.mark.replay, pytest.mark.slow]


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A data folder with some first names, one of them in the demo lesson's class already."""
    text = tmp_path / "data" / "text"
    text.mkdir(parents=True)
    rows = ["name", "sofie", "milan", "jasper", "lotte"]
    (text / "nl_pupil_names.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_names_said_heard_and_invented_are_counted_over_the_utterances(shared: Path) -> None:
    truth = json.loads(DEMO_SOUND.with_suffix(".json").read_text(encoding="utf-8"))
    two = {"utterances": truth["utterances"][:24], "class_names": truth["class_names"]}
    lesson = Lesson(DEMO_SOUND, truth | two)
    called = [
        name
        for item in two["utterances"]
        for name in two["class_names"]
        if item["speaker"] == "teacher" and name in item["text"]
    ]
    found = names_by_group([lesson, replace(lesson, demo=True)], shared)
    assert len(called) > 2
    assert found[DUTCH_SPEECH]["names_heard"].n == len(called)
    assert found[DUTCH_SPEECH]["names_heard"].value == 1.0
    assert found[DUTCH_SPEECH]["names_false"].value == 0
    assert found[HUMAN_NAMES]["names_heard"].value is None
