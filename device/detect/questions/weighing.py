"""Words and voice together: each is believed as far as it can be trusted.

A recogniser that does not know a voice writes words that nobody said, and it is unsure of them. So
the words count as far as they were heard clearly, and what they lose goes to the melody of the
voice, which needs no words. Where the words are clear they decide alone: people ask with a question
word as they state, and synthetic voices do not ask by melody at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from device.detect.questions.scoring import QUESTION_THRESHOLD, VERB_IN_FRONT, QuestionScore
from device.detect.words import Word
from lesson.events import QuestionForm

#: the words that make the order of a question
_DECIDING_WORDS = 3
_SUREST = 0.97
#: weight of the voice for words of no clarity at all
_VOICE_WEIGHT = 1.3
#: a question word is spoken as in a statement: there the voice tells a third as much
_QUESTION_WORD_SHARE = 0.3
#: unclear words hide questions more often than they invent them
_HIDDEN = 0.8
#: a verb in front is easily misheard into a statement; people ask so by their voice as well, and
#: against it the light needs clearer words
_AGAINST_VERB_IN_FRONT = 3.0


def clarity(words: Sequence[Word], whole: bool = False) -> float:
    """How surely the words that decide were heard, or the whole of them: 0 to 1."""
    deciding = words if whole else words[:_DECIDING_WORDS]
    if not deciding:
        return 0.0
    return sum(min(1.0, word.confidence) for word in deciding) / len(deciding)


def weighed(score: QuestionScore, clear: float, voice_logit: float | None) -> QuestionScore:
    """The score of the words, moved by the voice as far as the words are unclear."""
    if "no_content" in score.reasons:
        return score
    unclear = 1.0 - clear
    voice = _voice(score, voice_logit)
    probability = _squash(clear * _logit(score) + unclear * (voice + _HIDDEN))
    if (probability >= QUESTION_THRESHOLD) == score.is_question:
        return replace(score, probability=probability)
    reasons = (*score.reasons, "voice_asks" if score.probability < probability else "voice_states")
    form = score.form if score.is_question else QuestionForm.DECLARATIVE
    return replace(score, probability=probability, form=form, reasons=reasons)


def cue_probability(score: QuestionScore, clear: float, voice_logit: float | None) -> float:
    """The same for the light, which needs clear words: a wrong light costs more than none.

    Args:
        score: of the words alone.
    """
    if not score.is_question:
        return 0.0
    voice = _voice(score, voice_logit)
    if VERB_IN_FRONT & set(score.reasons):
        voice = min(voice, _AGAINST_VERB_IN_FRONT * voice)
    return _squash(clear**2 * _logit(score) + (1.0 - clear) * voice)


def _voice(score: QuestionScore, voice_logit: float | None) -> float:
    if voice_logit is None:
        return 0.0
    asks_by_word = any(reason.startswith("question_word") for reason in score.reasons)
    return _VOICE_WEIGHT * (_QUESTION_WORD_SHARE if asks_by_word else 1.0) * voice_logit


def _logit(score: QuestionScore) -> float:
    probability = min(_SUREST, max(1.0 - _SUREST, score.probability))
    return math.log(probability / (1.0 - probability))


def _squash(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))
