"""Words of the vocabulary that sound like a name, alone or one after another."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from device.names.distance import distance, first_row, next_row
from device.names.sounds import Sounds
from device.names.spelling import spoken

FOLDER = Path(__file__).resolve().parent.parent / "data" / "names"
#: the words heard so often that one of them must never stand for a name
COMMON = 2000
#: a few hundred words make up most of what is said; only with those a name is mixed up
FREQUENT = 300
MOST_WORDS = 3
#: each further word makes it less likely that the recogniser hears just these
WORD_COST = 0.25
SHORTEST_PIECE = 2


@dataclass(frozen=True, slots=True)
class ListedWord:
    """A word of the shipped list; ``rank`` 0 is the commonest."""

    text: str
    sounds: str
    rank: int
    only_name: bool


@cache
def shipped_words(language: str) -> tuple[ListedWord, ...]:
    """The commonest words of a language with espeak-ng's pronunciation; see ``tools/names``."""
    with gzip.open(FOLDER / f"words_{language}.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return tuple(
        ListedWord(text, sounds, rank, kind == "name")
        for rank, (text, sounds, kind) in enumerate(rows)
    )


@cache
def first_names(language: str) -> frozenset[str]:
    """Words of the shipped list that are nothing but a first name."""
    return frozenset(word.text for word in shipped_words(language) if word.only_name)


@cache
def _said_by_rule(language: str) -> tuple[ListedWord, ...]:
    """The same words as the spelling rules say them."""
    return tuple(
        ListedWord(word.text, spoken(word.text, language), word.rank, word.only_name)
        for word in shipped_words(language)
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """Words that sound like a name, and how far they are from it; 0 is the same."""

    words: str
    cost: float


@dataclass(slots=True)
class _Node:
    """A place in the tree of all pronunciations."""

    next: dict[str, _Node] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


class SoundAlikes:
    """Searches the words of one language.

    Args:
        language: ``nl`` or ``en``.
        sounds: pronounces names, and the words as well where it differs from the shipped list.
        known: whether the speech model has a word.
    """

    def __init__(self, language: str, sounds: Sounds, known: Callable[[str], bool]) -> None:
        listed = shipped_words(language) if sounds.like_shipped else _said_by_rule(language)
        self._words = tuple(word for word in listed if known(word.text))
        ordinary = [word for word in self._words if not word.only_name]
        self.common = frozenset(word.text for word in ordinary if word.rank < COMMON)
        self._frequent = [word for word in ordinary if word.rank < FREQUENT]
        self.ordinary = frozenset(word.text for word in ordinary)
        self._tree: _Node | None = None

    def mixed_up(self, sounds: str, most_per_sound: float = 0.4) -> list[Likeness]:
        """Frequent words of as many sounds that are easily taken for the name, nearest first."""
        found = [
            Likeness(word.text, cost)
            for word in self._frequent
            if len(word.sounds) == len(sounds)
            and (cost := distance(word.sounds, sounds)) <= most_per_sound * len(sounds)
        ]
        return sorted(found, key=lambda likeness: (likeness.cost, likeness.words))

    def alike(self, sounds: str, budget: float, count: int = 3) -> list[Likeness]:
        """Up to three words, or one, that sound like the name within ``budget``, best first."""
        if not sounds:
            return []
        pieces = {start: self._pieces(sounds[start:], budget) for start in range(len(sounds))}
        best: list[Likeness] = []

        def extend(start: int, words: tuple[str, ...], cost: float) -> None:
            if start == len(sounds):
                best.append(Likeness(" ".join(words), cost))
                return
            if len(words) == MOST_WORDS:
                return
            for length, word, more in pieces[start]:
                whole = cost + more + (WORD_COST if words else 0.0)
                if whole <= budget:
                    extend(start + length, (*words, word), whole)

        extend(0, (), 0.0)
        best.sort(key=lambda likeness: (round(likeness.cost, 3), likeness.words))
        return best[:count]

    def _pieces(self, sounds: str, budget: float) -> list[tuple[int, str, float]]:
        """Words that sound like the first so many of the sounds: length, word, cost."""
        found: dict[tuple[int, str], float] = {}
        pending = [(self._root(), first_row(sounds))]
        while pending:
            node, row = pending.pop()
            for word in node.words:
                for length in range(SHORTEST_PIECE, len(row)):
                    if row[length] <= budget:
                        found[length, word] = min(row[length], found.get((length, word), budget))
            for sound, child in node.next.items():
                following = next_row(row, sound, sounds)
                if min(following) <= budget:
                    pending.append((child, following))
        cheapest: dict[int, list[tuple[float, str]]] = {}
        for (length, word), cost in found.items():
            cheapest.setdefault(length, []).append((cost, word))
        return [
            (length, word, cost)
            for length, options in cheapest.items()
            for cost, word in sorted(options)[:4]
        ]

    def _root(self) -> _Node:
        if self._tree is None:
            self._tree = _tree(self._words)
        return self._tree


def _tree(words: Iterable[ListedWord]) -> _Node:
    root = _Node()
    for word in words:
        if len(word.sounds) < SHORTEST_PIECE:
            continue
        node = root
        for sound in word.sounds:
            node = node.next.setdefault(sound, _Node())
        node.words.append(word.text)
    return root
