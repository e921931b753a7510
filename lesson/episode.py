"""What one episode is (definitions B2–B4); ``lesson/episodes.py`` derives them.

An episode starts at the first arming question and ends at a pupil's answer, a nomination with
its answer, the teacher's own answer, abandonment, or after 15 s. A nomination that passes an
answer on is an episode without a question. Nothing is stored: the events decide, every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lesson.events import Name, Pause, Question, Turn


class Order(StrEnum):
    """The order of question, pause, name and answer (definition B3)."""

    QPN = "QPN"  # name at least target - tolerance after the question
    QN_SHORT = "QN_short"  # name sooner than that
    QN_GLUED = "QN_glued"  # name within 0.30 s
    NQ = "NQ"  # name before or inside the question
    Q_VOL = "Q_vol"  # a pupil begins without a nomination
    Q_CHORAL = "Q_choral"  # many answer
    Q_ALL = "Q_all"  # everybody works: writing, boards, pairs
    FN = "FN"  # an answer, or its absence, passed on to another pupil
    Q_NONE = "Q_none"  # no nomination and no answer


class EpisodeEnd(StrEnum):
    """What ended an episode."""

    ANSWER = "answer"
    NAMED = "named"  # a nomination after which no answer was heard
    SELF_ANSWER = "self_answer"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"  # somebody spoke, and who cannot be told
    WORK = "work"
    TIME_OUT = "time_out"
    LESSON_END = "lesson_end"
    OPEN = "open"  # not ended yet: counted nowhere


class Flag(StrEnum):
    """What else a good observer would note."""

    STACKED = "stacked"
    REPHRASED = "rephrased"
    REPEATED = "repeated"
    SELF_ANSWERED = "self_answered"
    ABANDONED = "abandoned"
    THINK_PROMPT = "think_prompt"
    CALLED_OUT = "called_out"
    TURN_WITHOUT_NAME = "turn_without_name"  # a pupil began, not at once, and no name was said
    UNKNOWN_PUPIL = "unknown_pupil"  # nominated by «zeg het maar»
    DELIBERATE_NAME_FIRST = "deliberate_name_first"
    CENSORED = "censored"
    UNMEASURED = "unmeasured"
    INTERRUPTED = "interrupted"
    LOW_SNR = "low_snr"


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode. Times are lesson seconds, durations end in ``_s`` and are never negative.

    A duration is ``None`` where it does not exist or was not measured; censored, interrupted
    and unmeasured pauses give none.

    Attributes:
        start: onset of the first question, of the name where that came first.
        end: when it ended; ``None`` while ``ended_by`` is ``OPEN``.
        ended_by: what ended it.
        order: order code; ``None`` while open, or when lost sound hides the length of the pause.
        questions: arming questions up to the nomination or answer; empty for ``FN``.
        addressed: questions put to the pupil named just before; they restart no clock.
        stack_size: length of the longest row of questions less than 1 s apart, 0 without one.
        first_q_off: acoustic end of the first question.
        q_off: acoustic end of the last question: the clock starts here.
        pause: the pause after the last question.
        names: the nomination: one name, two when two pupils were named together.
        answer: the first pupil turn, when it was heard as one.
        answer_on: its onset, also when only the end of the pause tells.
        denkpauze_gross_s: name onset − q_off; for ``FN`` since the previous answer or name.
        denkpauze_net_s: the longest uninterrupted silence inside it.
        wait_time_1_s: q_off to the next speech of anybody (Rowe).
        answer_time_s: q_off to the pupil's onset.
        after_name_s: end of the name to the pupil's onset.
        broken_off_s: pauses that a rephrased question cut off.
        flags: what else there is to note, in the order of ``Flag``.
        kept: the pause reached the target; ``None`` when that cannot or should not be said.
    """

    start: float
    end: float | None
    ended_by: EpisodeEnd
    order: Order | None
    questions: tuple[Question, ...] = ()
    addressed: tuple[Question, ...] = ()
    stack_size: int = 0
    first_q_off: float | None = None
    q_off: float | None = None
    pause: Pause | None = None
    names: tuple[Name, ...] = ()
    answer: Turn | None = None
    answer_on: float | None = None
    denkpauze_gross_s: float | None = None
    denkpauze_net_s: float | None = None
    wait_time_1_s: float | None = None
    answer_time_s: float | None = None
    after_name_s: float | None = None
    broken_off_s: tuple[float, ...] = ()
    flags: tuple[Flag, ...] = ()
    kept: bool | None = None

    @property
    def name(self) -> Name | None:
        """The nomination that counts: the last name said."""
        return self.names[-1] if self.names else None

    @property
    def open(self) -> bool:
        """Whether it is still going on."""
        return self.ended_by is EpisodeEnd.OPEN
