"""A class list from a spreadsheet: name, other spellings, and whether somebody is not counted.

Columns are parted by semicolons (Dutch Excel) or commas. A first line with headings is optional and
may put the columns in another order. Spellings inside their column are parted by commas or slashes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from device.errors import RosterError

SEPARATORS = (";", ",", "|", "\t")

_HEADINGS = {
    "name": {"naam", "leerling", "roepnaam", "voornaam", "name", "pupil", "first name"},
    "spellings": {"ook", "spelling", "spellingen", "schrijfwijzen", "bijnaam", "spellings", "also"},
    "flag": {"niet tellen", "telt niet mee", "bezwaar", "do not count", "objects", "not counted"},
}
_YES = {"ja", "j", "x", "1", "waar", "yes", "y", "true", "-"}
_NO = {"", "nee", "n", "0", "onwaar", "no", "false"}


def table_rows(content: bytes, path: Path) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """Line number, names and whether they are counted, row by row.

    Raises:
        RosterError: the flag of a row or what parts the columns cannot be understood, or a quote
            is never closed.
    """
    lines = _decoded(content).splitlines()
    first = lines[0].lower() if lines else ""
    skipped = 1 if re.fullmatch(r"sep=.? *", first) else 0
    separator = first[4:5] if skipped else _separator(lines)
    if separator not in SEPARATORS:
        raise RosterError(f"class list {path}, line 1: part the columns by semicolons or commas")
    reader = csv.reader(lines[skipped:], delimiter=separator, strict=True)
    columns = {"name": 0, "spellings": 1, "flag": 2}
    begun = False
    try:
        for row in reader:
            number = reader.line_num + skipped
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            headings = None if begun else _headings(cells)
            begun = True
            if headings is not None:
                columns = headings
                continue
            where = f"class list {path}, line {number}"
            yield number, _names(cells, columns), _counted(_cell(cells, columns, "flag"), where)
    except csv.Error:
        raise RosterError(
            f"class list {path}, line {reader.line_num + skipped}: a quote is never closed"
        ) from None


def _decoded(content: bytes) -> str:
    """UTF-8, with or without a mark in front; else what Excel writes without being asked."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _separator(lines: list[str]) -> str:
    return ";" if any(";" in line for line in lines) else ","


def _headings(cells: list[str]) -> dict[str, int] | None:
    """Where each column stands, or ``None`` when the first row is a pupil."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for column, words in _HEADINGS.items():
            if cell.casefold().replace("_", " ") in words:
                found.setdefault(column, place)
    return found if "name" in found else None


def _cell(cells: list[str], columns: dict[str, int], column: str) -> str:
    place = columns.get(column)
    return cells[place] if place is not None and place < len(cells) else ""


def _names(cells: list[str], columns: dict[str, int]) -> tuple[str, ...]:
    others = re.split(r"[,/|]", _cell(cells, columns, "spellings"))
    return (_cell(cells, columns, "name"), *(name for name in others if name.strip()))


def _counted(flag: str, where: str) -> bool:
    if flag.casefold() in _YES:
        return False
    if flag.casefold() in _NO:
        return True
    raise RosterError(f"{where}: in the column «niet tellen» write ja, or leave it empty")
