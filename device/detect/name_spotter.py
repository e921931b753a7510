"""A second look at doubtful words, through a grammar of the names on the class list.

The main recogniser knows thousands of words and hears a short name alone as «op» or «bo». A grammar
of names and «something else» knows few, and hears names everywhere. So it is asked only where the
main one is unsure: about a name, about the first or the last words of a chunk, where a pupil is
called, and about a chunk without words. A first name said alone that nobody in the class bears is
doubtful too: «kate» will be «kay». A confident ordinary word is never made a name, and a doubtful
one only when it sounds like it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import vosk

from device.audio.frames import SAMPLE_RATE, Samples
from device.detect.words import Word
from device.names.distance import distance
from device.names.lookalikes import first_names
from device.names.spelling import spoken

#: below this the main recogniser does not know what it heard
UNSURE = 0.6
#: below this a name may be another name on the list
UNSURE_NAME = 0.9
#: a name is taken from the grammar only when it is this sure
SURE = 0.9
#: unsure words may differ so much from the name for each sound: «op» and «bo» from «bob» do not
MOST_UNLIKE = 0.4
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
        self._language = language
        self._strangers = first_names(language).difference(self._names)
        self._grammar = json.dumps([*self._names, _UNKNOWN], ensure_ascii=False)
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
            heard = self._listen(sound, first_sample, doubt)
            refined[doubt.first : doubt.end] = self._decide(
                doubt, heard, refined[doubt.first : doubt.end]
            )
        return refined

    def _doubts(self, words: Sequence[Word], first_sample: int, samples: int) -> list[_Doubt]:
        """In the order of the words, none of them twice."""
        if not words:
            whole = _Doubt(0, 0, first_sample, first_sample + samples)
            return [whole] if samples <= LONGEST_CALL_SAMPLES else []
        doubts = []
        place = 0
        while place < len(words):
            length, owner = self._name_at(words, place)
            part = words[place : place + max(1, length)]
            confidence = min(word.confidence for word in part)
            if length and confidence < UNSURE_NAME:
                doubts.append(_doubt(words, place, place + length, owner, confidence))
            place += max(1, length)
        doubts += self._edges(words, doubts)
        return sorted(doubts, key=lambda doubt: doubt.first)

    def _edges(self, words: Sequence[Word], names: Sequence[_Doubt]) -> list[_Doubt]:
        """Unsure ordinary words at the start and the end of the chunk, or a stranger's name."""
        taken = {place for doubt in names for place in range(doubt.first, doubt.end)}
        stranger = len(words) == 1 and words[0].text in self._strangers
        free = [
            place not in taken and (stranger or word.confidence < UNSURE)
            for place, word in enumerate(words)
        ]
        start = next((place for place, unsure in enumerate(free) if not unsure), len(free))
        end = next((place for place, unsure in enumerate(reversed(free)) if not unsure), 0)
        found = [_doubt(words, 0, start)] if start else []
        if end and start < len(words):
            found.append(_doubt(words, len(words) - end, len(words)))
        return found

    def _name_at(self, words: Sequence[Word], place: int) -> tuple[int, str | None]:
        for length in range(self._most_words, 0, -1):
            text = " ".join(word.text for word in words[place : place + length])
            if text in self._names:
                return min(length, len(words) - place), self._names[text]
        return 0, None

    def _decide(
        self, doubt: _Doubt, heard: Sequence[Word], words: Sequence[Word]
    ) -> Sequence[Word]:
        best = max(heard, key=lambda word: word.confidence, default=None)
        if doubt.name is None:
            return self._put_in(words, best) if best and best.confidence >= SURE else words
        if best is None:
            return words if doubt.confidence >= UNSURE else ()
        if self._names[best.text] == doubt.name:
            sure = max(best.confidence, doubt.confidence)
            return [replace(word, confidence=max(sure, word.confidence)) for word in words]
        return [best] if best.confidence >= SURE else words

    def _put_in(self, words: Sequence[Word], name: Word) -> Sequence[Word]:
        """The name in the place of the words that it was heard as, if they sound like it."""
        same = [word for word in words if _same_sound(word, name)]
        if words:
            heard = spoken(" ".join(word.text for word in same), self._language)
            said = spoken(name.text, self._language)
            if distance(heard, said) > MOST_UNLIKE * max(len(heard), len(said)):
                return words
        kept = [word for word in words if word not in same]
        return sorted([*kept, name], key=lambda word: word.first_sample)

    def _listen(self, sound: Samples, first_sample: int, doubt: _Doubt) -> list[Word]:
        """Names that the grammar hears in the doubtful stretch."""
        start = max(0, doubt.first_sample - first_sample - MARGIN_SAMPLES)
        end = min(len(sound), doubt.end_sample - first_sample + MARGIN_SAMPLES)
        names = self.spot(sound[start:end], first_sample + start)
        return [name for name in names if _inside(name, doubt)]

    def spot(self, sound: Samples, first_sample: int) -> list[Word]:
        """All names that the grammar hears in a sound, with a fresh recogniser."""
        if not self._usable:
            return []
        recogniser = vosk.KaldiRecognizer(self._model, SAMPLE_RATE, self._grammar)
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


def _same_sound(one: Word, other: Word) -> bool:
    """Whether one lies mostly in the other."""
    common = min(one.end_sample, other.end_sample) - max(one.first_sample, other.first_sample)
    shorter = min(one.end_sample - one.first_sample, other.end_sample - other.first_sample)
    return 2 * common > shorter
