"""Where on the strip of a lesson each event is drawn, and what is said about it. No figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.health import Stretch
from dashboard.i18n import clock_time, gettext, seconds
from lesson.episode import Episode, Order
from lesson.events import (
    Cue,
    Feedback,
    LessonEvent,
    Mark,
    Name,
    Question,
    Signal,
    Source,
    Turn,
)

WIDTH = 1000.0
NARROWEST = 2.0
TICK_STEPS_S = (30, 60, 120, 300, 600, 900, 1800, 3600)
MOST_TICKS = 12
#: place and height of each kind; what is practised gets the most room
LANES = {
    "question": (6, 22),
    "pause": (32, 22),
    "name": (58, 22),
    "teacher": (88, 16),
    "pupil": (88, 16),
    "many": (88, 16),
    "feedback": (108, 12),
    "cue": (124, 16),
    "fragment": (124, 16),
    "health": (144, 12),
}
HEIGHT = 160


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of the strip in drawing units; ``kind`` is its style class.

    ``text`` says what it is: it is shown on hover and read out when one steps through the lesson.
    """

    x: float
    width: float
    kind: str
    text: str

    @property
    def y(self) -> int:
        return LANES[self.kind][0]

    @property
    def height(self) -> int:
        return LANES[self.kind][1]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A strip of ``WIDTH`` units; boxes in order of time."""

    boxes: tuple[Box, ...]
    #: place and lesson time of each tick
    ticks: tuple[tuple[float, int], ...]


def timeline(
    episodes: Sequence[Episode],
    length_s: float,
    events: Iterable[LessonEvent] = (),
    health: Iterable[Stretch] = (),
) -> Timeline:
    """Every event of a lesson, and ticks at round times. Needs an application context."""
    things = [
        *_of_episodes(episodes),
        *_of_others(events, episodes),
        *((s.start_s, s.end_s, "health", str(words.HEALTH[s.code])) for s in health),
    ]
    length_s = max(length_s, 1.0, *(end for _, end, _, _ in things))
    scale = WIDTH / length_s
    boxes = tuple(
        Box(
            round(start * scale, 1),
            round(max((end - start) * scale, NARROWEST), 1),
            kind,
            f"{clock_time(start)} · {text}",
        )
        for start, end, kind, text in sorted(things, key=lambda thing: thing[0])
    )
    step = next((s for s in TICK_STEPS_S if length_s / s <= MOST_TICKS), TICK_STEPS_S[-1])
    marks = range(0, int(length_s) + 1, step)
    return Timeline(boxes, tuple((round(t * scale, 1), t) for t in marks))


#: Begin and end in seconds, style class, and words.
_Thing = tuple[float, float, str, str]


def _of_episodes(episodes: Sequence[Episode]) -> Iterator[_Thing]:
    for number, episode in enumerate(episodes, start=1):
        for question in episode.questions:
            said = gettext("question %(number)d, %(form)s", number=number, form=_form(question))
            yield question.t, question.t_end, "question", said
        pause = episode.pause
        if pause is not None and pause.t_end is not None and episode.order is not Order.NQ:
            said = gettext("pause of %(length)s", length=seconds(pause.t_end - pause.t))
            yield pause.t, pause.t_end, "pause", said
        for name in episode.names:
            yield name.t, name.t_end, "name", name.pupil or gettext("turn without a name")


def _of_others(events: Iterable[LessonEvent], episodes: Sequence[Episode]) -> Iterator[_Thing]:
    """What belongs to no episode; a pause that does not is a hesitation, and is not drawn."""
    speakers = {Source.TEACHER: "teacher", Source.PUPIL: "pupil", Source.MANY: "many"}
    known = {thing.t for e in episodes for thing in (*e.questions, *e.names)}
    for event in events:
        if isinstance(event, Question) and event.t not in known:
            yield event.t, event.t_end, "question", _form(event)
        elif isinstance(event, Name) and event.t not in known:
            said = event.pupil or gettext("unknown pupil")
            yield event.t, event.t_end, "name", f"{said} · {words.ROLES[event.role]}"
        elif isinstance(event, Feedback):
            kind = gettext("specific") if event.specific else gettext("general")
            yield event.t, event.t_end, "feedback", gettext("feedback, %(kind)s", kind=kind)
        elif isinstance(event, Turn) and event.source in speakers:
            yield event.t, event.t_end, speakers[event.source], str(words.SOURCES[event.source])
        elif isinstance(event, Cue) and event.signal is not Signal.OFF:
            yield event.t, event.t, "cue", str(words.SIGNALS[event.signal])
        elif isinstance(event, Mark):
            yield event.t, event.t, "fragment", str(words.MARKS[event.label])


def _form(question: Question) -> str:
    return str(words.FORMS[question.form])
