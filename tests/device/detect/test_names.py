"""Names in a clause: who is meant, where the name stands, and what it does."""

from __future__ import annotations

import pytest
from scripted import spread
from spoken_lesson import ROSTER

from device.detect.names import NameReader, NameSplit, find_names
from device.detect.words import text_of
from lesson.events import NamePosition, NameRole

pytestmark = pytest.mark.unit

CALL, MENTION = NameRole.CALL, NameRole.MENTION
THANKS, REPRIMAND = NameRole.THANKS, NameRole.REPRIMAND


def split(clause: str, language: str = "nl") -> NameSplit:
    return NameReader(ROSTER, language).split(spread(clause, 0.0, 3.0))


def read(clause: str, language: str = "nl") -> list[tuple[str, NameRole, NamePosition]]:
    names = split(clause, language).names
    return [(name.found.pupil, name.role, name.position) for name in names]


@pytest.mark.parametrize(
    ("clause", "core"),
    [
        ("sanne waarom drijft ijs", "waarom drijft ijs"),
        ("sanne wat denk jij", "wat denk jij"),
        ("oké sanne met welk getal rekenen we", "oké met welk getal rekenen we"),
        ("bo kun jij dat uitleggen", "kun jij dat uitleggen"),
        ("bo stel dat er geen ijs was wat dan", "stel dat er geen ijs was wat dan"),
        ("sanne deze twee lijnen lopen gelijk hè", "deze twee lijnen lopen gelijk hè"),
    ],
)
def test_a_name_in_front_of_a_question_calls_and_is_no_part_of_it(clause: str, core: str) -> None:
    ((_, role, position),) = read(clause)
    assert (CALL, NamePosition.FIRST) == (role, position)
    assert core.split() == text_of(split(clause).core)


@pytest.mark.parametrize(
    "question", ["waarom drijft ijs", "wat is het antwoord", "hoeveel is drie keer acht"]
)
def test_a_name_behind_a_question_calls_and_is_no_part_of_it(question: str) -> None:
    clause = f"{question} sanne"
    assert [("p01", CALL, NamePosition.LAST)] == read(clause)
    assert question.split() == text_of(split(clause).core)


@pytest.mark.parametrize(
    "clause",
    ["sanne", "eh sanne", "ja sanne", "sanne zeg het maar", "jij mag sanne", "goed sanne jij"],
)
def test_a_name_alone_stands_alone(clause: str) -> None:
    ((pupil, _, position),) = read(clause)
    assert ("p01", NamePosition.ALONE) == (pupil, position)
    assert () == split(clause).core


@pytest.mark.parametrize("clause", ["sanne", "en dan sanne", "aan sanne", "sanne zeg het maar"])
def test_a_name_alone_calls(clause: str) -> None:
    ((_, role, _),) = read(clause)
    assert CALL is role


@pytest.mark.parametrize(
    "clause",
    [
        "we lezen wat sanne zei over het ijs",
        "dat is de tekening van sanne",
        "het boek is van sanne",
        "gisteren zat bo naast het raam",
        "de winnaar heet bo",
    ],
)
def test_talk_about_a_pupil_is_a_mention_and_stays_in_the_sentence(clause: str) -> None:
    ((_, role, position),) = read(clause)
    assert (MENTION, NamePosition.INSIDE) == (role, position)
    assert clause.split() == text_of(split(clause).core)


@pytest.mark.parametrize("clause", ["dankjewel sanne", "goed zo sanne", "mooi gedaan bo"])
def test_thanks_give_no_turn(clause: str) -> None:
    assert {THANKS} == {role for _, role, _ in read(clause)}


@pytest.mark.parametrize("clause", ["bo leg je telefoon weg", "sanne stop daarmee", "bo ga zitten"])
def test_a_reprimand_gives_no_turn(clause: str) -> None:
    assert {REPRIMAND} == {role for _, role, _ in read(clause)}


@pytest.mark.parametrize("clause", ["bo of nee sofie", "bo nee sofie", "bo eh sofie"])
def test_a_name_put_right_leaves_the_last_one_as_the_last_call(clause: str) -> None:
    names = read(clause)
    assert ["p02", "p03"] == [pupil for pupil, _, _ in names]
    assert {(CALL, NamePosition.ALONE)} == {(role, position) for _, role, position in names}


def test_a_name_of_two_words_is_one_name() -> None:
    assert [("p04", CALL, NamePosition.LAST)] == read("hoe heet dit jan willem")
    (found,) = find_names(spread("hoe heet dit jan willem", 0.0, 5.0), ROSTER)
    assert (3, 2, "jan willem") == (found.index, found.length, found.word.text)
    assert (48_000, 80_000) == (found.word.first_sample, found.word.end_sample)


def test_half_a_name_of_two_words_is_nobody() -> None:
    assert [] == read("hoe heet dit willem")


def test_a_pupil_who_objects_is_called_without_an_alias() -> None:
    for clause in ("kay", "hoe heet dit kay", "kay waarom drijft ijs"):
        assert {None} == {pupil for pupil, _, _ in read(clause)}


def test_somebody_who_is_not_on_the_list_is_not_found() -> None:
    assert [] == read("napoleon")


@pytest.mark.parametrize("clause", ["zeg het maar", "ga je gang", "jij mag"])
def test_a_turn_can_be_given_without_a_name(clause: str) -> None:
    assert split(clause).turn_phrase
    assert () == split(clause).names


@pytest.mark.parametrize("clause", ["waarom drijft ijs", "ga zitten", "jij bent laat"])
def test_other_words_give_no_turn(clause: str) -> None:
    assert not split(clause).turn_phrase


def test_a_name_is_as_sure_as_its_least_sure_word() -> None:
    jan, willem = spread("jan", 0, 1, 0.9), spread("willem", 1, 2, 0.4)
    (found,) = find_names((*jan, *willem), ROSTER)
    assert 0.4 == found.word.confidence


@pytest.mark.parametrize(
    ("clause", "role", "position"),
    [
        ("sanne what do you think", CALL, NamePosition.FIRST),
        ("why does ice float sanne", CALL, NamePosition.LAST),
        ("sanne", CALL, NamePosition.ALONE),
        ("thank you sanne", THANKS, NamePosition.ALONE),
        ("we read what sanne said about it", MENTION, NamePosition.INSIDE),
        ("sanne put your phone away", REPRIMAND, NamePosition.FIRST),
    ],
)
def test_english_names_do_the_same(clause: str, role: NameRole, position: NamePosition) -> None:
    assert [("p01", role, position)] == read(clause, "en")
