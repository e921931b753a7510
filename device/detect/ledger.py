"""The ledger: what was said, in order, becomes questions, pauses and names.

Entries come strictly in the order of the sound, each with its words, so what is written depends
on the lesson alone and never on how fast the recogniser was. Every entry also returns a
``Verdict`` for the live phase.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from device.audio.frames import SAMPLE_RATE
from device.detect.completeness import Completeness
from device.detect.entries import anonymous_call, name_event, seconds
from device.detect.feedback_talk import LATEST_S as FEEDBACK_WITHIN_S
from device.detect.feedback_talk import FeedbackReader
from device.detect.open_question import OpenQuestion, fell
from device.detect.questions.scoring import VERB_IN_FRONT
from device.detect.reading import Chunk, Reader, Reading
from device.detect.words import Word
from lesson.events import (
    Ender,
    Feedback,
    LessonEvent,
    NamePosition,
    NameRole,
    PauseOutcome,
    QuestionForm,
)

CENSOR_S = 15.0
#: a hesitation inside a sentence is shorter than this, and in one that was whole already
HESITATION_S = 1.5
AFTERTHOUGHT_S = 1.25
#: nobody answers his own question sooner than this
BREATH_S = 0.4
REPHRASE_S = 1.0
#: between a clause and the verb that follows it there is less silence than this
CLAUSES_APART_S = 0.7
#: with a name, a question this short only hands on the one before
HANDS_ON_WORDS = 4


class VerdictKind(StrEnum):
    """What an entry means for the pause that may be running."""

    NOTHING = "nothing"
    OPENED = "opened"  # a question was asked and its pause runs
    GOES_ON = "goes_on"  # no words, or a think prompt: the pause runs on
    RETRACTED = "retracted"  # the pause was a hesitation; a new one may run
    CALLED = "called"  # a name gave the turn
    CLOSED = "closed"  # the pause is over


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for the light.

    Attributes:
        since_sample: the question's end or the name's begin.
        patience_s: how long after the question's end the light may come; ``None``: not at all.
    """

    kind: VerdictKind
    since_sample: int = 0
    patience_s: float | None = None


class Ledger:
    """Steps once per entry; ``events`` collects until ``take`` empties it.

    Args:
        reader: understands the words.
        feedback: tells what the teacher says about an answer.
        speakers_known: ``False`` when nobody wears the microphone: then what ended a pause is only
            said where the words tell.
    """

    def __init__(
        self, reader: Reader, feedback: FeedbackReader, speakers_known: bool = True
    ) -> None:
        self._reader = reader
        self._speakers_known = speakers_known
        self._open: OpenQuestion | None = None
        self._fragment: Chunk | None = None
        self._last_words: tuple[Word, ...] = ()
        self._feedback = feedback
        self._answered_until: int | None = None
        self._events: list[LessonEvent] = []

    def take(self) -> list[LessonEvent]:
        """The events written since the last call."""
        events, self._events = self._events, []
        return events

    @property
    def open_since(self) -> int | None:
        """End of the question whose pause is running."""
        return self._open.end_sample if self._open else None

    def teacher(self, chunk: Chunk) -> Verdict:
        """The teacher said something."""
        reading = self._reader.read(chunk)
        if reading.filler:
            return Verdict(VerdictKind.GOES_ON)
        open_question = self._open
        if open_question is not None:
            if open_question.score.arms and self._reader.may_be_unknown_call(chunk, reading):
                return self._call_unknown(chunk)
            if self._continues(open_question, chunk, reading):
                return self._extend(open_question, chunk)
            if reading.prompt:
                open_question.prompts.append((chunk.first_sample, chunk.end_sample))
                return Verdict(VerdictKind.GOES_ON)
            if open_question.score.arms and reading.receives_answer:
                # Somebody answered whom the microphone did not hear; nobody knows when.
                self._write(PauseOutcome.UNMEASURED, None, Ender.PUPIL, "answer_unheard")
            else:
                self._close(chunk.first_sample, self._ender(open_question, chunk, reading))
        else:
            if self._fragment is not None:
                reading = self._joined(self._fragment, chunk, reading)
            reading = _addressed(reading)
        waits = self._reader.opens_clause(reading) or not reading.score.finished
        keep = not reading.score.is_question and waits
        self._fragment = chunk if keep else None
        self._write_names(chunk, reading)
        self._write_feedback(chunk, reading)
        return self._ask_or_call(chunk, reading, after_question=open_question is not None)

    def other(self, first_sample: int, end_sample: int, many: bool = False) -> Verdict:
        """Somebody else spoke, or many at once."""
        self._fragment = None
        self._answered_until = end_sample
        if self._open is None:
            return Verdict(VerdictKind.NOTHING)
        self._close(first_sample, Ender.CHORAL if many else Ender.PUPIL)
        return Verdict(VerdictKind.CLOSED, first_sample)

    def gap(self, first_sample: int, reason: str = "sound_lost") -> Verdict:
        """Sound went missing or drowned in noise: nothing may be measured across it."""
        self._fragment = None
        if self._open is None:
            return Verdict(VerdictKind.NOTHING)
        self._write(PauseOutcome.UNMEASURED, None, None, reason)
        return Verdict(VerdictKind.CLOSED, first_sample)

    def pass_time(self, position: int) -> Verdict:
        """Nothing was said up to ``position``: a pause that is too long is work time."""
        if self._open is None or position - self._open.end_sample < CENSOR_S * SAMPLE_RATE:
            return Verdict(VerdictKind.NOTHING)
        self._write(PauseOutcome.CENSORED, None, Ender.TIMEOUT, "work_time")
        return Verdict(VerdictKind.CLOSED, position)

    def finish(self) -> None:
        """The lesson is over."""
        if self._open is None:
            return
        self._write(PauseOutcome.UNMEASURED, None, Ender.LESSON_END, "lesson_end")

    def _continues(self, question: OpenQuestion, chunk: Chunk, reading: Reading) -> bool:
        """The teacher hesitated: the same sentence goes on."""
        silence_s = seconds(chunk.first_sample - question.end_sample)
        whole = question.completeness is Completeness.WHOLE
        asked_for_more = question.score.form is QuestionForm.COMPLETION
        limit_s = AFTERTHOUGHT_S if whole and not asked_for_more else HESITATION_S
        if silence_s > limit_s or chunk.words is None or reading.prompt:
            return False
        if any(call.position is not NamePosition.LAST for call in reading.calls):
            return False
        if reading.score.probability >= 0.85 or reading.feedback:
            return False
        if asked_for_more or self._reader.brings_verb(question.words, reading):
            return True
        if question.completeness is Completeness.BROKEN_OFF:
            return not self._reader.stands_alone(reading)
        if not question.score.arms:
            return False
        if self._reader.is_subordinate(reading):
            return True
        if question.fell:
            return False
        return self._reader.goes_on(reading, at_once=silence_s < BREATH_S)

    def _extend(self, question: OpenQuestion, chunk: Chunk) -> Verdict:
        whole = self._reader.read(chunk, before=question.words)
        if whole.score.is_question:
            question.score = whole.score
        elif question.score.form is QuestionForm.COMPLETION:
            # The teacher said the last word after all: it was a statement.
            self._open = None
            return Verdict(VerdictKind.CLOSED, chunk.first_sample)
        question.end_sample = whole.question_end_sample
        question.words = (*question.words, *(chunk.words or ()))
        question.completeness = whole.completeness
        question.prompts.clear()
        question.fell = fell(chunk)
        self._write_names(chunk, whole)
        return self._called_behind(whole) or Verdict(
            VerdictKind.RETRACTED, question.end_sample, whole.patience_s
        )

    def _called_behind(self, reading: Reading) -> Verdict | None:
        """A name glued to the question ends its pause at once."""
        behind = reading.calls[-1] if reading.calls else None
        if behind is None or behind.position is not NamePosition.LAST:
            return None
        name_sample = behind.found.word.first_sample
        self._close(name_sample, Ender.NAME)
        return Verdict(VerdictKind.CALLED, name_sample)

    def _call_unknown(self, chunk: Chunk) -> Verdict:
        """After a question a short word that nobody knows is a name: whose, stays open."""
        self._close(chunk.first_sample, Ender.NAME)
        self._fragment = None
        if chunk.trusted:
            self._events.append(anonymous_call(chunk, 0.5))
        return Verdict(VerdictKind.CALLED, chunk.first_sample)

    def _joined(self, fragment: Chunk, chunk: Chunk, reading: Reading) -> Reading:
        """A question whose first part did not look like one yet, and was not cut off itself."""
        silence = chunk.first_sample - fragment.end_sample
        if not fragment.words or not chunk.words or not fragment.trusted:
            return reading
        if VERB_IN_FRONT & set(reading.score.reasons) and silence < CLAUSES_APART_S * SAMPLE_RATE:
            # «Wie in Frankrijk is geweest, herkent dit»: the verb stands second after all.
            whole = self._reader.read(chunk, before=fragment.words)
            return reading if whole.score.is_question else whole
        if reading.score.is_question:
            return reading
        if silence > HESITATION_S * SAMPLE_RATE or not self._reader.is_continuation(reading):
            return reading
        whole = self._reader.read(chunk, before=fragment.words)
        return whole if whole.score.is_question else reading

    def _ender(self, question: OpenQuestion, chunk: Chunk, reading: Reading) -> Ender | None:
        if _gives_turn(reading):
            return Ender.NAME
        if reading.score.is_question:
            silence = chunk.first_sample - question.end_sample
            rephrased = silence >= REPHRASE_S * SAMPLE_RATE
            return Ender.REPHRASE if rephrased else Ender.TEACHER_CONTINUES
        if not self._speakers_known:
            return None
        if question.score.form in (QuestionForm.META, QuestionForm.PROCEDURAL, QuestionForm.TAG):
            return Ender.TEACHER_CONTINUES
        answers = self._reader.answers(question.words, reading)
        return Ender.SELF_ANSWER if answers else Ender.TEACHER_CONTINUES

    def _ask_or_call(self, chunk: Chunk, reading: Reading, after_question: bool) -> Verdict:
        hands_on = after_question and _hands_on(reading)
        if not chunk.trusted or not reading.score.is_question or reading.call_alone or hands_on:
            if reading.calls:
                return Verdict(VerdictKind.CALLED, reading.calls[-1].found.word.first_sample)
            if reading.turn_phrase:
                return Verdict(VerdictKind.CALLED, chunk.first_sample)
            return Verdict(VerdictKind.CLOSED, chunk.first_sample)
        score = reading.score
        if _repeats(self._last_words, chunk.words or ()):
            score = replace(score, reasons=(*score.reasons, "repeat"))
        self._last_words = chunk.words or ()
        self._open = OpenQuestion(
            first_sample=reading.question_first_sample,
            end_sample=reading.question_end_sample,
            score=score,
            snr_db=chunk.snr_db,
            words=chunk.words or (),
            completeness=reading.completeness,
            fell=fell(chunk),
        )
        return self._called_behind(reading) or Verdict(
            VerdictKind.OPENED, self._open.end_sample, reading.patience_s
        )

    def _close(self, end_sample: int, ender: Ender | None) -> None:
        assert self._open is not None
        too_long = end_sample - self._open.end_sample > CENSOR_S * SAMPLE_RATE
        outcome = PauseOutcome.CENSORED if too_long else PauseOutcome.MEASURED
        reason = f"ended_by_{ender}" if ender else "speaker_unknown"
        self._write(outcome, end_sample, ender, "work_time" if too_long else reason)

    def _write(
        self, outcome: PauseOutcome, end_sample: int | None, ender: Ender | None, reason: str
    ) -> None:
        question, self._open = self._open, None
        assert question is not None
        self._events += question.events(outcome, end_sample, ender, reason)

    def _write_feedback(self, chunk: Chunk, reading: Reading) -> None:
        """Soon after an answer the teacher may say what it is worth; a question ends that."""
        answered, asks = self._answered_until, reading.score.is_question
        if answered is None or not chunk.trusted:
            return
        if chunk.first_sample - answered > FEEDBACK_WITHIN_S * SAMPLE_RATE:
            self._answered_until = None
            return
        given = self._feedback.read(reading.core, asks)
        if given is not None:
            self._events.append(
                Feedback(
                    t=seconds(chunk.first_sample),
                    t_end=seconds(chunk.end_sample),
                    specific=given.specific,
                    positive=given.positive,
                )
            )
        if asks:
            self._answered_until = None

    def _write_names(self, chunk: Chunk, reading: Reading) -> None:
        if not chunk.trusted:
            return
        for name in reading.names:
            if name.found.pupil is None and name.role is not NameRole.CALL:
                continue  # whoever objects leaves no trace but the end of a pause
            self._events.append(name_event(chunk, name))
        if reading.turn_phrase and not reading.names:
            self._events.append(anonymous_call(chunk, 0.7))


def _addressed(reading: Reading) -> Reading:
    """Without a question before or behind it, a name in front tells somebody something."""
    if reading.score.is_question or reading.turn_phrase or not reading.core:
        return reading
    names = tuple(
        replace(name, role=NameRole.REPRIMAND)
        if name.role is NameRole.CALL and name.position is NamePosition.FIRST
        else name
        for name in reading.names
    )
    return replace(reading, names=names)


def _repeats(before: tuple[Word, ...], now: tuple[Word, ...]) -> bool:
    """At least 70 % of the same content words (definition B2); short words carry none."""
    earlier = {word.text for word in before if len(word.text) > 3}
    later = {word.text for word in now if len(word.text) > 3}
    return bool(later) and len(earlier & later) >= 0.7 * max(len(later), len(earlier))


def _hands_on(reading: Reading) -> bool:
    """«Wat denk jij, Sanne»: passes the question on and is none of its own."""
    return bool(reading.calls) and len(reading.core) <= HANDS_ON_WORDS


def _gives_turn(reading: Reading) -> bool:
    """A name behind a new question belongs to that one; any other gives the turn at once."""
    asks = reading.score.is_question and not _hands_on(reading)
    return reading.turn_phrase or any(
        not asks or call.position is not NamePosition.LAST for call in reading.calls
    )
