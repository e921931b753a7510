"""Whether a question sounds whole, from its words alone."""

from __future__ import annotations

import pytest

from device.detect.completeness import GUESSED_WORD, SURE_WORD, Completeness, completeness

pytestmark = pytest.mark.unit

WHOLE = Completeness.WHOLE
DOUBTFUL = Completeness.DOUBTFUL
BROKEN_OFF = Completeness.BROKEN_OFF


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("wat is het verschil tussen", "nl", BROKEN_OFF),
        ("wat is het verschil tussen een boot en een schip", "nl", WHOLE),
        ("hoe kun je", "nl", BROKEN_OFF),
        ("hoe kun je bewijzen", "nl", BROKEN_OFF),
        ("hoe kun je dat bewijzen", "nl", WHOLE),
        ("wat kun je bewijzen", "nl", WHOLE),
        ("wie kan in eigen woorden vertellen", "nl", BROKEN_OFF),
        ("hoeveel kamers heeft", "nl", BROKEN_OFF),
        ("hoeveel kamers heeft het hart", "nl", WHOLE),
        ("waarom ben je", "nl", BROKEN_OFF),
        ("wie ben jij", "nl", WHOLE),
        ("wat vind jij ervan", "nl", DOUBTFUL),
        ("wat merken wij daar dan van", "nl", WHOLE),
        ("welk dier zou je het liefst willen zijn", "nl", WHOLE),
        ("hoe zou het komen", "nl", DOUBTFUL),
        ("mannelijk of vrouwelijk", "nl", WHOLE),
        ("waarom denk je dat", "nl", BROKEN_OFF),
        ("waarom denk je dat de toppen wit zijn", "nl", DOUBTFUL),
        ("wat is zijn", "nl", BROKEN_OFF),
        ("how could we find out", "en", BROKEN_OFF),
        ("what could we find out", "en", WHOLE),
        ("where does the wood actually come from", "en", WHOLE),
        ("is it because of the", "en", BROKEN_OFF),
        ("is everybody happy with that", "en", DOUBTFUL),
        ("who do you think", "en", BROKEN_OFF),
        ("what do you think", "en", WHOLE),
        ("do you think", "en", DOUBTFUL),
        ("where does the old road", "en", DOUBTFUL),
        ("where does the old road lead", "en", WHOLE),
        ("could the fish survive", "en", WHOLE),
        ("why did they", "en", BROKEN_OFF),
    ],
)
def test_what_is_missing_tells_that_it_goes_on(
    said: str, language: str, expected: Completeness
) -> None:
    assert expected is completeness(said.split(), language)


def test_a_last_word_that_was_only_guessed_proves_nothing() -> None:
    words = ["wat", "is", "dat", "voor", "een"]
    assert BROKEN_OFF is completeness(words, "nl", SURE_WORD)
    assert DOUBTFUL is completeness(words, "nl", SURE_WORD - 0.01)


def test_behind_a_last_word_that_was_only_guessed_more_may_come() -> None:
    words = ["wat", "is", "het", "verschil", "tussen", "een", "boot", "en", "een", "schip"]
    assert WHOLE is completeness(words, "nl", GUESSED_WORD)
    assert DOUBTFUL is completeness(words, "nl", GUESSED_WORD - 0.01)


def test_no_words_are_doubtful() -> None:
    assert DOUBTFUL is completeness([], "nl")
