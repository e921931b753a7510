"""Which words the model knows, and how they sound."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.speech.espeak import SILENCE, espeak, is_pause
from tools.speech.labels import cleaned
from tools.speech.languages import Language
from tools.speech.shards import Utterance
from tools.speech.text import NAME_SLOT, WORD, Corpus, words_of

UNKNOWN = "[unk]"
GARBAGE = "SPN"
VARIANT_SHARE = 0.1  # of the commonest pronunciation: rarer ones are noise of the synthesiser
VARIANT_LEAST = 2
TRUSTED_COUNT = 6  # so often heard in sentences that the isolated form adds nothing


@dataclass(frozen=True)
class Pronunciation:
    """One way to say a word; ``cost`` is 0 for the commonest."""

    word: str
    sounds: tuple[str, ...]
    cost: float


def vocabulary(corpus: Corpus, size: int) -> list[str]:
    """The commonest ``size`` words; all names, numbers, words of school subjects and of our own."""
    counts: Counter[str] = Counter()
    for item in corpus.sentences:
        counts.update(item.text.split())
    words = {word for word, _ in counts.most_common() if WORD.fullmatch(word)}
    common = [word for word, _ in counts.most_common() if word in words][:size]
    own = {word for item in (*corpus.lesson_lines, *corpus.demo) for word in item.text.split()}
    for phrase in corpus.phrases:
        own |= set(words_of(phrase.replace(NAME_SLOT, "")))
    own |= {word for word in corpus.extra_words if WORD.fullmatch(word)}
    return sorted({*common, *corpus.names, *corpus.rare_names, *own})


def isolated(words: Iterable[str], language: Language, cache: Path) -> dict[str, tuple[str, ...]]:
    """espeak-ng's pronunciation of every word by itself; kept in ``cache`` between builds."""
    known: dict[str, list[str]] = json.loads(cache.read_text()) if cache.exists() else {}
    voice = language.base_voices[0]
    for word in words:
        if word in known:
            continue
        events = espeak().speak(word, voice, 300).events
        sounds = [event.sound for event in events if event.sound and not is_pause(event.sound)]
        one_word = sum(event.text_position is not None for event in events) <= 1
        known[word] = sounds if one_word else []
    cache.write_text(json.dumps(known))
    return {
        word: tuple(
            language.sound(sound)
            for sound in known[word]
            if sound not in language.dropped_sounds and sound != "!"
        )
        for word in words
    }


def spoken_variants(
    utterances: Iterable[Utterance], language: Language
) -> dict[str, Counter[tuple[str, ...]]]:
    """How each word was pronounced inside the synthesised sentences."""
    variants: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for item in utterances:
        words = item.text.split()
        sounds: dict[int, list[str]] = defaultdict(list)
        for part in cleaned(item.segments, language):
            if part.word is not None and part.sound != SILENCE:
                sounds[part.word].append(part.sound)
        for place, heard in sounds.items():
            if place < len(words):
                variants[words[place]][tuple(heard)] += 1
    return dict(variants)


def lexicon(
    words: Iterable[str],
    alone: dict[str, tuple[str, ...]],
    variants: dict[str, Counter[tuple[str, ...]]],
    units: list[str],
) -> list[Pronunciation]:
    """All pronunciations whose sounds the network knows, and the garbage word ``[unk]``."""
    known = set(units)
    entries: list[Pronunciation] = []
    for word in words:
        heard = Counter(variants.get(word, Counter()))
        own = alone.get(word, ())
        if own and (heard[own] or sum(heard.values()) < TRUSTED_COUNT):
            heard[own] += 1
        usable = {
            sounds: count
            for sounds, count in heard.items()
            if count and sounds and known.issuperset(sounds)
        }
        if not usable:
            continue
        top = max(usable.values())
        for sounds, count in sorted(usable.items()):
            common = count >= max(VARIANT_LEAST, VARIANT_SHARE * top)
            if common or sounds == own or count == top:
                entries.append(Pronunciation(word, sounds, -0.5 * math.log(count / top)))
    entries.append(Pronunciation(UNKNOWN, (GARBAGE,) * 3, 0.0))
    return entries
