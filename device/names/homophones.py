"""Words of the vocabulary that are a name in another spelling: «hannah» for Hanna.

A recogniser writes whichever spelling it knows best, and the class list has the parents' choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from device.names.sounds import Sounds
from device.roster import plain

_LETTERS = str.maketrans({"y": "i", "z": "s", "v": "f", "w": "f", "q": "k"})
_SOFT_C = re.compile("c(?=[ei])")
_HARD_C = re.compile("ck|c(?!h)")
_SILENT_H = re.compile("(?<!c)(?<!^)h")
_DOUBLED = re.compile(r"(.)\1+")


def skeleton(word: str) -> str:
    """The letters without what may be written differently; words that sound alike share it.

    A model may know hundreds of thousands of words: only what a word holds is looked at.
    """
    word = word.replace("ph", "f").translate(_LETTERS)
    if "c" in word:
        word = _HARD_C.sub("k", _SOFT_C.sub("s", word))
    if "h" in word:
        word = _SILENT_H.sub("", word)
    word = word.replace("ij", "i").replace("ie", "i")
    if word.endswith("d"):
        word = word[:-1] + "t"
    return _DOUBLED.sub(r"\1", word)


class Homophones:
    """Looks up names in one vocabulary.

    Args:
        vocabulary: the words of the speech model.
        sounds: pronounces names and words.
    """

    def __init__(self, vocabulary: Iterable[str], sounds: Sounds) -> None:
        self._sounds = sounds
        self._by_skeleton: dict[str, list[str]] = {}
        for word in sorted(word for word in vocabulary if word.isalpha()):
            self._by_skeleton.setdefault(skeleton(word), []).append(word)

    def of(self, name: str) -> tuple[str, ...]:
        """Words that are spelt otherwise and sound the same; a name of several words has none."""
        own = plain(name)
        near = [word for word in self._by_skeleton.get(skeleton(own), []) if word != own]
        if " " in own or not near:
            return ()
        said, *others = self._sounds.of([_respelt(word) for word in (own, *near)])
        return tuple(word for word, other in zip(near, others, strict=True) if other == said != "")


def _respelt(word: str) -> str:
    """Without letters that a synthesiser says and nobody else: the h of Sarah, the ph of Sophie."""
    return re.sub(r"(?<=[aeiou])h$", "", word.replace("ph", "f"))
