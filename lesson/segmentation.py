"""Cuts a lesson into episodes: one pass over its moments, one open draft at a time.

The names of the steps are those of ``docs/definitions.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

from lesson.draft import Draft, LooseCall, Segments, gap_s
from lesson.episode import EpisodeEnd
from lesson.events import LessonEvent, Name, Pause, PauseOutcome, Question, Turn
from lesson.moments import Moment, What, end_of, match_pauses, moments
from lesson.thresholds import (
    ABANDON_S,
    ANSWER_S,
    MATCH_S,
    REPAIR_S,
    STACK_GAP_S,
    TIME_OUT_S,
    TOGETHER_GAP_S,
)


def segment(events: Sequence[LessonEvent]) -> Segments:
    """Cut effective events, sorted by time, into episodes."""
    pauses = match_pauses(events)
    cutter = _Cutter(pauses)
    for moment in moments(events, pauses):
        cutter.step(moment)
    latest = max((end_of(event) for event in events), default=0.0)
    cutter.finish(latest)
    return cutter.segments


class _Cutter:
    def __init__(self, pauses: dict[Question, Pause]) -> None:
        self.segments = Segments(pauses)
        self._draft: Draft | None = None
        #: end of the latest answer or nomination since the last question, for a pass-on
        self._reference: float | None = None

    def step(self, moment: Moment) -> None:
        self._expire(moment.t)
        if isinstance(moment.event, Question):
            self._question(moment.event)
        elif isinstance(moment.event, Name):
            self._name(moment.event)
        elif isinstance(moment.event, Turn):
            self._pupil(moment.event)
        elif isinstance(moment.event, Pause):
            self._pause_end(moment)
        else:
            self._lesson_boundary(moment.t)

    def finish(self, t: float) -> None:
        """End of the events at ``t``; what is undecided by then stays open."""
        self._expire(t)
        draft = self._draft
        if draft is None:
            return
        if draft.names:
            self._close(draft.clock, EpisodeEnd.NAMED)
        elif self._timed_out(draft):
            self._close(draft.clock + TIME_OUT_S, EpisodeEnd.TIME_OUT)
        else:
            self.segments.drafts.append(draft)

    def _timed_out(self, draft: Draft) -> bool:
        pause = self.segments.pauses.get(draft.questions[-1])
        return pause is not None and pause.outcome is PauseOutcome.CENSORED

    def _expire(self, t: float) -> None:
        """Abandonment and time-out, which are nobody's event."""
        draft = self._draft
        if draft is None:
            return
        if draft.continued_at is not None and gap_s(draft.continued_at, t) >= ABANDON_S:
            self._close(
                draft.continued_at + ABANDON_S,
                EpisodeEnd.NAMED if draft.names else draft.left_by,
            )
        elif gap_s(draft.clock, t) > TIME_OUT_S:
            self._close(
                draft.clock + TIME_OUT_S,
                EpisodeEnd.NAMED if draft.names else EpisodeEnd.TIME_OUT,
            )

    def _question(self, question: Question) -> None:
        draft = self._draft
        if draft is not None and draft.takes(question):
            draft.questions.append(question)
            draft.questions.sort(key=lambda asked: asked.t_end)
            draft.after = draft.continued_at = None
        elif (
            draft is not None
            and draft.questions
            and gap_s(draft.names[-1].t_end, question.t) < STACK_GAP_S
        ):
            draft.addressed.append(question)
        else:
            self._close(question.t, EpisodeEnd.NAMED)
            self._draft = Draft(questions=[question])
        self._reference = None

    def _name(self, name: Name) -> None:
        draft = self._draft
        if draft is None:
            self._draft = Draft(names=[name], after=self._passed_on(name))
        elif not draft.names:
            draft.names.append(name)
            draft.continued_at = None
        elif name.pupil is None or name.pupil in {known.pupil for known in draft.names}:
            return  # encouragement, or the same name again: the nomination stands
        else:
            gap = gap_s(draft.names[-1].t_end, name.t)
            asked_since = bool(draft.questions) and draft.questions[-1].t >= draft.names[-1].t
            if asked_since or gap > REPAIR_S:
                self._close(name.t, EpisodeEnd.NAMED)
                self._draft = Draft(names=[name], after=self._passed_on(name))
            elif gap < TOGETHER_GAP_S:
                draft.names.append(name)
            else:
                draft.names = [name]

    def _passed_on(self, name: Name) -> float | None:
        if self._reference is None or gap_s(self._reference, name.t) > TIME_OUT_S:
            return None
        return self._reference

    def _pupil(self, turn: Turn) -> None:
        draft = self._draft
        if draft is None:
            self._late_turn(turn)
        elif not draft.questions or self._is_answer(draft, turn):
            draft.answer, draft.answer_on = turn, turn.t
            self._close(turn.t, EpisodeEnd.ANSWER)

    def _late_turn(self, turn: Turn) -> None:
        last = self.segments.drafts[-1] if self.segments.drafts else None
        if (
            last is not None
            and last.answer is None
            and last.answer_on is not None
            and gap_s(last.answer_on, turn.t) <= MATCH_S
        ):
            last.answer = turn
        if self._reference is not None:
            self._reference = max(self._reference, turn.t_end)

    def _is_answer(self, draft: Draft, turn: Turn) -> bool:
        """Pupils may murmur while the pause runs; the measured end of the pause knows better."""
        if draft.names and not draft.named_first:
            return True
        question = draft.questions[-1]
        pause = self.segments.pauses.get(question)
        if (
            pause is not None
            and pause.outcome is PauseOutcome.MEASURED
            and pause.t_end is not None
            and gap_s(turn.t, pause.t_end) > MATCH_S
        ):
            return False
        return turn.t >= question.t_end or gap_s(question.t_end, turn.t_end) >= ANSWER_S

    def _pause_end(self, moment: Moment) -> None:
        draft = self._draft
        if draft is None or not draft.questions or draft.questions[-1] != moment.question:
            return
        if draft.names and not draft.named_first:
            return
        if moment.what is What.TEACHER_CONTINUES:
            draft.continued_at = moment.t
            nobody_known = isinstance(moment.event, Pause) and moment.event.ended_by is None
            draft.left_by = EpisodeEnd.UNKNOWN if nobody_known else EpisodeEnd.ABANDONED
        elif moment.what is What.PUPIL_BY_PAUSE:
            draft.answer_on = moment.t
            draft.choral = moment.choral
            self._close(moment.t, EpisodeEnd.ANSWER)
        elif moment.what is What.SELF_ANSWER:
            self._close(moment.t, EpisodeEnd.SELF_ANSWER)
        else:
            self._close(moment.t, EpisodeEnd.WORK)

    def _lesson_boundary(self, t: float) -> None:
        draft = self._draft
        if draft is None:
            return
        if draft.names:
            self._close(t, EpisodeEnd.NAMED)
        elif draft.continued_at is not None:
            self._close(t, draft.left_by)
        elif self._timed_out(draft):
            self._close(t, EpisodeEnd.TIME_OUT)
        else:
            self._close(t, EpisodeEnd.LESSON_END)
        self._reference = None

    def _close(self, t: float, ended_by: EpisodeEnd) -> None:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        draft.end, draft.ended_by = t, ended_by
        answered = draft.answer_on is not None
        if draft.questions or draft.after is not None:
            self.segments.drafts.append(draft)
            if answered or draft.names:
                answer_end = draft.answer.t_end if draft.answer else draft.answer_on
                self._reference = answer_end if answer_end is not None else draft.clock
        else:
            self.segments.loose_calls.append(LooseCall(tuple(draft.names), answered))
