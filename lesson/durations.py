"""The durations of an episode, and whether they may be numbers at all (definition B4)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lesson.draft import Draft, gap_s
from lesson.episode import EpisodeEnd, Order
from lesson.events import (
    Ender,
    Health,
    HealthPart,
    HealthState,
    LessonEvent,
    Pause,
    PauseOutcome,
    Question,
)
from lesson.thresholds import STACK_GAP_S, TIME_OUT_S


def duration_s(start: float, end: float) -> float:
    """Seconds from ``start`` to ``end`` to the millisecond, 0 when they overlap."""
    return max(gap_s(start, end), 0.0)


def stacked(earlier: Question, later: Question) -> bool:
    """Whether two arming questions follow each other without time to think."""
    return gap_s(earlier.t_end, later.t) < STACK_GAP_S


def speech_after(pause: Pause) -> float | None:
    """Onset of the speech that ended a pause; a time-out or the lesson's end is not speech."""
    return None if pause.ended_by in (Ender.TIMEOUT, Ender.LESSON_END) else pause.t_end


class Durations:
    """Durations of the drafts of one lesson.

    Args:
        events: effective events in order of time.
        pauses: the pause after each question.
    """

    def __init__(self, events: Sequence[LessonEvent], pauses: dict[Question, Pause]) -> None:
        self._pauses = pauses
        self._sound_lost = [
            event.t
            for event in events
            if isinstance(event, Health)
            and event.part is HealthPart.MICROPHONE
            and event.state is not HealthState.OK
        ]

    def pause_after(self, question: Question) -> Pause | None:
        """The pause after one question."""
        return self._pauses.get(question)

    def pause(self, draft: Draft) -> Pause | None:
        """The pause after the last question."""
        return self._pauses.get(draft.questions[-1]) if draft.questions else None

    def hidden(self, draft: Draft, until: float) -> bool:
        """Sound was lost between the question and ``until``: no time is known."""
        pause = self.pause(draft)
        if pause is not None and pause.outcome is PauseOutcome.UNMEASURED:
            return True
        index = bisect_left(self._sound_lost, draft.questions[-1].t_end)
        return index < len(self._sound_lost) and self._sound_lost[index] <= until

    def _counts(self, draft: Draft, until: float) -> bool:
        """Whether the time from the question to ``until`` may be a number."""
        pause = self.pause(draft)
        return (pause is None or pause.outcome is PauseOutcome.MEASURED) and not self.hidden(
            draft, until
        )

    def gross_s(self, draft: Draft, order: Order | None) -> float | None:
        """Think pause, question to name; for a pass-on since what it follows."""
        if order is Order.FN:
            return None if draft.after is None else duration_s(draft.after, draft.names[0].t)
        if order not in (Order.QPN, Order.QN_SHORT, Order.QN_GLUED):
            return None
        name_on = draft.names[0].t
        return (
            duration_s(draft.questions[-1].t_end, name_on) if self._counts(draft, name_on) else None
        )

    def wait_time_1_s(self, draft: Draft) -> float | None:
        """Question to the next speech of anybody."""
        pause = self.pause(draft)
        end = None if pause is None else speech_after(pause)
        if end is None or draft.ended_by is EpisodeEnd.OPEN:
            return None
        onsets = [end]
        if draft.names and not draft.named_first:
            onsets.append(draft.names[0].t)
        if draft.answer_on is not None:
            onsets.append(draft.answer_on)
        return self._uncensored_s(draft, min(onsets))

    def answer_time_s(self, draft: Draft) -> float | None:
        """Question to the pupil's onset."""
        if not draft.questions or draft.answer_on is None:
            return None
        return self._uncensored_s(draft, draft.answer_on)

    def _uncensored_s(self, draft: Draft, until: float) -> float | None:
        length_s = duration_s(draft.questions[-1].t_end, until)
        return length_s if length_s <= TIME_OUT_S and self._counts(draft, until) else None

    def broken_off_s(self, questions: Sequence[Question]) -> Iterator[float]:
        """Measured pauses that a rephrased question cut off."""
        for earlier, later in pairwise(questions):
            pause = self._pauses.get(earlier)
            if (
                not stacked(earlier, later)
                and pause is not None
                and pause.t_end is not None
                and pause.outcome is PauseOutcome.MEASURED
            ):
                yield duration_s(earlier.t_end, pause.t_end)


def after_name_s(draft: Draft) -> float | None:
    """End of the name to the pupil's onset; none where the question came last."""
    if not draft.names or draft.named_first or draft.answer_on is None:
        return None
    length_s = duration_s(draft.names[-1].t_end, draft.answer_on)
    return length_s if length_s <= TIME_OUT_S else None


def longest_silence_s(draft: Draft, pause: Pause | None, gross_s: float) -> float | None:
    """The longest silence known between question and name.

    After the pause's end only the teacher's own speech is known to follow, so later silences do
    not count.
    """
    if pause is None:
        return None
    if pause.net_s is not None:
        return min(pause.net_s, gross_s)
    start = draft.questions[-1].t_end
    end = draft.names[0].t if pause.t_end is None else min(pause.t_end, draft.names[0].t)
    longest = 0.0
    for prompt_on, prompt_off in sorted(pause.prompts):
        longest = max(longest, min(prompt_on, end) - start)
        start = max(start, prompt_off)
    return round(min(max(longest, end - start, 0.0), gross_s), 3)
