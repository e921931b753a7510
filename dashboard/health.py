"""When a part of the device could not do its work in a lesson, for those who read its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard import words
from dashboard.i18n import gettext
from lesson.events import Health, HealthPart, HealthState, LessonEvent

#: The parts on which figures depend. Link, journal and outputs change nothing that is measured.
MEASURING = (HealthPart.MICROPHONE, HealthPart.SIGNAL, HealthPart.RECOGNISER)
#: Models that were made to try the program with, by the beginning of their name.
BUILT_IN = "denkpauze-"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the device was in this state from ``start_s`` to ``end_s`` of the lesson."""

    part: HealthPart
    state: HealthState
    start_s: float
    end_s: float

    @property
    def code(self) -> str:
        return code_of(self.part, self.state)


def code_of(part: HealthPart, state: HealthState) -> str:
    """One of ``words.HEALTH``: several states of a part mean the same to a reader."""
    if part is HealthPart.RECOGNISER:
        return "behind" if state is HealthState.OVERFLOW else "no_words"
    if part is HealthPart.MICROPHONE:
        return "muted" if state is HealthState.MUTED else "no_microphone"
    known = {HealthState.TOO_NOISY: "noisy", HealthState.CLIPPING: "clipping"}
    return known.get(state, "quiet")


def stretches(events: Iterable[LessonEvent], length_s: float) -> tuple[Stretch, ...]:
    """All of them in order of time; what did not become well again lasts to the end."""
    found: list[Stretch] = []
    current: dict[HealthPart, Health] = {}
    for event in sorted((e for e in events if isinstance(e, Health)), key=lambda e: e.t):
        if event.part not in MEASURING:
            continue
        before = current.get(event.part)
        if before is not None and before.state is event.state:
            continue
        if before is not None:
            found.append(Stretch(before.part, before.state, before.t, event.t))
        current.pop(event.part, None)
        if event.state is not HealthState.OK:
            current[event.part] = event
    found += [Stretch(e.part, e.state, e.t, max(e.t, length_s)) for e in current.values()]
    return tuple(sorted(found, key=lambda stretch: stretch.start_s))


def present(events: Iterable[LessonEvent]) -> list[str]:
    """Codes of what is wrong at the end of these events, each once."""
    whole = stretches(events, float("inf"))
    return sorted({stretch.code for stretch in whole if stretch.end_s == float("inf")})


def model_line(recogniser: str | None) -> str:
    """Which speech model was active and what it is worth; empty while nobody said so."""
    if not recogniser:
        return ""
    if recogniser == "none":
        return gettext("Without a speech model: pauses only, no kinds of question and no names")
    if recogniser.startswith(BUILT_IN):
        return gettext("Speech model: %(name)s, built in: for trying only", name=recogniser)
    return gettext("Speech model: %(name)s", name=recogniser)


def lines(found: Iterable[Stretch]) -> list[tuple[str, int, float]]:
    """For each kind of trouble: its words, how often, and how long altogether in seconds."""
    totals: dict[str, tuple[int, float]] = {}
    for stretch in found:
        count, length_s = totals.get(stretch.code, (0, 0.0))
        totals[stretch.code] = (count + 1, length_s + stretch.end_s - stretch.start_s)
    return [(str(words.HEALTH[code]), *total) for code, total in totals.items()]
