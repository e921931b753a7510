"""Forms of Dutch verbs by the rules of spelling."""

from __future__ import annotations

import pytest

from device.detect.lexicon.dutch_verbs import (
    PASTS,
    THIRD_PERSONS,
    past,
    third_person,
    third_persons,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("infinitive", "expected"),
    [
        ("lopen", "loopt"),
        ("vallen", "valt"),
        ("leven", "leeft"),
        ("reizen", "reist"),
        ("vinden", "vindt"),
        ("zetten", "zet"),
        ("wandelen", "wandelt"),
        ("verdelen", "verdeelt"),
        ("luisteren", "luistert"),
        ("controleren", "controleert"),
        ("vergelijken", "vergelijkt"),
        ("komen", "komt"),
        ("gaan", "gaat"),
    ],
)
def test_third_person_follows_the_spelling(infinitive: str, expected: str) -> None:
    assert third_person(infinitive) == expected


@pytest.mark.parametrize(
    ("infinitive", "expected"),
    [
        ("koken", ("kookte", "kookten")),
        ("leven", ("leefde", "leefden")),
        ("reizen", ("reisde", "reisden")),
        ("vluchten", ("vluchtte", "vluchtten")),
        ("voelen", ("voelde", "voelden")),
    ],
)
def test_the_regular_past_asks_for_the_sound_before_its_ending(
    infinitive: str, expected: tuple[str, str]
) -> None:
    assert past(infinitive) == expected


def test_a_form_that_may_be_an_order_is_no_third_person() -> None:
    assert third_persons(["zetten", "drijven"]) == {"drijft"}


def test_no_form_is_a_plural_noun_or_a_common_other_word() -> None:
    nouns = {"planten", "kanten", "punten", "klanten", "kracht", "nacht", "past", "niet", "wat"}
    assert not nouns & (THIRD_PERSONS | PASTS)
