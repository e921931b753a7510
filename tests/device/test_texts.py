"""Both languages say the same things, and nobody is judged."""

from __future__ import annotations

import re
import string
from enum import StrEnum

import pytest

from device.feedback.light import BoxState
from device.texts import CATALOGUES, DUTCH, ENGLISH, number, seconds, text
from lesson.episode import Order
from lesson.events import CueMode, Ender, Focus, HealthPart, HealthState, NameRole, Source
from lesson.phases import PhaseName

pytestmark = pytest.mark.unit


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert sorted(DUTCH) == sorted(ENGLISH)


@pytest.mark.parametrize("key", sorted(DUTCH))
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    assert _fields(DUTCH[key]) == _fields(ENGLISH[key])


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("box", BoxState),
        ("mode", CueMode),
        ("phase", PhaseName),
        ("order", Order),
        ("focus", Focus),
        ("ender", Ender),
        ("role", NameRole),
        ("source", Source),
        ("health", HealthPart),
        ("state", HealthState),
    ],
)
def test_every_word_of_the_events_has_its_text(prefix: str, words: type[StrEnum]) -> None:
    assert [word for word in words if f"{prefix}.{word.value}" not in DUTCH] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_text_judges(language: str) -> None:
    judging = re.compile(
        r"\b(fout|score|onvoldoende|voldoende|norm|goed|slecht|wrong|error|bad|poor|grade)\b", re.I
    )
    catalogue = {str(name): texts for name, texts in CATALOGUES.items()}[language]
    assert [value for value in catalogue.values() if judging.search(value)] == []


def test_numbers_take_the_sign_of_the_language() -> None:
    assert (number("nl", 3.25, 2), number("en", 3.25, 2)) == ("3,25", "3.25")
    assert (seconds("nl", 2.96), seconds("en", 2.96)) == ("3,0\xa0s", "3.0\xa0s")


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("nl", "phase.think", second="1 s")
