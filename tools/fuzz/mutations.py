"""Changes that keep the outer form, so that what lies behind it is reached.

Turning over bytes seldom leaves JSON that can be parsed or a database whose pages fit together;
these change one value in either.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

#: values that a field may hold instead, besides those of other fields
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 0.5, -0.0, 1e308, float("nan"), float("inf")),
    *(2**31, 2**63, 10**400, 1_800_000_000_000, "", "0", "1.5", "Sofie", "p07", "p999"),
    *("2026-11-16T08:30:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"),
    *("\0", "\n", "\ud800", "é" * 70_000, [], {}, [[]], {"": None}),
)
#: what may stand behind a ``=``
TOML_VALUES = (
    *(b"0", b"-1", b"3", b"3.5", b"nan", b"-inf", b"1e999", b"true", b"false", b"0x7f"),
    *(b"9" * 30, b"9" * 5000, b'""', b'"nl"', b'"\\n"', b'"\\u0000"', b'"../.."', b'"/dev/null"'),
    *(b"[]", b"{}", b"[" * 2000, b"[1, [2]]", b"{ a = 1 }", b"2026-11-16", b"08:30:00"),
    *(b'"' + b"x" * 300 + b'"', "«é»".encode(), b'"denkpauze"', b'"""\n"""'),
)


def mutate_json(data: bytes, random: Random) -> bytes:
    """One value, key or element of a JSON text is replaced, taken out, doubled or added.

    Raises:
        ValueError: it is no JSON object.
    """
    message = json.loads(data)
    places = list(_containers(message))
    if not places:
        raise ValueError("not a JSON object")
    place = random.choice(places)
    keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
    other = random.choice([*VALUES, *_leaves(message)])
    kind = random.choice(("replace", "replace", "remove", "add", "double"))
    if kind == "add" or not keys:
        _add(place, other, random)
    elif kind == "double":
        _add(place, place[random.choice(keys)], random)
    elif kind == "remove":
        del place[random.choice(keys)]
    else:
        place[random.choice(keys)] = other
    return json.dumps(message).encode()


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _containers(inner)


def _leaves(value: Any) -> Iterator[Any]:
    for place in _containers(value):
        for inner in place.values() if isinstance(place, dict) else place:
            if not isinstance(inner, dict | list):
                yield inner


def _add(place: Any, value: Any, random: Random) -> None:
    if isinstance(place, dict):
        place[random.choice(("v", "text", "kind", "t_end", "words", ""))] = value
    else:
        place.insert(random.randint(0, len(place)), value)


def mutate_lines(data: bytes, random: Random) -> bytes:
    """One line of a text is taken out, doubled or moved, or another value put behind its ``=``.

    Raises:
        ValueError: there is no line.
    """
    lines = data.splitlines(keepends=True)
    if not lines:
        raise ValueError("no line")
    place = random.randrange(len(lines))
    kind = random.choice(("value", "value", "value", "remove", "double", "move"))
    if kind == "value":
        key, _, _ = lines[place].lstrip(b"# ").partition(b"=")
        lines[place] = key.strip() + b" = " + random.choice(TOML_VALUES) + b"\n"
    elif kind == "double":
        lines.insert(random.randrange(len(lines)), lines[place])
    else:
        line = lines.pop(place)
        if kind == "move":
            lines.insert(random.randint(0, len(lines)), line)
    return b"".join(lines)


def mutate_table(path: Path, random: Random) -> None:
    """One cell of an SQLite database gets another value, or one row or table goes.

    Raises:
        sqlite3.Error: the database cannot be read, or it does not let that happen.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        table = random.choice([name for (name,) in names] or ["nothing"])
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        column = random.choice(columns or ["nothing"])
        every = f"SELECT DISTINCT {column} FROM {table}"
        rows = connection.execute(every).fetchall()
        values = [row[0] for row in rows]
        chosen = random.choice(values or [None])
        kind = random.choice(("cell", "cell", "cell", "cell", "row", "table"))
        if kind == "table" and random.random() < 0.1:
            connection.execute(f"DROP TABLE {table}")
        elif kind == "row":
            one = f"DELETE FROM {table} WHERE {column} IS ?"
            connection.execute(one, (chosen,))
        else:
            other = f"UPDATE {table} SET {column} = ? WHERE {column} IS ?"
            connection.execute(other, (_cell(chosen, values, random), chosen))


def _cell(old: Any, values: list[Any], random: Random) -> Any:
    if isinstance(old, bytes) and random.random() < 0.7:
        try:
            return mutate_json(old, random)
        except ValueError:
            return b"{}"
    other = random.choice([*VALUES, *values, b"\xff\xfe", 2**62])
    storable = isinstance(other, str | bytes | float | None) or (
        isinstance(other, int) and abs(other) < 2**63
    )
    return "x" if not storable or other == "\ud800" else other
