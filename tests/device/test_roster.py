"""The class list."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.errors import RosterError
from device.roster import Roster, plain

pytestmark = pytest.mark.unit


def read(folder: Path, content: str | bytes) -> Roster:
    path = folder / "groep6.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Roster.read(path)


def complaint(folder: Path, content: str | bytes) -> str:
    with pytest.raises(RosterError) as caught:
        read(folder, content)
    return str(caught.value).replace(str(folder / "groep6.txt"), "FILE")


def test_aliases_follow_the_order_of_the_file(tmp_path: Path) -> None:
    roster = read(tmp_path, "# groep 6\n\nFatima\nDaan  # nieuw\nLotte\n")
    assert ["p01", "p02", "p03"] == [pupil.alias for pupil in roster]
    assert ("p02", "Lotte", 3) == (roster.pupil_of("Daan"), roster.name_of("p03"), len(roster))


def test_a_nickname_is_the_same_pupil(tmp_path: Path) -> None:
    roster = read(tmp_path, "Fatima, Fatim,Faat\nDaan\n")
    assert ["p01", "p01", "p01"] == [roster.pupil_of(n) for n in ("fatima", "Fatim", "FAAT")]
    assert "Fatima" == roster.name_of("p01")
    assert ("Fatima", "Fatim", "Faat", "Daan") == roster.names


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Zoë", "zoe"),
        ("Željko", "zeljko"),
        ("Anne-Marie", "anne marie"),
        ("D'Angelo", "dangelo"),
        ("Søren", "soren"),
        ("Łukasz", "LUKASZ"),
        ("İbrahim", "ibrahim"),
        ("Aïcha", "Ai\u0308cha"),
        ("Emma  B", "emma b"),
    ],
)
def test_names_are_compared_without_case_and_accents(
    tmp_path: Path, written: str, heard: str
) -> None:
    assert "p01" == read(tmp_path, written + "\n").pupil_of(heard)


def test_an_unknown_name_is_nobody(tmp_path: Path) -> None:
    roster = read(tmp_path, "Daan\n")
    assert (None, None) == (roster.pupil_of("Lotte"), roster.name_of("p02"))


def test_a_pupil_who_objects_is_never_counted_and_keeps_the_place(tmp_path: Path) -> None:
    roster = read(tmp_path, "Fatima\n- Sophie, Soof\nDaan\n")
    assert (None, None, None) == (
        roster.pupil_of("Sophie"),
        roster.pupil_of("soof"),
        roster.name_of("p02"),
    )
    assert ("p03", 2, ("Fatima", "Daan")) == (roster.pupil_of("Daan"), len(roster), roster.names)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    roster = read(tmp_path, b"\xef\xbb\xbfFatima\r\nDaan\r\n")
    assert ("p01", "p02") == (roster.pupil_of("Fatima"), roster.pupil_of("Daan"))


def test_the_hundredth_pupil_has_three_digits(tmp_path: Path) -> None:
    letters = "abcdefghij"
    names = "\n".join(f"{a}{b}" for a in letters for b in letters)
    assert "p100" == read(tmp_path, names).pupil_of("jj")


def test_the_empty_roster_knows_nobody() -> None:
    roster = Roster.empty()
    assert (0, None, (), []) == (len(roster), roster.pupil_of("Daan"), roster.names, list(roster))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "class list FILE holds no names: put one name on each line"),
        ("# niemand\n", "class list FILE holds no names: put one name on each line"),
        ("Daan\n\ndaan\n", "class list FILE, line 3: the same name as on line 1; add the first"),
        ("Zoë\nZoe\n", "class list FILE, line 2: the same name as on line 1"),
        ("Daan\nLotte, Daan\n", "class list FILE, line 2: the same name as on line 1"),
        ("Daan\n,\n", "class list FILE, line 2: a name is missing"),
        ("Daan,\n", "class list FILE, line 1: a name is missing"),
        ("-\n", "class list FILE, line 1: a name is missing"),
        ("Daan\n12\n", "class list FILE, line 2: a name is missing"),
        ("Daan\n" + "a" * 41, "class list FILE, line 2: a name is longer than 40 letters"),
        ("- Daan\n- Lotte\n", "class list FILE: every line starts with a dash"),
        (b"Daan\nZo\xeb\n", "class list FILE, line 2: not in UTF-8"),
        (b"PK\x03\x04\0\0", "class list FILE is no plain text"),
        (b"a\n" * 200_000, "class list FILE is too large"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, content: str | bytes, expected: str
) -> None:
    assert expected == complaint(tmp_path, content)[: len(expected)]


def test_more_pupils_than_aliases_are_refused(tmp_path: Path) -> None:
    letters = "abcdefghij"
    names = "\n".join(f"{a}{b}{c}" for a in letters for b in letters for c in letters)
    assert "class list FILE, line 1000: more than 999 pupils" == complaint(tmp_path, names)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="cannot be read: No such file"):
        Roster.read(tmp_path / "none.txt")


def test_a_folder_is_no_class_list(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="cannot be read"):
        Roster.read(tmp_path)


def test_no_complaint_and_no_representation_holds_a_name(tmp_path: Path) -> None:
    said = complaint(tmp_path, "Fatima\nfatima\n")
    roster = read(tmp_path, "Fatima\nDaan\n")
    assert [] == [n for n in ("Fatima", "fatima") if n in f"{said} {roster!r} {list(roster)!r}"]


def test_two_pupils_of_one_name_are_told_apart_by_an_initial(tmp_path: Path) -> None:
    roster = read(tmp_path, "Daan B.\nDaan de K.\nLotte V\n")
    assert ("p01", "p02") == (roster.pupil_of("daan b"), roster.pupil_of("Daan de K."))
    # called «Daan», it is one of them, and nobody knows who
    assert (True, True, None) == (
        roster.lists("daan"),
        roster.shared("Daan"),
        roster.pupil_of("daan"),
    )
    assert ("p03", False) == (roster.pupil_of("lotte"), roster.shared("lotte"))


def test_a_shared_name_counts_for_nobody_when_one_of_them_objects(tmp_path: Path) -> None:
    roster = read(tmp_path, "Daan B.\n- Daan K.\n")
    assert (True, None) == (roster.lists("daan"), roster.pupil_of("daan"))


@pytest.mark.parametrize("content", ["Daan\nDaan B.\n", "Daan B.\nDaan\n", "Daan B.\nDaan B\n"])
def test_the_initial_stands_beside_both_names_and_differs(tmp_path: Path, content: str) -> None:
    assert "class list FILE, line 2: the same name as on line 1" in complaint(tmp_path, content)


def test_further_words_are_heard_as_a_pupil_and_never_take_a_name(tmp_path: Path) -> None:
    roster = read(tmp_path, "Yasmina\nMina\n")
    heard = roster.heard_as({"p01": ("jas mina", "mina")})
    assert ("p01", "p02", None) == (
        heard.pupil_of("jas mina"),
        heard.pupil_of("mina"),
        roster.pupil_of("jas mina"),
    )
    assert (2, 1) == (heard.most_words, roster.most_words)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_a_class_list_or_a_roster_error(tmp_path: Path, content: bytes) -> None:
    said = ""
    roster = Roster.empty()
    try:
        roster = read(tmp_path, content)
    except RosterError as error:
        said = str(error)
    # a list with pupils, or one line that says why not
    assert (1 if said else 0, not said) == (len(said.splitlines()), len(roster) > 0)
    for pupil in roster:
        expected = pupil.alias if pupil.counted else None
        assert {expected} == {roster.pupil_of(name) for name in pupil.names}


@given(st.text(max_size=40))
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert plain(plain(name)) == plain(name)
