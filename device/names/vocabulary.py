"""The words that a speech model knows, read from its files: nothing is loaded.

Vosk drops a grammar word outside its vocabulary without a word, and never hears it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from device.errors import NamesError
from device.roster import called, plain

_FST_MAGIC = 2125659606
_TABLE_MAGIC = 2125658996
_HAS_INPUT_WORDS, _HAS_OUTPUT_WORDS = 1, 2
_LONGEST_WORD_BYTES = 4096


def read_vocabulary(model: Path) -> frozenset[str]:
    """All words of a Vosk model: from its ``words.txt``, else from inside its graph.

    Raises:
        NamesError: neither holds a list of words.
    """
    for folder in (model / "graph", model):
        words = folder / "words.txt"
        if words.is_file():
            lines = words.read_text(encoding="utf-8", errors="replace").splitlines()
            return frozenset(line.split()[0] for line in lines if line.strip())
        for name in ("Gr.fst", "HCLG.fst"):
            if (folder / name).is_file():
                try:
                    return frozenset(_words_inside(folder / name))
                except (OSError, struct.error, ValueError) as error:
                    raise NamesError(f"{folder / name} holds no list of words: {error}") from None
    raise NamesError(f"{model} holds no list of words")


def _words_inside(graph: Path) -> Iterator[str]:
    """The output words of an OpenFst file; its head says whether it carries them."""
    with graph.open("rb") as file:
        if _number(file, "<i") != _FST_MAGIC:
            raise ValueError("it is no graph")
        _text(file), _text(file)  # kind of graph, kind of arc
        _version, flags, _properties, *_counts = struct.unpack("<iiQqqq", file.read(40))
        if flags & _HAS_INPUT_WORDS:
            first = list(_table(file))
            if not flags & _HAS_OUTPUT_WORDS:
                yield from first
                return
        if not flags & _HAS_OUTPUT_WORDS:
            raise ValueError("it carries no words")
        yield from _table(file)


def _table(file: BinaryIO) -> Iterator[str]:
    if _number(file, "<i") != _TABLE_MAGIC:
        raise ValueError("its words are damaged")
    _text(file)
    _next_key, size = struct.unpack("<qq", file.read(16))
    for _ in range(size):
        yield _text(file)
        file.read(8)


def _number(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])


def _text(file: BinaryIO) -> str:
    length = _number(file, "<i")
    if not 0 <= length <= _LONGEST_WORD_BYTES:
        raise ValueError("its words are damaged")
    return file.read(length).decode("utf-8", errors="replace")


def forms_of(name: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """How a name stands in the vocabulary: «zoë» or «zoe», «jan-willem» or «jan willem».

    Empty when it cannot be heard as it is written.
    """
    written = called(name).casefold().replace("’", "'").split()
    spellings = (
        " ".join(written),
        " ".join(written).replace("-", " "),
        plain(called(name)),
        plain(called(name)).replace(" ", ""),
    )
    return tuple(
        spelling
        for spelling in dict.fromkeys(spellings)
        if spelling and all(word in vocabulary for word in spelling.split())
    )
