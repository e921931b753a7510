"""A class list from a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.errors import RosterError
from device.roster import Roster

pytestmark = pytest.mark.unit


def read(folder: Path, content: bytes | str) -> Roster:
    path = folder / "groep6.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Roster.read(path)


def listed(roster: Roster) -> list[tuple[tuple[str, ...], bool]]:
    return [(pupil.names, pupil.counted) for pupil in roster]


EXPECTED = [(("Fatima", "Fatim", "Faat"), True), (("Zoë",), True), (("Sophie",), False)]


@pytest.mark.parametrize(
    "content",
    [
        "Fatima;Fatim, Faat;\nZoë;;nee\nSophie;;ja\n",
        'Fatima,"Fatim, Faat",\nZoë,,0\nSophie,,x\n',
        "Naam;Spellingen;Niet tellen\nFatima;Fatim/Faat;\nZoë;;\nSophie;;ja\n",
        "niet_tellen;Leerling;ook\n;Fatima;Fatim|Faat\n;Zoë;\n1;Sophie;\n",
        "name,do not count,also\nFatima,no,Fatim/Faat\nZoë,,\nSophie,yes,\n",
        "sep=;\r\nFatima;Fatim,Faat;\r\n\r\nZoë;;\r\nSophie;;WAAR\r\n",
        b"\xef\xbb\xbfNaam;Ook;Niet tellen\r\nFatima;Fatim,Faat;\r\nZo\xc3\xab;;\r\nSophie;;ja\r\n",
        b"Naam;Ook;Niet tellen\r\nFatima;Fatim,Faat;\r\nZo\xeb;;\r\nSophie;;ja\r\n",
    ],
    ids=["bare", "commas", "headings", "order", "english", "sep", "excel-utf8", "excel-cp1252"],
)
def test_the_same_class_is_read_however_it_was_saved(tmp_path: Path, content: bytes | str) -> None:
    assert EXPECTED == listed(read(tmp_path, content))


def test_a_column_of_names_is_enough(tmp_path: Path) -> None:
    assert [(("Fatima",), True), (("Daan",), True)] == listed(read(tmp_path, "Fatima\nDaan\n"))


def test_a_first_row_without_a_heading_is_a_pupil(tmp_path: Path) -> None:
    assert ["p01", "p02"] == [pupil.alias for pupil in read(tmp_path, "Daan;;\nNaomi;;\n")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Fatima;;\nDaan;;misschien\n", "line 2: in the column «niet tellen» write ja"),
        ("Fatima;;\nfatima;;\n", "line 2: the same name as on line 1"),
        ("Fatima;;\n;Daan;\n", "line 2: a name is missing"),
        ('Fatima;;\n"Daan;;\n', "line 2: a quote is never closed"),
        ("naam;ook\n", "holds no names"),
        ('sep="\nFatima;Daan;\n', "line 1: part the columns by semicolons or commas"),
        ("sep=\nFatima;Daan;\n", "line 1: part the columns by semicolons or commas"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_without_the_name(
    tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(RosterError) as caught:
        read(tmp_path, content)
    told = str(caught.value)
    assert (True, False, False) == (said in told, "Daan" in told, "atima;" in told)
