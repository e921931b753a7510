"""Verdicts on names: heard, by what words, mixed up with what. Spelling rules only."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from device.models import find_model
from device.names.check import Hearing, NameVerdict, check, listening, phrases, unchecked
from device.names.judge import judge
from device.names.lookalikes import SoundAlikes, shipped_words
from device.names.show import names_line, names_table, print_names_line
from device.names.sounds import RuleSounds
from device.names.vocabulary import read_vocabulary
from device.roster import Pupil, Roster
from device.texts import Language

pytestmark = [pytest.mark.unit, pytest.mark.slow]

MODEL = Path(__file__).resolve().parents[3] / "device" / "data" / "models" / "nl"


@pytest.fixture(scope="module")
def vocabulary() -> frozenset[str]:
    return read_vocabulary(MODEL)


def class_list(*names: str) -> Roster:
    return Roster(
        tuple(
            Pupil(f"p{n:02d}", (name.removeprefix("- "),), not name.startswith("-"))
            for n, name in enumerate(names, start=1)
        )
    )


def verdicts(
    vocabulary: frozenset[str], *names: str, **read_aloud: tuple[str, ...]
) -> dict[str, NameVerdict]:
    found = check(class_list(*names), vocabulary, "nl", read_aloud, RuleSounds("nl"))
    return {verdict.name: verdict for verdict in found}


def test_a_name_in_the_vocabulary_is_heard_as_it_is_written(vocabulary: frozenset[str]) -> None:
    verdict = verdicts(vocabulary, "Fatima")["Fatima"]
    assert (Hearing.WRITTEN, ("fatima",), ()) == (verdict.hearing, verdict.forms, verdict.aliases)


def test_a_name_outside_it_may_be_heard_as_words_that_sound_alike(
    vocabulary: frozenset[str],
) -> None:
    verdict = verdicts(vocabulary, "Yasmina")["Yasmina"]
    assert (Hearing.BY_SOUND, False) == (verdict.hearing, verdict.heard)
    assert "jasmine" in verdict.aliases


def test_words_one_after_another_may_sound_like_a_name(vocabulary: frozenset[str]) -> None:
    alikes = SoundAlikes("nl", RuleSounds("nl"), vocabulary.__contains__)
    found = [likeness.words for likeness in alikes.alike("jɑsmina", budget=1.2, count=10)]
    assert [] != [words for words in found if words.startswith("jas ")]


def test_a_name_that_sounds_like_nothing_is_said_not_to_be_heard(
    vocabulary: frozenset[str],
) -> None:
    verdict = verdicts(vocabulary, "Xqrtvw")["Xqrtvw"]
    assert (Hearing.NOT, (), False) == (verdict.hearing, verdict.words, verdict.heard)


def test_what_was_read_aloud_goes_before_what_sounds_alike(vocabulary: frozenset[str]) -> None:
    found = verdicts(vocabulary, "Ilayda", "Yasmina", ilayda=("mila",), yasmina=("jas mina",))
    ilayda, yasmina = found["Ilayda"], found["Yasmina"]
    assert (Hearing.READ_ALOUD, ("mila",), True) == (ilayda.hearing, ilayda.aliases, ilayda.heard)
    # «mina» is a word of the model or not: never an alias that it cannot hear
    assert all(part in vocabulary for words in yasmina.words for part in words.split())


@pytest.mark.parametrize("words", ["dan", "van de", "niet", "xqrtvw", "fatima", "de fatima"])
def test_common_unknown_and_others_words_never_stand_for_a_name(
    vocabulary: frozenset[str], words: str
) -> None:
    found = verdicts(vocabulary, "Ilayda", "Fatima", ilayda=(words,))
    assert Hearing.NOT is found["Ilayda"].hearing


def test_frequent_words_and_classmates_that_sound_alike_are_named(
    vocabulary: frozenset[str],
) -> None:
    found = verdicts(vocabulary, "Daan", "Noor", "Kay", "Kaan", "Fatima")
    assert ("dan", True) == (found["Daan"].mixed_up[0], "Kaan" in found["Kay"].mixed_up)
    assert "voor" in found["Noor"].mixed_up
    assert () == found["Fatima"].mixed_up


def test_a_name_that_is_a_word_is_marked(vocabulary: frozenset[str]) -> None:
    found = verdicts(vocabulary, "Roos", "Storm", "Fatima")
    assert [True, True, False] == [verdict.also_word for verdict in found.values()]


def test_two_pupils_of_one_name_are_heard_as_somebody(vocabulary: frozenset[str]) -> None:
    roster = class_list("Daan B.", "Daan K.")
    found = check(roster, vocabulary, "nl", sounds=RuleSounds("nl"))
    heard = listening(roster, found)
    assert [(True, ("daan",))] * 2 == [(verdict.shared, verdict.words) for verdict in found]
    assert (True, None, {"daan": "daan"}) == (
        heard.lists("daan"),
        heard.pupil_of("daan"),
        phrases(found),
    )


def test_an_alias_is_the_pupil_in_the_lesson(vocabulary: frozenset[str]) -> None:
    roster = class_list("Ilayda", "- Yasmina")
    found = check(roster, vocabulary, "nl", {"ilayda": ("mila",)}, RuleSounds("nl"))
    heard = listening(roster, found)
    assert ("p01", True, None) == (
        heard.pupil_of("mila"),
        heard.lists("jasmine"),
        heard.pupil_of("jasmine"),
    )


def test_the_check_is_the_same_every_time(vocabulary: frozenset[str]) -> None:
    names = ("Büşra", "Thirza", "Yasmina", "Daan")
    assert verdicts(vocabulary, *names) == verdicts(vocabulary, *names)


def test_without_a_model_nothing_is_claimed() -> None:
    found = judge(class_list("Daan"), None, "nl", None)
    assert (unchecked(class_list("Daan")), False) == (found, found[0].heard)


def test_a_damaged_memory_of_the_reading_does_not_stop_a_lesson(tmp_path: Path) -> None:
    model = find_model("nl", environ={}, usual_folders=())
    assert model is not None
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / f"{model.name}.json").write_text("{", encoding="utf-8")
    assert Hearing.WRITTEN is judge(class_list("Daan"), model, "nl", tmp_path)[0].hearing


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "2 van 4 namen te horen; misschien: Yasmina; niet: Xqrtvw"),
        ("en", "2 of 4 names are heard; perhaps: Yasmina; not: Xqrtvw"),
    ],
)
def test_one_line_says_who_is_heard(
    vocabulary: frozenset[str], language: Language, expected: str
) -> None:
    found = list(verdicts(vocabulary, "Daan", "Yasmina", "Xqrtvw", "Roos", "- Noor").values())
    assert expected == names_line(found, language)


def test_what_is_kept_in_a_log_holds_no_names(vocabulary: frozenset[str]) -> None:
    found = list(verdicts(vocabulary, "Daan", "Xqrtvw").values())
    printed = []
    for terminal in (False, True):
        paper = io.StringIO()
        print_names_line(Console(file=paper, force_terminal=terminal, width=100), found, "nl")
        printed.append("Xqrtvw" in paper.getvalue())
    assert ([False, True], False) == (printed, "Xqrtvw" in repr(found))


def test_the_table_has_a_row_for_everybody(vocabulary: frozenset[str]) -> None:
    found = list(verdicts(vocabulary, "Daan", "Xqrtvw", "- Noor").values())
    paper = io.StringIO()
    Console(file=paper, width=160).print(names_table(found, "nl", {"p01": "dan"}))
    lines = paper.getvalue().splitlines()
    rows = {name: next(line for line in lines if name in line) for name in ("Daan", "Xqrtvw")}
    assert (True, True) == ("│ dan" in rows["Daan"], "niet te horen" in rows["Xqrtvw"])
    assert 1 == sum("telt niet mee" in line for line in lines)


def test_no_list_of_pupils_gives_no_line() -> None:
    assert "" == names_line((), "nl")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_shipped_words_begin_with_the_commonest(language: str) -> None:
    words = shipped_words(language)
    common = {"nl": "de", "en": "the"}[language]
    assert (True, True) == (words[0].rank == 0, common in {word.text for word in words[:5]})
    assert [] == [word.text for word in words if not word.sounds]
