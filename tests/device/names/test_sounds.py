"""Spelling to sounds, and how far sounds are from each other."""

from __future__ import annotations

import itertools
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.names.distance import distance, substitution
from device.names.lookalikes import shipped_words
from device.names.sounds import EspeakSounds, RuleSounds, bare
from device.names.spelling import spoken

pytestmark = pytest.mark.unit

SOUNDS = "aɑeɛəiɪoɔuyʏøœæbdfghjklmnŋɲprsʃtvʋxzʒɣθð"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("daan", "dan"),
        ("dan", "dɑn"),
        ("Lotte", "lɔtə"),
        ("thijs", "tɛɪs"),
        ("guusje", "ɣyʃə"),
        ("zoë", "zoə"),
        ("noor", "nor"),
        ("ruben", "rybən"),
        ("Anne-Marie", "ɑnəmari"),
        ("sjoerd", "ʃurt"),
        ("cecile", "sesilə"),
    ],
)
def test_dutch_spelling_is_said_by_rule(word: str, expected: str) -> None:
    assert expected == spoken(word, "nl")


@pytest.mark.parametrize(
    ("word", "expected"),
    [("jack", "dʒæk"), ("emma", "ɛmə"), ("kate", "keɪt"), ("sheep", "ʃip"), ("jenny", "dʒɛni")],
)
def test_english_spelling_is_said_by_rule(word: str, expected: str) -> None:
    assert expected == spoken(word, "en")


def test_the_rules_come_near_the_synthesiser_on_common_dutch_words() -> None:
    words = [word for word in shipped_words("nl")[:3000] if not word.only_name]
    apart = [distance(spoken(w.text, "nl"), w.sounds) / len(w.sounds) for w in words]
    assert sum(apart) / len(apart) < 0.06


def test_the_rules_come_near_the_synthesiser_on_common_english_words() -> None:
    words = [word for word in shipped_words("en")[:3000] if not word.only_name]
    apart = [distance(spoken(w.text, "en"), w.sounds) / len(w.sounds) for w in words]
    assert sum(apart) / len(apart) < 0.2


@given(st.text(max_size=30), st.sampled_from(["nl", "en"]))
def test_any_text_can_be_said_in_known_sounds(text: str, language: str) -> None:
    latin = "".join(letter for letter in text if letter.isascii())
    assert set(spoken(latin, language)) <= set(SOUNDS)


@pytest.mark.parametrize(
    ("near", "far", "name"),
    [
        ("dɑn", "lɔtə", "dan"),
        ("vɔr", "lɔtə", "nor"),
        ("jɑsmin", "jɑɣmyl", "jɑsmina"),
        ("tɑt", "mɑm", "dɑt"),
    ],
)
def test_what_sounds_alike_is_nearer(near: str, far: str, name: str) -> None:
    assert distance(near, name) < distance(far, name)


@given(st.text(SOUNDS, max_size=8), st.text(SOUNDS, max_size=8))
def test_a_distance_is_the_same_both_ways_and_zero_for_the_same(one: str, other: str) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert (0.0, one == other) == (distance(one, one), distance(one, other) == 0.0)


def test_every_sound_has_its_place() -> None:
    costs = {pair: substitution(*pair) for pair in itertools.combinations(SOUNDS, 2)}
    assert [] == [pair for pair, cost in costs.items() if not 0 < cost <= 1]
    assert 1.0 == substitution("a", "t")


def test_stress_and_length_are_left_out() -> None:
    assert "dan" == bare("dˈaːn")
    assert "vɪl" == bare("(en)wˈɪl(nl)".replace("w", "v"))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="apt install espeak-ng")
def test_the_synthesiser_says_one_line_for_each_word() -> None:
    words = ["daan", "anne marie", "jan-willem", "zoë", "x"]
    said = EspeakSounds("nl").of(words)
    assert (5, "dan", "zoə") == (len(said), said[0], said[3])
    assert said == [EspeakSounds("nl").of([word])[0] for word in words]


def test_the_rules_need_no_program() -> None:
    assert ["dan", "nor"] == RuleSounds("nl").of(["daan", "noor"])
