"""Words that sound the same are spelt as they were meant."""

from __future__ import annotations

import pytest
from scripted import spread

from device.detect.questions.heard_alike import spelt_as_meant
from device.detect.words import text_of

pytestmark = pytest.mark.unit


def spelt(text: str, language: str = "nl") -> str:
    return " ".join(text_of(spelt_as_meant(spread(text, 0.0, 2.0), language)))


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("wie bepaald in nederland de prijs", "wie bepaalt in nederland de prijs"),
        ("sanne wat betekend dat woord", "sanne wat betekent dat woord"),
    ],
)
def test_the_verb_behind_a_question_word_is_spelt_as_one(heard: str, meant: str) -> None:
    assert meant == spelt(heard)


@pytest.mark.parametrize(
    "text",
    ["wat bepaald is staat vast", "het is bepaald niet leuk", "wie vind jij aardig", "wie bepaald"],
)
def test_a_participle_and_a_form_in_d_stay(text: str) -> None:
    assert text == spelt(text)


def test_english_words_stay() -> None:
    assert "wie bepaald in nederland" == spelt("wie bepaald in nederland", "en")
