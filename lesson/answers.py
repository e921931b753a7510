"""What follows a pupil's answer: wait time 2 (definition B5)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from lesson.durations import duration_s
from lesson.episode import Episode
from lesson.events import LessonEvent, Source, Turn
from lesson.moments import is_pupil_speech
from lesson.thresholds import BACK_CHANNEL_S, HESITATION_S, TIME_OUT_S, WITHIN_ANSWER_S


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What came after one answer.

    Attributes:
        answer_on, answer_off: the pupil's answer with its hesitations.
        wait_time_2_s: silence after it; ``None`` when nothing followed within 15 s.
        within_s: silences of at least 0.5 s inside the answer.
        overlap: the teacher began before the pupil was done; ``wait_time_2_s`` is 0.
        pupil_to_pupil: another pupil went on, not the teacher.
    """

    answer_on: float
    answer_off: float
    wait_time_2_s: float | None
    within_s: float
    overlap: bool
    pupil_to_pupil: bool

    @property
    def wait_time_2_rowe_s(self) -> float | None:
        """With the pauses inside the answer, as Rowe counted."""
        if self.wait_time_2_s is None:
            return None
        return round(self.wait_time_2_s + self.within_s, 3)


def follow_ups(events: Sequence[LessonEvent], episodes: Sequence[Episode]) -> tuple[FollowUp, ...]:
    """Wait time 2 after every answer heard as a turn.

    Args:
        events: effective events in order of time.
        episodes: their episodes.
    """
    turns = [event for event in events if isinstance(event, Turn) and _audible(event)]
    starts = [turn.t for turn in turns]
    found: list[FollowUp] = []
    for episode in episodes:
        if episode.answer is None:
            continue
        first = bisect_left(starts, episode.answer.t)
        while turns[first] != episode.answer:
            first += 1
        found.append(_follow_up(turns, first))
    return tuple(found)


def _audible(turn: Turn) -> bool:
    """Whether a turn can belong to an answer or end it; a back-channel does neither."""
    if turn.source is Source.TEACHER:
        return turn.speech_s >= BACK_CHANNEL_S
    return is_pupil_speech(turn)


def _follow_up(turns: Sequence[Turn], first: int) -> FollowUp:
    answer = turns[first]
    off, within_s = answer.t_end, _own_silence_s(answer)
    for turn in turns[first + 1 :]:
        gap_s = round(turn.t - off, 3)
        if gap_s > TIME_OUT_S:
            break
        if turn.source is Source.PUPIL and answer.source is Source.PUPIL and gap_s < HESITATION_S:
            within_s += _own_silence_s(turn) + (gap_s if gap_s >= WITHIN_ANSWER_S else 0.0)
            off = max(off, turn.t_end)
            continue
        teacher = turn.source is Source.TEACHER
        return FollowUp(
            answer_on=answer.t,
            answer_off=off,
            wait_time_2_s=duration_s(off, turn.t),
            within_s=round(within_s, 3),
            overlap=teacher and gap_s < 0,
            pupil_to_pupil=not teacher,
        )
    return FollowUp(answer.t, off, None, round(within_s, 3), False, False)


def _own_silence_s(turn: Turn) -> float:
    """Silence inside one turn, known only as a sum; below 0.5 s it holds no long pause."""
    silence_s = round(duration_s(turn.t, turn.t_end) - turn.speech_s, 3)
    return silence_s if silence_s >= WITHIN_ANSWER_S else 0.0
