"""The class list: who can be called, under which alias, and who must not be counted.

A text file, one pupil a line, in UTF-8, or a table from a spreadsheet
(``device/roster_table.py``)::

    # groep 6
    Fatima, Fatim        further names after a comma are other ways to say it
    Daan B.              two pupils of one name: with the first letter of the surname
    Daan K.
    - Sophie             a leading dash: objects, is never counted

Both Daans are called «Daan»: somebody is given the turn, and it stays open which of the two.

The n-th pupil of the file is ``p01``, ``p02``, …, also those who object, so that a change of
mind moves nobody else's alias. Names stay in this object: no method prints or logs one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from device.errors import RosterError
from device.roster_table import table_rows

MOST_PUPILS = 999
LONGEST_NAME = 40
#: A class list is far smaller; a film given by mistake is not read into memory.
LARGEST_FILE_BYTES = 256 * 1024

#: Letters that Unicode does not take apart into a base letter and an accent.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def plain(name: str) -> str:
    """A name as names are compared: no case, accents, apostrophes or dots; hyphens are spaces."""
    folded = unicodedata.normalize("NFKD", name.casefold()).casefold()
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    letters = re.sub(r"['’‘`.]", "", letters.translate(_PLAIN_LETTERS))
    return " ".join(re.sub(r"[-‐‑–]", " ", letters).split())


_BETWEEN = "van|van de|van den|van der|de|den|der|ten|ter"
#: «Daan B.», «Emma de B.»
_WITH_INITIAL = re.compile(rf"(\S.*?) (?:(?:{_BETWEEN}) )?(\w)\.?")


def called(name: str) -> str:
    """The name without the first letter of a surname: «Daan B.» is called «Daan»."""
    match = _WITH_INITIAL.fullmatch(name)
    return match[1] if match else name


@dataclass(frozen=True, slots=True)
class Pupil:
    """One line of the class list.

    Attributes:
        alias: ``p01`` and so on, in the order of the file.
        names: what the pupil is called; the first one is the name on the list.
        counted: ``False`` for a pupil who objects.
    """

    alias: str
    names: tuple[str, ...] = field(repr=False)
    counted: bool = True


class Roster:
    """The pupils of one class. Iterating gives them all, in the order of the file.

    Args:
        pupils: the lines of the file.
        heard_as: further words under which the recogniser hears a pupil, by alias.
    """

    def __init__(
        self,
        pupils: tuple[Pupil, ...] = (),
        heard_as: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._pupils = pupils
        self._by_alias = {pupil.alias: pupil for pupil in pupils}
        self._by_name: dict[str, Pupil | None] = {}
        for pupil in pupils:
            for name in pupil.names:
                self._by_name[plain(name)] = pupil
        for pupil in pupils:
            for name in {plain(called(name)) for name in pupil.names}:
                # two pupils of one name: somebody of them, nobody knows who
                shared = self._by_name.get(name, pupil) is not pupil
                self._by_name[name] = None if shared else pupil
        for alias, words in (heard_as or {}).items():
            for word in words:
                self._by_name.setdefault(plain(word), self._by_alias[alias])
        self._most_words = max((len(name.split()) for name in self._by_name), default=0)

    @classmethod
    def empty(cls) -> Self:
        """No class list: no name is known."""
        return cls()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a class list; a file that ends in ``.csv`` is read as a table.

        Raises:
            RosterError: the file cannot be read or a line is wrong; says which line, not what
                stands there.
        """
        pupils: list[Pupil] = []
        taken: dict[str, tuple[int, bool]] = {}
        for number, names, counted in _entries(path):
            where = f"class list {path}, line {number}"
            if len(pupils) == MOST_PUPILS:
                raise RosterError(f"{where}: more than {MOST_PUPILS} pupils")
            pupil = _pupil(names, counted, len(pupils) + 1, where)
            _claim(pupil, number, taken, where)
            pupils.append(pupil)
        if not pupils:
            raise RosterError(f"class list {path} holds no names: put one name on each line")
        if not any(pupil.counted for pupil in pupils):
            raise RosterError(
                f"class list {path}: every line starts with a dash, which means: never counted; "
                "take the dashes away"
            )
        return cls(tuple(pupils))

    def heard_as(self, words: Mapping[str, tuple[str, ...]]) -> Roster:
        """The same list with more words for some pupils; words of somebody else stay theirs."""
        return Roster(self._pupils, words)

    def __len__(self) -> int:
        """How many pupils may be counted."""
        return sum(pupil.counted for pupil in self._pupils)

    def __iter__(self) -> Iterator[Pupil]:
        return iter(self._pupils)

    def __repr__(self) -> str:
        return f"<Roster of {len(self)}>"

    @property
    def names(self) -> tuple[str, ...]:
        """Every way to call a pupil who may be counted, as written in the file."""
        return tuple(name for pupil in self._pupils if pupil.counted for name in pupil.names)

    @property
    def most_words(self) -> int:
        """Of how many words the longest name is made."""
        return self._most_words

    def pupil_of(self, name: str) -> str | None:
        """The alias of a name however it is written.

        ``None`` when it is unknown, not counted, or the name of two pupils.
        """
        pupil = self._by_name.get(plain(name))
        return pupil.alias if pupil is not None and pupil.counted else None

    def lists(self, name: str) -> bool:
        """Whether somebody on the list is called so, counted or not."""
        return plain(name) in self._by_name

    def shared(self, name: str) -> bool:
        """Whether two pupils are called so."""
        return self._by_name.get(plain(name), self) is None

    def name_of(self, alias: str) -> str | None:
        """The name on the list for an alias, for the teacher's own screen only."""
        pupil = self._by_alias.get(alias)
        return pupil.names[0] if pupil is not None and pupil.counted else None


def _entries(path: Path) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """Line number, names and whether they are counted."""
    content = _content(path)
    if path.suffix.lower() == ".csv":
        yield from table_rows(content, path)
        return
    for number, line in enumerate(_text(content, path).splitlines(), start=1):
        text = line.split("#", 1)[0].strip()
        if text:
            names = tuple(text.removeprefix("-").split(","))
            yield number, names, not text.startswith("-")


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise RosterError(f"class list {path} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_FILE_BYTES:
        raise RosterError(f"class list {path} is too large: is it a list of names?")
    if b"\0" in content:
        raise RosterError(f"class list {path} is no plain text: save it as text (UTF-8)")
    return content


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise RosterError(
            f"class list {path}, line {number}: not in UTF-8: save it as text (UTF-8)"
        ) from None


def _pupil(written: tuple[str, ...], counted: bool, number: int, where: str) -> Pupil:
    names = tuple(" ".join(part.split()) for part in written)
    for name in names:
        if len(name) > LONGEST_NAME:
            raise RosterError(f"{where}: a name is longer than {LONGEST_NAME} letters")
        if not any(letter.isalpha() for letter in name):
            raise RosterError(f"{where}: a name is missing; write: Fatima, or Fatima, Fatim")
    return Pupil(f"p{number:02d}", names, counted)


def _claim(pupil: Pupil, number: int, taken: dict[str, tuple[int, bool]], where: str) -> None:
    """Two lines may share a name only when both carry the first letter of a surname."""
    own = {plain(called(name)): plain(called(name)) != plain(name) for name in pupil.names}
    for name, told_apart in [*own.items(), *((plain(name), False) for name in pupil.names)]:
        line, apart = taken.get(name, (number, True))
        if line != number and not (told_apart and apart):
            raise RosterError(
                f"{where}: the same name as on line {line}; "
                "add the first letter of the surname to both"
            )
        taken.setdefault(name, (number, told_apart))
