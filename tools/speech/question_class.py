"""What the first words say of an utterance: the figure that detecting questions lives on.

An utterance begins with a question word («wh»), a finite verb («verb»), or otherwise («other»).
Up to two names of the class or openers («en», «dus», «oké») in front do not count.
"""

from __future__ import annotations

from device.detect.lexicon import dutch, english

NOT_COUNTED = 2  # openers and names at most, before the word that decides
_QUESTION_WORDS = {"nl": dutch.QUESTION_WORDS, "en": english.QUESTION_WORDS}
_VERBS = {"nl": dutch.FINITE_VERBS, "en": english.AUXILIARIES}
_OPENERS = {"nl": dutch.OPENERS, "en": english.OPENERS}


def question_class(words: list[str], code: str, names: tuple[str, ...] = ()) -> str:
    """``wh``, ``verb`` or ``other``, by the rule above; ``other`` for silence."""
    for word in words[: NOT_COUNTED + 1]:
        stem = word.removesuffix("n't").partition("'")[0]  # «what's», «hasn't»
        if stem in _QUESTION_WORDS[code]:
            return "wh"
        if stem in _VERBS[code] or word in _VERBS[code]:
            return "verb"
        if word not in names and word not in _OPENERS[code]:
            return "other"
    return "other"
