"""Numbers in words."""

from __future__ import annotations

import random

import pytest

from tools.speech.numbers import number_sentences, number_words, spoken_number, spoken_year
from tools.speech.text import words_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (0, "nul", "zero"),
        (17, "zeventien", "seventeen"),
        (23, "drieëntwintig", "twenty three"),
        (85, "vijfentachtig", "eighty five"),
        (300, "driehonderd", "three hundred"),
        (142, "honderd tweeënveertig", "one hundred and forty two"),
        (2006, "tweeduizend zes", "two thousand six"),
    ],
)
def test_numbers_are_spoken_as_people_do(value: int, dutch: str, english: str) -> None:
    assert (dutch, english) == (spoken_number(value, "nl"), spoken_number(value, "en"))


def test_years_are_spoken_in_hundreds() -> None:
    assert "negentienhonderd vijfenveertig" == spoken_year(1945, "nl")
    assert "nineteen forty five" == spoken_year(1945, "en")
    assert "eighteen hundred" == spoken_year(1800, "en")


@pytest.mark.parametrize("code", ["nl", "en"])
def test_every_number_in_a_sentence_is_a_known_word(code: str) -> None:
    known = number_words(code)
    for value in (*range(1, 1600, 7),):
        assert set(spoken_number(value, code).split()) <= known | {"and"}
    for text in number_sentences(code, random.Random(1), 50):
        assert text == " ".join(words_of(text))
