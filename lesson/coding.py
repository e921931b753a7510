"""From a cut-out episode to its order code, durations and flags (definitions B3, B4, B6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lesson.draft import Draft
from lesson.durations import (
    Durations,
    after_name_s,
    duration_s,
    longest_silence_s,
    speech_after,
    stacked,
)
from lesson.episode import Episode, EpisodeEnd, Flag, Order
from lesson.events import (
    LessonEvent,
    Mark,
    Pause,
    PauseOutcome,
    Question,
    Source,
)
from lesson.marks import deliberate_indexes
from lesson.thresholds import (
    CALLED_OUT_S,
    GLUED_S,
    LOW_SNR_DB,
    PAIR_TALK_S,
    TIME_OUT_S,
)

#: Reason code with which a detector says that a question repeats the one before.
REPEAT_REASON = "repeat"


class Coder:
    """Codes drafts of one lesson.

    Args:
        events: effective events in order of time.
        pauses: the pause after each question.
        target_s: target think pause θ.
        epsilon_s: measuring tolerance ε.
    """

    def __init__(
        self,
        events: Sequence[LessonEvent],
        pauses: dict[Question, Pause],
        target_s: float,
        epsilon_s: float,
    ) -> None:
        self._durations = Durations(events, pauses)
        self._enough_s = round(target_s - epsilon_s, 3)
        self._marks = [event for event in events if isinstance(event, Mark)]

    def code_all(self, drafts: Sequence[Draft]) -> tuple[Episode, ...]:
        """The episodes of all drafts, in their order."""
        orders = [self._order(draft) for draft in drafts]
        deliberate = deliberate_indexes(self._marks, drafts, orders)
        return tuple(
            self._episode(draft, order, index in deliberate)
            for index, (draft, order) in enumerate(zip(drafts, orders, strict=True))
        )

    def _episode(self, draft: Draft, order: Order | None, deliberate: bool) -> Episode:
        pause = self._durations.pause(draft)
        gross_s = self._durations.gross_s(draft, order)
        net_s = (
            None
            if gross_s is None or order is Order.FN
            else longest_silence_s(draft, pause, gross_s)
        )
        answer_time_s = self._durations.answer_time_s(draft)
        flags = tuple(self._flags(draft, order, answer_time_s, deliberate))
        questions = draft.questions
        return Episode(
            start=min(event.t for event in (*questions[:1], *draft.names[:1])),
            end=None if draft.end is None else round(draft.end, 3),
            ended_by=draft.ended_by,
            order=order,
            questions=tuple(questions),
            addressed=tuple(draft.addressed),
            stack_size=_stack_size(questions),
            first_q_off=questions[0].t_end if questions else None,
            q_off=questions[-1].t_end if questions else None,
            pause=pause,
            names=tuple(draft.names),
            answer=draft.answer,
            answer_on=draft.answer_on,
            denkpauze_gross_s=gross_s,
            denkpauze_net_s=net_s,
            wait_time_1_s=self._durations.wait_time_1_s(draft),
            answer_time_s=answer_time_s,
            after_name_s=after_name_s(draft),
            broken_off_s=tuple(self._durations.broken_off_s(questions)),
            flags=flags,
            kept=self._kept(order, flags, net_s, answer_time_s),
        )

    def _order(self, draft: Draft) -> Order | None:
        if draft.ended_by is EpisodeEnd.OPEN:
            return None
        if not draft.questions:
            return Order.FN
        if draft.named_first:
            return Order.NQ
        if draft.names:
            return self._order_by_pause(draft)
        if draft.answer_on is not None:
            if draft.answer is not None and draft.answer.source is Source.MANY:
                long = duration_s(draft.answer.t, draft.answer.t_end) >= PAIR_TALK_S
                return Order.Q_ALL if long else Order.Q_CHORAL
            return Order.Q_CHORAL if draft.choral else Order.Q_VOL
        return Order.Q_ALL if draft.ended_by is EpisodeEnd.WORK else Order.Q_NONE

    def _order_by_pause(self, draft: Draft) -> Order | None:
        if self._durations.hidden(draft, draft.names[0].t):
            return None
        pause_s = duration_s(draft.questions[-1].t_end, draft.names[0].t)
        if pause_s < GLUED_S:
            return Order.QN_GLUED
        return Order.QPN if pause_s >= self._enough_s else Order.QN_SHORT

    def _flags(
        self, draft: Draft, order: Order | None, answer_time_s: float | None, deliberate: bool
    ) -> Iterator[Flag]:
        joints = list(pairwise(draft.questions))
        if any(stacked(earlier, later) for earlier, later in joints):
            yield Flag.STACKED
        if any(not stacked(earlier, later) for earlier, later in joints):
            yield Flag.REPHRASED
        if any(REPEAT_REASON in question.reasons for question in draft.questions[1:]):
            yield Flag.REPEATED
        if draft.ended_by is EpisodeEnd.SELF_ANSWER:
            yield Flag.SELF_ANSWERED
        if draft.ended_by is EpisodeEnd.ABANDONED:
            yield Flag.ABANDONED
        pauses = (self._durations.pause_after(question) for question in draft.questions)
        if any(pause is not None and pause.prompts for pause in pauses):
            yield Flag.THINK_PROMPT
        if order is Order.Q_VOL and answer_time_s is not None:
            yield Flag.CALLED_OUT if answer_time_s < CALLED_OUT_S else Flag.TURN_WITHOUT_NAME
        if any(name.pupil is None for name in draft.names):
            yield Flag.UNKNOWN_PUPIL
        if deliberate:
            yield Flag.DELIBERATE_NAME_FIRST
        yield from self._quality(draft, order)
        if any(_noisy(question) for question in draft.questions):
            yield Flag.LOW_SNR

    def _quality(self, draft: Draft, order: Order | None) -> Iterator[Flag]:
        """Why a pause gives no number; at most one reason."""
        pause = self._durations.pause(draft)
        if draft.ended_by is EpisodeEnd.OPEN or not draft.questions:
            return
        if order is None or pause is None or pause.outcome is PauseOutcome.UNMEASURED:
            yield Flag.UNMEASURED
        elif pause.outcome is PauseOutcome.INTERRUPTED:
            yield Flag.INTERRUPTED
        elif pause.outcome is PauseOutcome.CENSORED:
            yield Flag.CENSORED
        else:
            yield from self._quality_of_end(draft, speech_after(pause))

    def _quality_of_end(self, draft: Draft, end: float | None) -> Iterator[Flag]:
        if end is None:
            timed_out = draft.ended_by is EpisodeEnd.TIME_OUT
            yield Flag.CENSORED if timed_out else Flag.UNMEASURED
        elif self._durations.hidden(draft, end):
            yield Flag.UNMEASURED
        elif duration_s(draft.questions[-1].t_end, end) > TIME_OUT_S:
            yield Flag.CENSORED

    def _kept(
        self,
        order: Order | None,
        flags: tuple[Flag, ...],
        net_s: float | None,
        answer_time_s: float | None,
    ) -> bool | None:
        if order in (Order.QPN, Order.QN_SHORT, Order.QN_GLUED) and net_s is not None:
            return order is Order.QPN and net_s >= self._enough_s
        if order in (Order.Q_VOL, Order.Q_CHORAL) and answer_time_s is not None:
            return None if Flag.CALLED_OUT in flags else answer_time_s >= self._enough_s
        return None


def _stack_size(questions: Sequence[Question]) -> int:
    longest = row = 1 if questions else 0
    for earlier, later in pairwise(questions):
        row = row + 1 if stacked(earlier, later) else 1
        longest = max(longest, row)
    return longest


def _noisy(question: Question) -> bool:
    return question.snr_db is not None and question.snr_db < LOW_SNR_DB
