"""Words that sound the same and are spelt differently: a recogniser guesses which was said.

In Dutch a last -d is spoken as -t, so «wie bepaalt …» comes back as «wie bepaald …», a participle,
and a question without its verb is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from device.detect.lexicon import dutch
from device.detect.lexicon.dutch_verbs import THIRD_PERSONS
from device.detect.words import Word


def spelt_as_meant(words: Sequence[Word], language: str) -> list[Word]:
    """The words, with the verb behind a question word spelt as one.

    «wat bepaald is» keeps its participle: there the verb is the next word.
    """
    spelt = list(words)
    if language != "nl":
        return spelt
    for place, (asking, word) in enumerate(pairwise(words)):
        if asking.text not in dutch.QUESTION_WORDS or not word.text.endswith("d"):
            continue
        verb = word.text[:-1] + "t"
        behind = words[place + 2 : place + 3]
        if verb in THIRD_PERSONS and behind and not dutch.is_verb(behind[0].text):
            spelt[place + 1] = replace(word, text=verb)
    return spelt
