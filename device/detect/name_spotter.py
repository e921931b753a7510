"""A second look at doubtful words, through a grammar of the names on the class list.

The main recogniser knows thousands of words and hears a short name alone as «op» or «bo». A grammar
of names and «something else» knows few, and hears names everywhere. So it is asked only where the
main one is unsure: about a name, about the first or the last words of a chunk, where a pupil is
called, and about a chunk without words. A first name said alone that nobody in the class bears is
doubtful too: «kate» will be «kay». An ordinary word is made a name only when it sounds like it.

A word may also be wrong and sure, because it is common: «een» is said a thousand times for each
«sven». So a word at an edge that sounds somewhat like a name is put beside the names, all of them
equally likely, and a name that wins then was lost to nothing but frequency.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import vosk

from device.audio.frames import SAMPLE_RATE, Samples
from device.detect.words import Word, text_of
from device.names.distance import distance
from device.names.lookalikes import first_names
from device.names.spelling import spoken

#: below this the main recogniser does not know what it heard
UNSURE = 0.6
#: the same for a word alone: it is a call more often than a word in a sentence is
UNSURE_ALONE = 0.8
#: below this a name may be another name on the list
UNSURE_NAME = 0.9
#: a name is taken from the grammar only when it is this sure
SURE = 0.9
#: one word alone, and much like a name, is more likely to be the name: nothing else explains it
SURE_ALONE = 0.75
#: unsure words may differ so much from the name for each sound: «op» and «bo» from «bob» do not
MOST_UNLIKE = 0.4
#: words up to a certainty, and how unlike a name they may be to be compared with it: the surer, the
#: less; nothing else was possible where the main recogniser is wholly certain
RIVALS = ((0.8, 0.5), (0.995, 0.3))
#: and the name is taken when it is so sure beside the word
SURE_BESIDE = 0.7
#: sound before and after the doubtful words that is listened to as well
MARGIN_SAMPLES = 8000
#: without any word only a chunk as short as a call is listened to
LONGEST_CALL_SAMPLES = 2 * SAMPLE_RATE
_PIECE_SAMPLES = 1600
_UNKNOWN = "[unk]"


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Words ``first`` up to ``end`` of the chunk, and where they lie; ``name`` as they stand."""

    first: int
    end: int
    first_sample: int
    end_sample: int
    name: str | None = None
    confidence: float = 0.0
    unsure: bool = True
    alone: bool = False


class NameSpotter:
    """Looks again at doubtful words of a chunk; keeps nothing from one chunk to the next.

    Args:
        model: the speech model, shared with the main recogniser.
        names: words of its vocabulary that stand for a name, and whose name it is.
        language: ``nl`` or ``en``: how words are said.
    """

    def __init__(self, model: vosk.Model, names: Mapping[str, str], language: str) -> None:
        self._model = model
        self._names = dict(names)
        self._sounds = {name: spoken(name, language) for name in names}
        self._language = language
        self._strangers = first_names(language).difference(self._names)
        # Without a word for everything else, every sound would be some name.
        self._usable = bool(self._names) and model.vosk_model_find_word(_UNKNOWN) >= 0
        self._most_words = max((len(words.split()) for words in self._names), default=0)

    def refine(self, sound: Samples, first_sample: int, words: Sequence[Word]) -> list[Word]:
        """The words of a chunk with doubtful names confirmed, replaced, added or left out.

        ``sound`` is what was decoded, beginning at ``first_sample``.
        """
        refined = list(words)
        if not self._usable:
            return refined
        for doubt in reversed(self._doubts(words, first_sample, len(sound))):
            start = max(0, doubt.first_sample - first_sample - MARGIN_SAMPLES)
            end = min(len(sound), doubt.end_sample - first_sample + MARGIN_SAMPLES)
            piece = sound[start:end], first_sample + start
            decide = self._called if doubt.name is None else self._named
            refined[doubt.first : doubt.end] = decide(
                doubt, piece, refined[doubt.first : doubt.end]
            )
        return refined

    def _doubts(self, words: Sequence[Word], first_sample: int, samples: int) -> list[_Doubt]:
        """In the order of the words, none of them twice."""
        if not words:
            whole = _Doubt(0, 0, first_sample, first_sample + samples)
            return [whole] if samples <= LONGEST_CALL_SAMPLES else []
        doubts = []
        named: set[int] = set()
        place = 0
        while place < len(words):
            length, owner = self._name_at(words, place)
            part = words[place : place + max(1, length)]
            confidence = min(word.confidence for word in part)
            if length and confidence < UNSURE_NAME:
                doubts.append(_doubt(words, place, place + length, owner, confidence))
            named.update(range(place, place + length))
            place += max(1, length)
        doubts += self._edges(words, named)
        return sorted(doubts, key=lambda doubt: doubt.first)

    def _edges(self, words: Sequence[Word], named: set[int]) -> list[_Doubt]:
        """The unsure words at the start and at the end of the chunk, or one word that is sure."""
        alone = len(words) == 1
        limit = UNSURE_ALONE if alone else UNSURE
        stranger = alone and words[0].text in self._strangers
        unsure = [
            place not in named and (stranger or word.confidence < limit)
            for place, word in enumerate(words)
        ]
        start = next((place for place, doubt in enumerate(unsure) if not doubt), len(words))
        end = next((place for place, doubt in enumerate(reversed(unsure)) if not doubt), 0)
        found = []
        if 0 not in named:
            found.append(replace(_doubt(words, 0, max(1, start)), unsure=start > 0, alone=alone))
        if len(words) - 1 not in named and max(1, start) < len(words):
            first = len(words) - max(1, end)
            found.append(replace(_doubt(words, first, len(words)), unsure=end > 0))
        return found

    def _name_at(self, words: Sequence[Word], place: int) -> tuple[int, str | None]:
        for length in range(self._most_words, 0, -1):
            text = " ".join(word.text for word in words[place : place + length])
            if text in self._names:
                return min(length, len(words) - place), self._names[text]
        return 0, None

    def _named(
        self, doubt: _Doubt, piece: tuple[Samples, int], words: Sequence[Word]
    ) -> Sequence[Word]:
        """A name that was heard: the same, another one, or none."""
        best = self._best(doubt, piece)
        if best is None:
            return words if doubt.confidence >= UNSURE else ()
        if self._names[best.text] == doubt.name:
            sure = max(best.confidence, doubt.confidence)
            return [replace(word, confidence=max(sure, word.confidence)) for word in words]
        return [best] if best.confidence >= SURE else words

    def _called(
        self, doubt: _Doubt, piece: tuple[Samples, int], words: Sequence[Word]
    ) -> Sequence[Word]:
        """Ordinary words: a name in the place of those that it was heard as, or as they are."""
        if doubt.unsure:
            best, sure = self._best(doubt, piece), SURE_ALONE if doubt.alone else SURE
            if best and best.confidence >= sure and self._alike(words, best, MOST_UNLIKE):
                return _put_in(words, best)
        confidence = min((word.confidence for word in words), default=1.0)
        limit = next((unlike for below, unlike in RIVALS if confidence < below), 0.0)
        rival = " ".join(text_of(words))
        if limit and self._near_a_name(rival, limit):
            best = self._best(doubt, piece, rival)
            if best and best.confidence >= SURE_BESIDE and self._alike(words, best, limit):
                return _put_in(words, best)
        return words

    def _alike(self, words: Sequence[Word], name: Word, most: float) -> bool:
        """Whether what lies where the name was heard sounds like it, if anything does."""
        same = " ".join(word.text for word in words if _same_place(word, name))
        return not words or self._unlike(spoken(same, self._language), name.text) <= most

    def _near_a_name(self, text: str, most: float) -> bool:
        sounds = spoken(text, self._language)
        return any(self._unlike(sounds, name) <= most for name in self._names)

    def _unlike(self, sounds: str, name: str) -> float:
        """How far from a name for each sound: 0 the same, 1 quite another word."""
        said = self._sounds[name]
        return distance(sounds, said) / max(1, len(sounds), len(said))

    def _best(
        self, doubt: _Doubt, piece: tuple[Samples, int], rival: str | None = None
    ) -> Word | None:
        """The surest name that the grammar hears in the doubtful stretch."""
        names = [name for name in self.spot(*piece, rival) if _inside(name, doubt)]
        return max(names, key=lambda name: name.confidence, default=None)

    def spot(self, sound: Samples, first_sample: int, rival: str | None = None) -> list[Word]:
        """All names that the grammar hears in a sound, with a fresh recogniser.

        ``rival``: other words, which the grammar takes to be as likely as each name.
        """
        if not self._usable:
            return []
        words = [*self._names, *([rival] if rival else ()), _UNKNOWN]
        grammar = json.dumps(words, ensure_ascii=False)
        recogniser = vosk.KaldiRecognizer(self._model, SAMPLE_RATE, grammar)
        recogniser.SetWords(True)
        found = []
        for place in range(0, len(sound), _PIECE_SAMPLES):
            if recogniser.AcceptWaveform(sound[place : place + _PIECE_SAMPLES].tobytes()):
                found += json.loads(recogniser.Result()).get("result", [])
        found += json.loads(recogniser.FinalResult()).get("result", [])
        heard = [
            Word(
                text=item["word"],
                first_sample=first_sample + round(item["start"] * SAMPLE_RATE),
                end_sample=first_sample + round(item["end"] * SAMPLE_RATE),
                confidence=float(item["conf"]),
            )
            for item in found
        ]
        return self._joined(heard)

    def _joined(self, words: Sequence[Word]) -> list[Word]:
        """Names of several words as one, the rest left out."""
        names = []
        place = 0
        while place < len(words):
            length, _ = self._name_at(words, place)
            part = words[place : place + length]
            if part:
                text = " ".join(word.text for word in part)
                confidence = min(word.confidence for word in part)
                names.append(Word(text, part[0].first_sample, part[-1].end_sample, confidence))
            place += max(1, length)
        return names


def _doubt(
    words: Sequence[Word], first: int, end: int, name: str | None = None, confidence: float = 0.0
) -> _Doubt:
    return _Doubt(
        first, end, words[first].first_sample, words[end - 1].end_sample, name, confidence
    )


def _inside(word: Word, doubt: _Doubt) -> bool:
    """Whether most of the word lies in the doubtful stretch."""
    common = min(word.end_sample, doubt.end_sample) - max(word.first_sample, doubt.first_sample)
    return 2 * common >= word.end_sample - word.first_sample


def _same_place(one: Word, other: Word) -> bool:
    """Whether one lies mostly in the other."""
    common = min(one.end_sample, other.end_sample) - max(one.first_sample, other.first_sample)
    shorter = min(one.end_sample - one.first_sample, other.end_sample - other.first_sample)
    return 2 * common > shorter


def _put_in(words: Sequence[Word], name: Word) -> Sequence[Word]:
    """The name in the place of the words that it was heard as."""
    kept = [word for word in words if not _same_place(word, name)]
    return sorted([*kept, name], key=lambda word: word.first_sample)
