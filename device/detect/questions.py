"""Is this a question, of which form, and does it ask for thinking? The seam for better scorers.

A scorer sees the words of one clause as a recogniser gives them: lower case, no punctuation,
pupil's names already taken off. It answers with a probability, the form (definition B1) and the
reasons, and says whether the clause sounds finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from lesson.events import ARMING_FORMS, Focus, QuestionForm

#: from this probability on a clause is counted as a question
QUESTION_THRESHOLD = 0.5
#: from this probability on it may start the light: a wrong cue costs more than a missing one
CUE_THRESHOLD = 0.6
#: a final rise of this many semitones makes an undecided clause a question
RISE_SEMITONES = 3.0


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """How much a clause looks like a question.

    Attributes:
        probability: 0 to 1.
        form: the likeliest form, also for probabilities below the threshold.
        focus: open or check; ``None`` when unsure.
        finished: False when the sentence stops at an article, preposition or conjunction.
        reasons: machine words of the rules that spoke.
    """

    probability: float
    form: QuestionForm = QuestionForm.CHECK
    focus: Focus | None = None
    finished: bool = True
    reasons: tuple[str, ...] = ()

    @property
    def is_question(self) -> bool:
        return self.probability >= QUESTION_THRESHOLD

    @property
    def arms(self) -> bool:
        """Whether it starts the think timer (definition B1)."""
        return self.is_question and self.form in ARMING_FORMS


class QuestionScorer(Protocol):
    """Words in, score out; no state."""

    def score(self, words: Sequence[str]) -> QuestionScore: ...


def with_voice(score: QuestionScore, rise_semitones: float | None) -> QuestionScore:
    """Let the final pitch speak where the words are silent.

    Words decide wh- and verb-first questions; in Dutch the declarative question carries the
    strongest rise, so only an undecided clause is moved.
    """
    if rise_semitones is None or not 0.2 <= score.probability < QUESTION_THRESHOLD:
        return score
    if rise_semitones < RISE_SEMITONES:
        return score
    return replace(
        score,
        probability=0.55,
        form=QuestionForm.DECLARATIVE,
        reasons=(*score.reasons, "final_rise"),
    )


def unheard(rise_semitones: float | None) -> QuestionScore:
    """The score of speech without words: a marked final rise is all there is to go by."""
    if rise_semitones is not None and rise_semitones >= RISE_SEMITONES:
        return QuestionScore(0.55, QuestionForm.DECLARATIVE, reasons=("no_words", "final_rise"))
    return QuestionScore(0.1, reasons=("no_words",))


def question_scorer(language: str) -> QuestionScorer:
    """The scorer of a lesson in a language, ``nl`` or ``en``.

    Dutch lessons are read by the rules alone: on the test lessons the trained part added nothing.
    """
    if language == "en":
        return text_scorer("en")
    from device.detect.dutch_questions import DutchQuestions

    return DutchQuestions()


def text_scorer(language: str) -> QuestionScorer:
    """The scorer of single sentences: rules and, where its weights are there, the trained part."""
    from device.detect.dutch_questions import DutchQuestions
    from device.detect.english_questions import EnglishQuestions
    from device.detect.trained_questions import TrainedQuestions, weights_path

    rules: QuestionScorer = EnglishQuestions() if language == "en" else DutchQuestions()
    return TrainedQuestions(language, rules) if weights_path(language).is_file() else rules
