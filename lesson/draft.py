"""An episode while it is being cut out of the lesson."""

from __future__ import annotations

from dataclasses import dataclass, field

from lesson.episode import EpisodeEnd
from lesson.events import Name, NamePosition, Pause, Question, Turn
from lesson.thresholds import STACK_GAP_S, UTTERANCE_GAP_S, WAKE_UP_S


def gap_s(start: float, end: float) -> float:
    """Seconds from ``start`` to ``end`` to the millisecond, negative when they overlap."""
    return round(end - start, 3)


@dataclass(slots=True)
class Draft:
    """An episode as far as it goes. ``after`` is the answer's end that a pass-on follows."""

    questions: list[Question] = field(default_factory=list)
    addressed: list[Question] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    after: float | None = None
    continued_at: float | None = None
    answer: Turn | None = None
    answer_on: float | None = None
    choral: bool = False
    end: float | None = None
    ended_by: EpisodeEnd = EpisodeEnd.OPEN
    #: what it counts as when nobody answers after ``continued_at``
    left_by: EpisodeEnd = EpisodeEnd.ABANDONED

    @property
    def named_first(self) -> bool:
        """The name is over before the (last) question is."""
        return bool(self.names and self.questions) and (
            self.names[-1].t_end <= self.questions[-1].t_end
        )

    @property
    def clock(self) -> float:
        """What the time-out counts from: the last question or name that an answer may follow."""
        ends = [event.t_end for event in (*self.questions[-1:], *self.addressed)]
        return max(ends + [name.t_end for name in self.names])

    def takes(self, question: Question) -> bool:
        """Whether a further question belongs to this episode and restarts its clock."""
        if not self.questions:
            return gap_s(self.names[0].t, question.t) < WAKE_UP_S
        if not self.names or self.named_first:
            return True
        name = self.names[-1]
        in_one_breath = (
            name.position in (NamePosition.FIRST, NamePosition.INSIDE)
            and gap_s(name.t_end, question.t) < UTTERANCE_GAP_S
        )
        return in_one_breath and gap_s(self.questions[-1].t_end, self.names[0].t) < STACK_GAP_S


@dataclass(frozen=True, slots=True)
class LooseCall:
    """A name called outside any episode; unanswered, it was a wake-up and gave no turn."""

    names: tuple[Name, ...]
    answered: bool


@dataclass(slots=True)
class Segments:
    """The parts of a lesson, in order of time."""

    pauses: dict[Question, Pause]
    drafts: list[Draft] = field(default_factory=list)
    loose_calls: list[LooseCall] = field(default_factory=list)
