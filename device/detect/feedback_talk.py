"""Feedback after an answer: specific or not, positive or not (definition B9), from words alone.

What comes out is a proposal for teacher and trainer to look at. It rests on set phrases and on
who does what: feedback that is specific says what the *pupil* did («je hebt …», «you drew …»),
a rule or an instruction says what one does («je mag …», «you have to …»). An echo of the answer,
a question and a word that only goes on with the lesson are no feedback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from device.detect import feedback_dutch, feedback_english

#: words of a clause that is nothing but a judgement of the answer
LONGEST_JUDGEMENT = 6
#: feedback follows a pupil's answer by no more than this (definition B9)
LATEST_S = 10.0


@dataclass(frozen=True, slots=True)
class FeedbackTalk:
    """``specific`` names what was done or is missing; ``positive`` is progress or praise."""

    specific: bool
    positive: bool


class FeedbackReader:
    """Reads one clause; for ``nl`` or ``en``."""

    def __init__(self, language: str) -> None:
        self._words: ModuleType = feedback_english if language == "en" else feedback_dutch

    def read(self, words: Sequence[str], asks: bool = False) -> FeedbackTalk | None:
        """The feedback that a clause gives, or ``None``.

        Args:
            words: lower case, names called taken off.
            asks: the clause is a question; then only a judgement in front of it counts.
        """
        lexicon = self._words
        core = [word for word in words if word not in lexicon.FILLERS]
        if not core or self._goes_on(core):
            return None
        if asks:
            judgement = self._opening(core)
            return None if judgement is None else FeedbackTalk(False, judgement)
        if self._tells_pupil(core):
            return FeedbackTalk(True, not self._finds_fault(core))
        judgement = self._judgement(core)
        if judgement is not None:
            return FeedbackTalk(False, judgement)
        return self._with_reason(core)

    def _goes_on(self, core: Sequence[str]) -> bool:
        """«goed, dan gaan we verder»: a word of praise that only turns the page."""
        start = 0
        while start < len(core) and core[start] in self._words.TURNING:
            start += 1
        rest = " ".join(core[start:])
        return any(rest.startswith(phrase) for phrase in self._words.NEXT)

    def _opening(self, core: Sequence[str]) -> bool | None:
        """The judgement before a question: «goed, en wat doe je nu»."""
        first = core[0]
        if len(core) < 3 or first in self._words.VERBS:
            return None
        if first in self._words.WORD_POSITIVE:
            return True
        return False if first in self._words.WORD_NEGATIVE else None

    def _tells_pupil(self, core: Sequence[str]) -> bool:
        """What the pupil did: «je legt uit …», «goed dat je …», «last week you left … out»."""
        lexicon = self._words
        text = " ".join(core)
        if any(phrase in text for phrase in lexicon.SEEN):
            return True
        for place, word in enumerate(core[:-1]):
            if word in lexicon.IF:
                return False
            if word in lexicon.PUPILS and core[place + 1] in lexicon.WORK:
                return len(core) > 3
            if word in lexicon.DID_BEFORE and core[place + 1] in lexicon.PUPIL:
                return place > 0
            if word in lexicon.PUPIL and place + 2 < len(core):
                return core[place + 1] in lexicon.DID
        return False

    def _finds_fault(self, core: Sequence[str]) -> bool:
        """A discrepancy; what was missing earlier and is there now is progress."""
        lexicon = self._words
        return bool(lexicon.MISSING & set(core)) and not lexicon.NOW & set(core)

    def _judgement(self, core: Sequence[str]) -> bool | None:
        """A clause of judging words and small ones only, with at least one of the former."""
        lexicon = self._words
        if len(core) > LONGEST_JUDGEMENT:
            return None
        judging = lexicon.WORD_POSITIVE | lexicon.WORD_NEGATIVE | lexicon.SELF
        if not judging & set(core) or not set(core) <= judging | lexicon.SMALL:
            return None
        return not lexicon.WORD_NEGATIVE & set(core)

    def _with_reason(self, core: Sequence[str]) -> FeedbackTalk | None:
        """«nee, want de noemer klopt niet»: a judgement, and what is missing."""
        lexicon = self._words
        reason = next((place for place, word in enumerate(core) if word in lexicon.BECAUSE), 0)
        if not 0 < reason <= 3 or len(core) < reason + 3:
            return None
        judgement = self._judgement(core[:reason])
        return None if judgement is None else FeedbackTalk(True, judgement)
