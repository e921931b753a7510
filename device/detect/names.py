"""Names in a clause: which pupil, and is the name called or only mentioned?

A name gives the turn when it stands apart: alone, in front of a question or behind one
(vocative position). «Wat Roos zei», «dank je wel Roos» and «Mees, telefoon weg» give no turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from device.detect.lexicon import dutch, english
from device.detect.words import Word
from device.roster import Roster
from lesson.events import NamePosition, NameRole


@dataclass(frozen=True, slots=True)
class FoundName:
    """A roster name among the words.

    Attributes:
        pupil: alias; ``None`` for a pupil who objects to being counted, and for a name that two
            pupils share.
        index, length: which words it takes.
        word: from the first to the last of them.
    """

    pupil: str | None
    index: int
    length: int
    word: Word


@dataclass(frozen=True, slots=True)
class NameReading:
    """A found name with its meaning."""

    found: FoundName
    role: NameRole
    position: NamePosition


@dataclass(frozen=True, slots=True)
class NameSplit:
    """A clause without its vocatives: ``core`` is what may be a question."""

    core: tuple[Word, ...]
    names: tuple[NameReading, ...]
    #: words such as «zeg het maar» give the turn without or beside a name
    turn_phrase: bool = False


def find_names(words: Sequence[Word], roster: Roster) -> list[FoundName]:
    """All names on the list, the longest match first («jan willem» before «jan»).

    A pupil who objects is found without an alias: the call ends a pause, and nobody is counted.
    """
    found: list[FoundName] = []
    index = 0
    while index < len(words):
        lengths = range(roster.most_words, 0, -1)
        length = next((n for n in lengths if roster.lists(_joined(words, index, n))), 0)
        if length:
            name = _joined(words, index, length)
            first, last = words[index], words[index + length - 1]
            confidence = min(word.confidence for word in words[index : index + length])
            word = Word(name, first.first_sample, last.end_sample, confidence)
            found.append(FoundName(roster.pupil_of(name), index, length, word))
        index += max(1, length)
    return found


def _joined(words: Sequence[Word], index: int, length: int) -> str:
    """Several words as one name; nothing where there are not so many."""
    if index + length > len(words):
        return ""
    return " ".join(word.text for word in words[index : index + length])


class NameReader:
    """Splits the vocatives off a clause, for one language."""

    def __init__(self, roster: Roster, language: str) -> None:
        self._roster = roster
        self._lexicon: ModuleType = english if language == "en" else dutch

    def finds(self, words: Sequence[Word]) -> bool:
        """Whether there is any name on the list among the words."""
        return bool(find_names(words, self._roster))

    def split(self, words: Sequence[Word]) -> NameSplit:
        """Find the names and decide what each one does; see ``NameSplit``."""
        found = find_names(words, self._roster)
        texts = [word.text for word in words]
        taken = {i for name in found for i in range(name.index, name.index + name.length)}
        rest = [i for i in range(len(words)) if i not in taken]
        if found and self._stands_alone([texts[i] for i in rest]):
            role = self._role_beside([texts[i] for i in rest])
            position = NamePosition.ALONE
            # «Bo, of nee, Sofie»: all are read, the last one counts downstream.
            return NameSplit((), tuple(NameReading(n, role, position) for n in found))
        readings: list[NameReading] = []
        core = list(range(len(words)))
        for name in found:
            reading = self._read(texts, name)
            readings.append(reading)
            if reading.position is not NamePosition.INSIDE:
                core = [i for i in core if not name.index <= i < name.index + name.length]
        phrase = " ".join(texts) in self._lexicon.TURN_PHRASES
        return NameSplit(tuple(words[i] for i in core), tuple(readings), phrase)

    def _stands_alone(self, rest: Sequence[str]) -> bool:
        """Only fillers, openers or a turn phrase beside the name."""
        text = " ".join(rest)
        if any(phrase in text for phrase in self._lexicon.TURN_PHRASES):
            return True
        return len(rest) <= 4 and all(word in self._lexicon.ALONE for word in rest)

    def _role_beside(self, rest: Sequence[str]) -> NameRole:
        return NameRole.THANKS if self._lexicon.THANKS & set(rest) else NameRole.CALL

    def _read(self, texts: Sequence[str], name: FoundName) -> NameReading:
        before = texts[: name.index]
        after = texts[name.index + name.length :]
        if all(word in self._lexicon.OPENERS for word in before) and after:
            return self._in_front(name, after)
        if not after:
            return self._behind(name, before)
        return NameReading(name, NameRole.MENTION, NamePosition.INSIDE)

    def _in_front(self, name: FoundName, after: Sequence[str]) -> NameReading:
        lexicon = self._lexicon
        first, second = after[0], after[1] if len(after) > 1 else ""
        subject_follows = second in lexicon.SUBJECTS
        if first in lexicon.QUESTION_WORDS or first in lexicon.YOU or subject_follows:
            reprimand = first in lexicon.IMPERATIVES_TASK and first not in lexicon.KNOWING
            role = NameRole.REPRIMAND if reprimand else NameRole.CALL
            return NameReading(name, role, NamePosition.FIRST)
        if first in lexicon.PREPOSITIONS and second in lexicon.QUESTION_WORDS:
            return NameReading(name, NameRole.CALL, NamePosition.FIRST)
        if first in lexicon.IMPERATIVES_TASK:
            return NameReading(name, NameRole.REPRIMAND, NamePosition.FIRST)
        if first in lexicon.AFTER_VOCATIVE:
            return NameReading(name, NameRole.CALL, NamePosition.FIRST)
        return NameReading(name, NameRole.MENTION, NamePosition.INSIDE)

    def _behind(self, name: FoundName, before: Sequence[str]) -> NameReading:
        if self._lexicon.THANKS & set(before) and len(before) <= 4:
            return NameReading(name, NameRole.THANKS, NamePosition.LAST)
        last = before[-1]
        asks = before[0] in self._lexicon.QUESTION_WORDS and len(before) > 2
        attached = last in self._lexicon.ATTACHING and not asks
        if attached or last in self._lexicon.PREPOSITIONS:
            return NameReading(name, NameRole.MENTION, NamePosition.INSIDE)
        return NameReading(name, NameRole.CALL, NamePosition.LAST)
