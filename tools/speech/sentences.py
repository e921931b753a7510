"""The weighted sentences of the language model, from the corpus and our own phrases."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tools.speech.numbers import DRAWN_SENTENCES, number_sentences
from tools.speech.text import NAME_SLOT, Corpus, words_of

Weighted = tuple[list[str], float]

QUESTION_WEIGHT = 2.0
LESSON_LINE_WEIGHT = 4.0
DEMO_WEIGHT = 6.0
PHRASE_WEIGHT = 10.0
LONE_NAME_WEIGHT = 8.0
NUMBER_WEIGHT = 0.5
EXTRA_WORD_WEIGHT = 4.0
BREAK = "#"  # no word: so what stands between two is counted by itself, not as an utterance
NAMED_SHARE = 0.08  # of the sentences are also counted with a name before or after them
NAMES_PER_PHRASE = 40
BEFORE_NAMES = {
    "nl": ("van", "met", "bij", "aan", "voor", "en", "of", "naast", "dat"),
    "en": ("of", "with", "by", "to", "for", "and", "or", "like", "that"),
}
"""Words after which any name may come, so that no rare word is likelier there."""
BEFORE_NAME_WEIGHT = 2.0


def weighted_sentences(corpus: Corpus, held_out: set[str], seed: int) -> Iterator[Weighted]:
    """Sentences with their weights; those held out for the evaluation are left out."""
    draw = random.Random(seed)
    for item in corpus.sentences:
        if item.text in held_out:
            continue
        words = item.text.split()
        yield words, QUESTION_WEIGHT if item.question else 1.0
        if draw.random() < NAMED_SHARE:
            name = draw.choice(corpus.names)
            yield ([name, *words] if draw.random() < 0.5 else [*words, name]), 1.0
    for item in corpus.lesson_lines:
        yield item.text.split(), LESSON_LINE_WEIGHT
    for item in corpus.demo:
        yield item.text.split(), DEMO_WEIGHT
    for phrase in corpus.phrases:
        if NAME_SLOT in phrase:
            for name in draw.sample(corpus.names, min(NAMES_PER_PHRASE, len(corpus.names))):
                yield words_of(phrase.replace(NAME_SLOT, name)), 1.0
        else:
            yield words_of(phrase), PHRASE_WEIGHT
    for name in (*corpus.names, *corpus.rare_names):  # any may sit in the class
        yield [name], LONE_NAME_WEIGHT
        for word in BEFORE_NAMES[corpus.code]:
            yield [BREAK, word, name, BREAK], BEFORE_NAME_WEIGHT
    for text in number_sentences(corpus.code, draw, DRAWN_SENTENCES):
        yield text.split(), NUMBER_WEIGHT
    for word in corpus.extra_words:
        yield [BREAK, word, BREAK], EXTRA_WORD_WEIGHT
