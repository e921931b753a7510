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
#: question events of their own kind, for which the light is a setting
LIGHT_ON_WISH = frozenset({QuestionForm.META, QuestionForm.PROCEDURAL})
#: reasons that rest on the verb in front alone; behind a part left out it is a statement
VERB_IN_FRONT = frozenset({"verb_first", "inverted"})
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
        lights: a comprehension check or procedural question starts the light too.
    """

    probability: float
    form: QuestionForm = QuestionForm.CHECK
    focus: Focus | None = None
    finished: bool = True
    reasons: tuple[str, ...] = ()
    lights: bool = False

    @property
    def is_question(self) -> bool:
        return self.probability >= QUESTION_THRESHOLD

    @property
    def arms(self) -> bool:
        """Whether it starts the think timer (definition B1)."""
        return self.is_question and self.form in ARMING_FORMS

    @property
    def starts_light(self) -> bool:
        """Whether it is sure enough for a cue; the timer starts for more than the light does."""
        own_kind = self.lights and self.form in LIGHT_ON_WISH
        return self.probability >= CUE_THRESHOLD and (self.arms or own_kind)


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


class LightForChecks:
    """A scorer whose comprehension checks and procedural questions start the light too."""

    def __init__(self, scorer: QuestionScorer) -> None:
        self._scorer = scorer

    def score(self, words: Sequence[str]) -> QuestionScore:
        """See ``QuestionScorer``."""
        return replace(self._scorer.score(words), lights=True)


class RunningQuestion:
    """The words of one clause as they come, with what they amount to so far.

    The score depends on the words alone, never on how many of them came at once.
    """

    def __init__(self, scorer: QuestionScorer) -> None:
        self._scorer = scorer
        self._words: list[str] = []
        self.score = scorer.score(())

    def hear(self, words: Sequence[str]) -> QuestionScore:
        """The score with these words behind the earlier ones."""
        if words:
            self._words.extend(words)
            self.score = self._scorer.score(self._words)
        return self.score


def question_scorer(language: str, light_for_checks: bool = False) -> QuestionScorer:
    """The scorer of a language, ``nl`` or ``en``: rules and, where its weights are, the network.

    Args:
        language: ``nl`` or ``en``.
        light_for_checks: «snapt iedereen dit?» starts the light; it never starts the timer.
    """
    from device.detect.questions.dutch import DutchQuestions
    from device.detect.questions.english import EnglishQuestions
    from device.detect.questions.trained import TrainedQuestions, weights_path

    scorer: QuestionScorer = EnglishQuestions() if language == "en" else DutchQuestions()
    if weights_path(language).is_file():
        scorer = TrainedQuestions(language, scorer)
    return LightForChecks(scorer) if light_for_checks else scorer
