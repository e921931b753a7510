"""Which pronunciations enter the graph."""

from __future__ import annotations

from collections import Counter

import pytest

from tools.speech.lexicon import UNKNOWN, lexicon, vocabulary
from tools.speech.text import Corpus, Sentence

pytestmark = pytest.mark.unit

UNITS = ["SIL", "a", "b", "n"]


def test_common_variant_costs_nothing_and_a_rare_one_is_dropped() -> None:
    variants = {"ban": Counter({("b", "a", "n"): 50, ("b", "a"): 20, ("a", "n"): 1})}
    entries = lexicon(["ban"], {"ban": ("b", "a", "n")}, variants, UNITS)
    costs = {entry.sounds: entry.cost for entry in entries if entry.word == "ban"}
    assert {("b", "a", "n"), ("b", "a")} == set(costs)
    assert costs["b", "a", "n"] == 0.0 < costs["b", "a"]


def test_word_that_no_voice_spoke_sounds_as_it_does_alone() -> None:
    entries = lexicon(["nab"], {"nab": ("n", "a", "b")}, {}, UNITS)
    assert [("nab", ("n", "a", "b"))] == [(e.word, e.sounds) for e in entries if e.word != UNKNOWN]


def test_word_with_a_sound_unknown_to_the_network_is_left_out() -> None:
    entries = lexicon(["zon"], {"zon": ("z", "o", "n")}, {}, UNITS)
    assert [UNKNOWN] == [entry.word for entry in entries]


def test_names_phrases_and_the_demo_are_always_in_the_vocabulary() -> None:
    corpus = Corpus(
        sentences=(Sentence("de de de kat", False),),
        lesson_lines=(Sentence("bladzijde zes", False),),
        names=("sanne",),
        phrases=("dank je {naam}",),
        demo=(Sentence("een plas verdwijnt", True),),
    )
    words = vocabulary(corpus, size=1)
    assert {"de", "bladzijde", "zes", "sanne", "dank", "je", "een", "plas", "verdwijnt"} == set(
        words
    )
