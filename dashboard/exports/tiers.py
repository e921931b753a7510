"""The lesson as rows of labelled stretches, as ELAN, Praat and subtitles want it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lesson.corrections import Entry, apply_corrections
from lesson.episode import Episode
from lesson.episodes import build_episodes
from lesson.events import (
    Correction,
    Cue,
    Feedback,
    Health,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Mark,
    Name,
    Pause,
    PauseOutcome,
    Question,
    Source,
    Turn,
)

#: A mark is a moment; the fragment around it is what one would want to see again.
FRAGMENT_BEFORE_S = 30.0
FRAGMENT_AFTER_S = 15.0


class Tier(StrEnum):
    """The rows, with the names that Dutch researchers and coaches look for."""

    TEACHER = "Docent"
    PUPIL = "Leerling"
    QUESTION = "Vraag"
    PAUSE = "Denkpauze"
    NAME = "Beurt"
    FEEDBACK = "Feedback"
    FRAGMENT = "Fragment"


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A stretch of a row, in seconds of the film or of the lesson."""

    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson ready to be written.

    Attributes:
        name: of the file, without ending.
        events: effective events in order of time.
        episodes: decided and open ones.
        offset_s: moment of the film at which the lesson begins; negative when the film began
            later.
    """

    name: str
    entries: tuple[Entry, ...]
    events: tuple[LessonEvent, ...]
    episodes: tuple[Episode, ...]
    offset_s: float = 0.0

    @classmethod
    def of(cls, name: str, entries: Iterable[Entry], offset_s: float = 0.0) -> Lesson:
        """Apply the corrections and find the episodes."""
        entries = tuple(entries)
        events = apply_corrections(entries).events
        return cls(name, entries, events, build_episodes(entries), offset_s)

    @property
    def end_s(self) -> float:
        """The last moment that is known, on the lesson's clock."""
        return max((_end(event) for event in self.events), default=0.0)

    def shifted(self, start_s: float, end_s: float, label: str) -> Stretch | None:
        """On the film's clock; ``None`` when it was over before the film began."""
        start_s, end_s = start_s + self.offset_s, end_s + self.offset_s
        if end_s <= 0 or end_s <= start_s:
            return None
        return Stretch(round(max(0.0, start_s), 3), round(end_s, 3), label)


def tiers_of(lesson: Lesson) -> dict[Tier, list[Stretch]]:
    """All rows, each in order of time and without overlap."""
    rows: dict[Tier, list[Stretch]] = {tier: [] for tier in Tier}
    codes = _codes(lesson.episodes)
    for event in lesson.events:
        for tier, start_s, end_s, label in _stretches(event, codes):
            stretch = lesson.shifted(start_s, end_s, label)
            if stretch is not None:
                rows[tier].append(stretch)
    return {tier: without_overlap(row) for tier, row in rows.items()}


def without_overlap(row: Sequence[Stretch]) -> list[Stretch]:
    """Stretches that begin inside the one before are cut off there, or left out."""
    result: list[Stretch] = []
    for stretch in sorted(row):
        start_s = max(stretch.start_s, result[-1].end_s) if result else stretch.start_s
        if start_s < stretch.end_s:
            result.append(Stretch(start_s, stretch.end_s, stretch.label))
    return result


def _codes(episodes: Iterable[Episode]) -> dict[float, str]:
    """Order code by the acoustic end of the question that the pause follows."""
    return {
        episode.q_off: episode.order.value
        for episode in episodes
        if episode.q_off is not None and episode.order is not None
    }


def _stretches(
    event: LessonEvent, codes: dict[float, str]
) -> Iterable[tuple[Tier, float, float, str]]:
    if isinstance(event, Turn):
        tier = Tier.TEACHER if event.source is Source.TEACHER else Tier.PUPIL
        yield tier, event.t, event.t_end, event.source.value
    elif isinstance(event, Question):
        yield Tier.QUESTION, event.t, event.t_end, event.form.value
    elif isinstance(event, Pause) and event.t_end is not None:
        if event.outcome is PauseOutcome.MEASURED:
            yield Tier.PAUSE, event.t, event.t_end, codes.get(event.t, event.outcome.value)
    elif isinstance(event, Name):
        label = f"{event.pupil or 'unknown'} {event.role.value}"
        yield Tier.NAME, event.t, event.t_end, label
    elif isinstance(event, Feedback):
        kind = "specific" if event.specific else "general"
        label = f"{kind} {'positive' if event.positive else 'negative'}"
        yield Tier.FEEDBACK, event.t, event.t_end, label
    elif isinstance(event, Mark):
        start_s = max(0.0, event.t - FRAGMENT_BEFORE_S)
        yield Tier.FRAGMENT, start_s, event.t + FRAGMENT_AFTER_S, f"{event.label} {event.by}"


def _end(event: LessonEvent) -> float:
    if isinstance(event, Question | Name | Turn | Feedback):
        return event.t_end
    if isinstance(event, Pause):
        return event.t if event.t_end is None else event.t_end
    assert isinstance(event, LessonStarted | LessonEnded | Cue | Mark | Health | Correction)
    return event.t
