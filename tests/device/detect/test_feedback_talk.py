"""Feedback after an answer: what is specific, what is positive, and what is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from device.detect.feedback_talk import FeedbackReader, FeedbackTalk

pytestmark = pytest.mark.unit

PRAISE = FeedbackTalk(specific=False, positive=True)
REFUSAL = FeedbackTalk(specific=False, positive=False)
PROGRESS = FeedbackTalk(specific=True, positive=True)
DISCREPANCY = FeedbackTalk(specific=True, positive=False)

CASES = [
    ("nl", "heel goed gedaan", PRAISE),
    ("nl", "dat klopt helemaal", PRAISE),
    ("nl", "nog niet helemaal", REFUSAL),
    ("nl", "helaas", REFUSAL),
    ("nl", "knap dat je de bron hebt nagekeken", PROGRESS),
    ("nl", "je gebruikte twee manieren om te schatten", PROGRESS),
    ("nl", "eerst vergat je de komma maar nu staat hij goed", PROGRESS),
    ("nl", "je uitleg mist het tweede voorbeeld", DISCREPANCY),
    ("nl", "nee want de teller is groter", DISCREPANCY),
    ("en", "very good", PRAISE),
    ("en", "not quite", REFUSAL),
    ("en", "i like how you checked the units", PROGRESS),
    ("en", "you compared both graphs before you chose", PROGRESS),
    ("en", "you forgot the minus sign", DISCREPANCY),
]


@pytest.mark.parametrize(("language", "clause", "expected"), CASES)
def test_feedback_is_told_by_what_it_names(
    language: str, clause: str, expected: FeedbackTalk
) -> None:
    assert expected == FeedbackReader(language).read(clause.split())


@pytest.mark.parametrize(
    ("language", "clause"),
    [
        ("nl", "goed dan gaan we door met breuken"),
        ("nl", "mooi de volgende opgave"),
        ("nl", "veertien"),
        ("nl", "je mag je boek pakken"),
        ("nl", "als je de teller vergat dan klopt het niet"),
        ("nl", "eh"),
        ("en", "okay let's go on"),
        ("en", "you have to divide by two"),
        ("en", "if you used a ruler it fits"),
        ("en", "seven"),
    ],
)
def test_a_transition_an_echo_and_an_instruction_are_none(language: str, clause: str) -> None:
    assert None is FeedbackReader(language).read(clause.split())


def test_a_judgement_before_a_question_counts_and_the_question_does_not() -> None:
    reader = FeedbackReader("nl")

    assert PRAISE == reader.read(["prima", "en", "hoe", "ging", "je", "verder"], asks=True)
    assert None is reader.read(["klopt", "dit", "antwoord"], asks=True)
    assert None is reader.read(["hoe", "heb", "je", "dat", "gedaan"], asks=True)


def test_nothing_said_is_no_feedback() -> None:
    assert None is FeedbackReader("en").read([])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_lines_of_lessons_are_mostly_read_as_they_were_labelled(
    shared: Path, language: str
) -> None:
    file = shared / "data" / "text" / "utterances_dev.jsonl"
    if not file.is_file():
        pytest.skip(f"the labelled lines are not here: no {file}")
    reader, right, n = FeedbackReader(language), 0, 0
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        if row["lang"] != language or row["cat"] not in ("FB", "FBX"):
            continue
        found = reader.read(row["asr"].split())
        if row["cat"] == "FBX":
            right += found is None
        elif found is not None:
            right += (found.specific, found.positive) == (
                row["spec"] == "spec",
                row["val"] == "pos",
            )
        n += 1

    assert right / n >= 0.85
