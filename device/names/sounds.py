"""How a word sounds: from espeak-ng where it is installed, else by the rules of spelling.

Both give one letter of phonetic script a sound, without stress and length. The two are never mixed:
words from one are only compared with words from the same.
"""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from device.errors import NamesError
from device.names.spelling import spoken

PROGRAM = "espeak-ng"
_VOICES = {"nl": "nl", "en": "en-us"}
#: sounds of foreign words, and small differences that no recogniser tells apart
_SAME = str.maketrans(
    {
        "ɹ": "r",
        "ʁ": "r",
        "w": "ʋ",
        "ɡ": "g",
        "ɒ": "ɔ",
        "ɐ": "ə",
        "ɚ": "ə",
        "ɝ": "ə",
        "ᵻ": "ɪ",
        "ɫ": "l",
        "ɦ": "h",
        "ʊ": "u",
        "ɵ": "ʏ",
        "ɜ": "ʏ",
        "ʌ": "ɑ",
    }
)
#: a tapped consonant is an r in Dutch, a t in American English
_TAP = {"nl": "r", "en": "t"}
_SOUNDS = frozenset("aɑeɛəiɪoɔuyʏøœæbdfghjklmnŋɲprsʃtvʋxzʒɣθð")


class Sounds(Protocol):
    """Pronounces words."""

    #: whether the shipped pronunciations, which espeak-ng made, can be compared with these
    like_shipped: bool

    def of(self, words: Sequence[str]) -> list[str]:
        """One string of sounds for each word; empty when it cannot be said."""
        ...


class RuleSounds:
    """Pronounces by spelling rules: works everywhere, rougher with foreign names."""

    like_shipped = False

    def __init__(self, language: str) -> None:
        self._language = language

    def of(self, words: Sequence[str]) -> list[str]:
        return [spoken(word, self._language) for word in words]


class EspeakSounds:
    """Asks espeak-ng, all words in one run.

    Raises:
        NamesError: espeak-ng is not installed, or does not answer.
    """

    like_shipped = True

    def __init__(self, language: str) -> None:
        program = shutil.which(PROGRAM)
        if program is None:
            raise NamesError(f"{PROGRAM} is not installed: sudo apt install {PROGRAM}")
        self._tap = _TAP[language]
        self._command = [program, "-q", "--ipa", "-v", _VOICES[language]]

    def of(self, words: Sequence[str]) -> list[str]:
        if not words:
            return []
        # An empty line between them keeps one word from changing the next.
        asked = "\n\n".join(word.replace("-", " ") for word in words) + "\n"
        try:
            answer = subprocess.run(
                self._command, input=asked, capture_output=True, text=True, timeout=120, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise NamesError(f"{PROGRAM} does not pronounce words: {error}") from error
        lines = [self._bare(line) for line in answer.stdout.splitlines() if line.strip()]
        if len(lines) == len(words):
            return lines
        # A word that it says as two, or not at all, spoils the count: ask for each alone.
        return [self._one(word) for word in words] if len(words) <= 100 else self._halves(words)

    def _halves(self, words: Sequence[str]) -> list[str]:
        middle = len(words) // 2
        return self.of(words[:middle]) + self.of(words[middle:])

    def _one(self, word: str) -> str:
        answer = subprocess.run(
            self._command, input=word, capture_output=True, text=True, timeout=30, check=False
        )
        return self._bare(answer.stdout)

    def _bare(self, phonetic: str) -> str:
        return bare(phonetic.replace("ɾ", self._tap))


def bare(phonetic: str) -> str:
    """Phonetic script without stress, length, ties and accents, in our own set of sounds."""
    plain = unicodedata.normalize("NFD", phonetic.replace("(en)", "").replace("(nl)", ""))
    return "".join(letter for letter in plain.translate(_SAME) if letter in _SOUNDS)


def best_sounds(language: str) -> Sounds:
    """espeak-ng's when it is there, else the spelling rules."""
    if shutil.which(PROGRAM):
        return EspeakSounds(language)
    return RuleSounds(language)
