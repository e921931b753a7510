"""A person's corrections, applied to a log that is itself never changed.

Rules, for entries in log order:

- A correction is an entry with an id of its own, so it can be corrected too: removing a
  correction undoes it, replacing one changes what it put in place.
- Of several corrections of one target that are in force, the last in the log wins.
- A correction reaches any event, wherever it stands in the log, but only *earlier* corrections,
  so no circle can arise.
- A target that is not there is reported, never raised: the log may still be arriving.
- The same id twice, or two equal events without one, is one event delivered twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lesson.events import Correction, LessonEvent

#: A log entry: an event, alone (a live device has no ids yet) or after its id.
Entry = LessonEvent | tuple[str | None, LessonEvent]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What holds after all corrections.

    Attributes:
        events: the effective events in order of time, without any ``Correction``.
        unresolved: corrections whose target is not in the log.
    """

    events: tuple[LessonEvent, ...]
    unresolved: tuple[Correction, ...]


def apply_corrections(entries: Iterable[Entry]) -> Corrected:
    """The effective events of a log; any log gives a result."""
    log = _without_repeats(entries)
    verdicts: dict[str, LessonEvent | None] = {}
    events: list[LessonEvent] = []
    waiting: list[tuple[int, Correction]] = []
    earlier_ids = _earlier_ids(log)
    for index, (identifier, event) in reversed(list(enumerate(log))):
        if not isinstance(event, Correction):
            continue
        verdict: LessonEvent | None = event.event
        if identifier is not None and identifier in verdicts:
            verdict = verdicts[identifier]
            if verdict is None:
                continue  # undone
        if event.target is None:
            if verdict is not None:
                events.append(verdict)
        elif earlier_ids.get(event.target, index) < index:
            verdicts.setdefault(event.target, verdict)
        else:
            waiting.append((index, event))
    for identifier, event in log:
        if isinstance(event, Correction):
            continue
        effective = verdicts.get(identifier, event) if identifier is not None else event
        if effective is not None:
            events.append(effective)
    return Corrected(in_order(events), tuple(event for _, event in sorted(waiting, key=_index)))


def in_order(events: Iterable[LessonEvent]) -> tuple[LessonEvent, ...]:
    """Sorted by ``t``, equal events once.

    Events of the same moment are put in order of kind, then by their JSON: a rule without
    meaning that makes the result independent of the order of arrival.
    """
    unique = sorted(dict.fromkeys(events), key=lambda event: event.t)
    ordered: list[LessonEvent] = []
    start = 0
    for position in range(1, len(unique) + 1):
        if position == len(unique) or unique[position].t != unique[start].t:
            moment = unique[start:position]
            if len(moment) > 1:
                moment.sort(key=lambda event: (event.kind, event.model_dump_json()))
            ordered.extend(moment)
            start = position
    return tuple(ordered)


def _without_repeats(entries: Iterable[Entry]) -> list[tuple[str | None, LessonEvent]]:
    log: list[tuple[str | None, LessonEvent]] = []
    seen: set[str] = set()
    for entry in entries:
        identifier, event = entry if isinstance(entry, tuple) else (None, entry)
        if identifier is not None:
            if identifier in seen:
                continue
            seen.add(identifier)
        log.append((identifier, event))
    return log


def _earlier_ids(log: list[tuple[str | None, LessonEvent]]) -> dict[str, int]:
    """Position from which an id can be corrected: -1 for events, its own for corrections."""
    return {
        identifier: index if isinstance(event, Correction) else -1
        for index, (identifier, event) in enumerate(log)
        if identifier is not None
    }


def _index(pair: tuple[int, Correction]) -> int:
    return pair[0]
