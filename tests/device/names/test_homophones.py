"""One name in several spellings."""

from __future__ import annotations

import shutil

import pytest

from device.names.check import Hearing, check
from device.names.homophones import Homophones, skeleton
from device.names.sounds import EspeakSounds, RuleSounds, Sounds
from device.roster import Pupil, Roster

SOUNDS = [
    pytest.param(RuleSounds("nl"), id="rules"),
    pytest.param(
        "espeak",
        id="espeak",
        marks=pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="apt install espeak-ng"),
    ),
]
pytestmark = pytest.mark.unit

WORDS = frozenset({"hannah", "sarah", "marc", "noah", "dan", "mart", "kat", "nor", "sophie"})


def said_by(sounds: Sounds | str) -> Sounds:
    return EspeakSounds("nl") if isinstance(sounds, str) else sounds


@pytest.mark.parametrize("sounds", SOUNDS)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hanna", ("hannah",)),
        ("Sara", ("sarah",)),
        ("Mark", ("marc",)),
        ("Noa", ("noah",)),
        ("Sofie", ("sophie",)),
        ("Daan", ()),  # a longer vowel is another word
        ("Noor", ()),
        ("Hannah", ()),  # itself is no other spelling
        ("Anna Sara", ()),
    ],
)
def test_another_spelling_is_found_and_another_sound_is_not(
    sounds: Sounds | str, name: str, expected: tuple[str, ...]
) -> None:
    assert expected == Homophones(WORDS, said_by(sounds)).of(name)


def test_spellings_of_one_name_share_their_skeleton() -> None:
    pairs = [("lukas", "lucas"), ("thijs", "tijs"), ("yara", "iara"), ("philip", "filip")]
    assert [True] * 4 == [skeleton(one) == skeleton(other) for one, other in pairs]


def test_a_name_that_the_model_spells_otherwise_is_heard() -> None:
    roster = Roster((Pupil("p01", ("Hanna",)), Pupil("p02", ("Bram",))))
    hanna, _ = check(roster, frozenset({"hannah", "bram"}), "nl", sounds=RuleSounds("nl"))
    assert (Hearing.WRITTEN, ("hannah",)) == (hanna.hearing, hanna.forms)


def test_the_other_spelling_stays_with_the_pupil_who_is_written_so() -> None:
    roster = Roster((Pupil("p01", ("Sara",)), Pupil("p02", ("Sarah",))))
    sara, _ = check(roster, frozenset({"sara", "sarah"}), "nl", sounds=RuleSounds("nl"))
    assert ("sara",) == sara.forms


def test_an_ordinary_word_is_no_spelling_of_a_name() -> None:
    roster = Roster((Pupil("p01", ("Phin",)),))
    (verdict,) = check(roster, frozenset({"vin", "fijn", "fin", "vind"}), "nl")
    assert "fijn" not in verdict.words
