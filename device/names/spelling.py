"""Spelling to sounds by rule, for Dutch and English, when no synthesiser is installed.

A letter of phonetic script stands for each sound, as in ``device/names/sounds.py``. The rules know
the regular spelling only; they serve to find words that sound like a name, not to speak.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

_VOWELS = "aeiouyə"

#: longest first; what is not listed is said as single letters
_DUTCH = {
    "sch": "sx",
    "aai": "ai",
    "ooi": "oi",
    "oei": "ui",
    "eeuw": "eu",
    "ieuw": "iu",
    "aa": "a",
    "ee": "e",
    "oo": "o",
    "uu": "y",
    "ie": "i",
    "oe": "u",
    "eu": "ø",
    "ui": "œy",
    "ij": "ɛɪ",
    "ei": "ɛɪ",
    "ay": "aj",
    "ey": "ɛɪ",
    "ai": "ɑj",
    "au": "ɑu",
    "ou": "ɑu",
    "ch": "x",
    "ng": "ŋ",
    "nk": "ŋk",
    "sj": "ʃ",
    "sh": "ʃ",
    "dj": "dʒ",
    "th": "t",
    "ph": "f",
    "qu": "kʋ",
    "ck": "k",
    "c": "k",
    "g": "ɣ",
    "h": "h",
    "q": "k",
    "v": "v",
    "w": "ʋ",
    "x": "ks",
}
_DUTCH_TENSE = {"a": "a", "e": "e", "i": "i", "o": "o", "u": "y", "y": "i"}
_DUTCH_LAX = {"a": "ɑ", "e": "ɛ", "i": "ɪ", "o": "ɔ", "u": "ʏ", "y": "i"}
_DUTCH_LAST = {"b": "p", "d": "t", "ɣ": "x", "v": "f", "z": "s"}
_DUTCH_WEAK_ENDINGS = ("en", "er", "el", "em")

_ENGLISH = {
    "igh": "aɪ",
    "tion": "ʃən",
    "tch": "tʃ",
    "dge": "dʒ",
    "ee": "i",
    "ea": "i",
    "ie": "i",
    "oo": "u",
    "ou": "au",
    "ow": "o",
    "oa": "o",
    "ai": "eɪ",
    "ay": "eɪ",
    "ey": "i",
    "oy": "ɔɪ",
    "oi": "ɔɪ",
    "au": "ɔ",
    "aw": "ɔ",
    "ew": "u",
    "ch": "tʃ",
    "sh": "ʃ",
    "th": "θ",
    "ph": "f",
    "ng": "ŋ",
    "nk": "ŋk",
    "er": "ə",
    "ir": "ʏ",
    "ur": "ʏ",
    "ck": "k",
    "qu": "kʋ",
    "wh": "ʋ",
    "kn": "n",
    "wr": "r",
    "c": "k",
    "g": "g",
    "j": "dʒ",
    "q": "k",
    "w": "ʋ",
    "x": "ks",
}
_ENGLISH_LONG = {"a": "eɪ", "e": "i", "i": "aɪ", "o": "o", "u": "u", "y": "aɪ"}
_ENGLISH_SHORT = {"a": "æ", "e": "ɛ", "i": "ɪ", "o": "ɔ", "u": "ɑ", "y": "ɪ"}


def spoken(word: str, language: str) -> str:
    """The sounds of a word or of several with spaces or hyphens between them."""
    rule: Callable[[str], str] = _english if language == "en" else _dutch
    return "".join(rule(part) for part in _letters(word).split())


def _letters(word: str) -> str:
    """Small letters; a diaeresis begins a syllable of its own, other accents fall away."""
    folded = word.casefold().replace("ë", "ə").replace("-", " ")
    decomposed = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in decomposed if letter.isalpha() or letter == " ")


def _groups(word: str, table: dict[str, str]) -> list[str]:
    """The word cut into spellings: those of more letters first, doubled consonants as one."""
    groups = []
    place = 0
    while place < len(word):
        size = next((n for n in (4, 3, 2) if word[place : place + n] in table), 1)
        group = word[place : place + size]
        place += len(group)
        if size == 1 and group not in _VOWELS:
            while word[place : place + 1] == group:
                place += 1
                group += word[place - 1]
        groups.append(group)
    return groups


def _dutch(word: str) -> str:
    groups = _groups(word, _DUTCH)
    sounds = []
    for place, group in enumerate(groups):
        after = groups[place + 1 :]
        if group in _DUTCH_TENSE:
            sounds.append(_dutch_vowel(group, place, groups))
        elif group == "c" and after and after[0][0] in "eiy":
            sounds.append("s")
        elif group == "j" or group[0] not in _VOWELS:
            sounds.append(_DUTCH.get(group, _DUTCH.get(group[0], group[0])))
        else:
            sounds.append(_DUTCH.get(group, group))
    said = "".join(sounds)
    return said[:-1] + _DUTCH_LAST.get(said[-1], said[-1]) if said else ""


def _dutch_vowel(group: str, place: int, groups: list[str]) -> str:
    after = groups[place + 1 :]
    vowels_before = any(earlier[0] in _VOWELS for earlier in groups[:place])
    if group == "y" and after and after[0][0] in _VOWELS:
        return "j"
    if group == "e" and vowels_before and (not after or group + "".join(after) in _WEAK):
        return "ə"
    open_syllable = not after or after[0][0] in _VOWELS
    if len(after) >= 2 and len(after[0]) == 1 and after[0] not in _VOWELS:
        open_syllable = after[1][0] in _VOWELS and after[0] != "x"
    return (_DUTCH_TENSE if open_syllable else _DUTCH_LAX)[group]


_WEAK = frozenset(_DUTCH_WEAK_ENDINGS)


def _english(word: str) -> str:
    silent = len(word) > 2 and word[-1] == "e" and word[-2] not in _VOWELS
    magic = silent and word[-3] in _VOWELS
    groups = _groups(word[:-1] if silent else word, _ENGLISH)
    sounds = []
    for place, group in enumerate(groups):
        after = groups[place + 1 :]
        last_vowel = not any(later[0] in _VOWELS for later in after)
        if group == "y" and place == 0:
            sounds.append("j")
        elif group in ("a", "y", "ie", "ey") and not after and place > 1:
            sounds.append("ə" if group == "a" else "i")
        elif group in _ENGLISH_LONG:
            long = (magic and last_vowel) or (not after and place < 3)
            sounds.append((_ENGLISH_LONG if long else _ENGLISH_SHORT)[group])
        elif group in ("c", "g") and after and after[0][0] in "eiy":
            sounds.append("s" if group == "c" else "dʒ")
        elif group == "ə":
            sounds.append("i")
        else:
            sounds.append(_ENGLISH.get(group, _ENGLISH.get(group[0], group[0])))
    return "".join(sounds)
