"""How alike two strings of sounds are: an edit distance whose costs follow the mouth.

A cost of 1 is a sound that is quite another one. «daan» and «dan» are 0.3 apart, «noor» and «voor»
0.8. The weights are our own, chosen by ear.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

#: height (0 closed – 3 open), place (0 front – 2 back), rounded
_VOWEL_PLACES: dict[str, tuple[float, float, float]] = {
    "i": (0, 0, 0),
    "y": (0, 0, 1),
    "u": (0, 2, 1),
    "ɪ": (0.5, 0.3, 0),
    "ʏ": (0.8, 0.8, 1),
    "e": (1, 0, 0),
    "ø": (1, 0, 1),
    "o": (1, 2, 1),
    "ə": (1.5, 1, 0),
    "ɛ": (2, 0, 0),
    "œ": (2, 0.3, 1),
    "ɔ": (2, 2, 1),
    "æ": (2.6, 0.2, 0),
    "a": (3, 0.8, 0),
    "ɑ": (3, 1.6, 0),
}
#: place (0 lips – 5 throat), manner, voiced
_CONSONANT_PLACES: dict[str, tuple[float, str, bool]] = {
    "p": (0, "stop", False),
    "b": (0, "stop", True),
    "t": (2, "stop", False),
    "d": (2, "stop", True),
    "k": (4, "stop", False),
    "g": (4, "stop", True),
    "f": (0.5, "fricative", False),
    "v": (0.5, "fricative", True),
    "θ": (1.5, "fricative", False),
    "ð": (1.5, "fricative", True),
    "s": (2, "fricative", False),
    "z": (2, "fricative", True),
    "ʃ": (2.7, "fricative", False),
    "ʒ": (2.7, "fricative", True),
    "x": (4, "fricative", False),
    "ɣ": (4, "fricative", True),
    "h": (5, "fricative", False),
    "m": (0, "nasal", True),
    "n": (2, "nasal", True),
    "ɲ": (3, "nasal", True),
    "ŋ": (4, "nasal", True),
    "l": (2, "liquid", True),
    "r": (2.5, "liquid", True),
    "ʋ": (0.5, "glide", True),
    "j": (3, "glide", True),
}
_OTHER_MANNER = 0.6
_OTHER_VOICE = 0.25
#: leaving out or adding a sound that is hardly heard costs less
_FAINT = frozenset("əhj")
_FAINT_COST = 0.5
_COST = 0.8
#: a vowel written with two sounds often becomes one
_GLIDE_ENDS = frozenset("ɪu")


@cache
def substitution(one: str, other: str) -> float:
    """Cost of one sound for another, 0 to 1."""
    if one == other:
        return 0.0
    if one in _VOWEL_PLACES and other in _VOWEL_PLACES:
        height, place, rounded = (
            abs(a - b) for a, b in zip(_VOWEL_PLACES[one], _VOWEL_PLACES[other], strict=True)
        )
        return min(1.0, 0.25 * height + 0.3 * place + 0.25 * rounded)
    if one in _CONSONANT_PLACES and other in _CONSONANT_PLACES:
        place_one, manner_one, voiced_one = _CONSONANT_PLACES[one]
        place_other, manner_other, voiced_other = _CONSONANT_PLACES[other]
        cost = 0.2 * abs(place_one - place_other)
        cost += _OTHER_MANNER * (manner_one != manner_other)
        cost += _OTHER_VOICE * (voiced_one != voiced_other)
        return min(1.0, cost)
    return 1.0


def insertion(sound: str) -> float:
    """Cost of a sound too many or too few."""
    if sound in _FAINT:
        return _FAINT_COST
    return 0.4 if sound in _GLIDE_ENDS else _COST


def first_row(target: str) -> list[float]:
    """Cost of leaving out the first 0, 1, 2 … sounds of the target."""
    row = [0.0]
    for sound in target:
        row.append(row[-1] + insertion(sound))
    return row


def next_row(row: Sequence[float], sound: str, target: str) -> list[float]:
    """The row of the edit table after one more sound."""
    following = [row[0] + insertion(sound)]
    for place, wanted in enumerate(target, start=1):
        following.append(
            min(
                row[place] + insertion(sound),
                following[place - 1] + insertion(wanted),
                row[place - 1] + substitution(sound, wanted),
            )
        )
    return following


def distance(one: str, other: str) -> float:
    """Cost of turning one string of sounds into another."""
    row = first_row(other)
    for sound in one:
        row = next_row(row, sound, other)
    return row[-1]
