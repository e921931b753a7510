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


@dataclass(frozen=True, slots=True)
class Standing:
    """An event of the log, or one that a person added, and what became of it.

    Attributes:
        identifier: what a further correction names as its target; ``None`` when it has no id.
        event: what holds now; ``None``: removed.
        measured: what the device measured; ``None``: a person added it.
        correction: id of the correction that made it what it is; removing that one undoes it.
    """

    identifier: str | None
    event: LessonEvent | None
    measured: LessonEvent | None
    correction: str | None


def apply_corrections(entries: Iterable[Entry]) -> Corrected:
    """The effective events of a log; any log gives a result."""
    standings, unresolved = _judged(entries)
    return Corrected(
        in_order(standing.event for standing in standings if standing.event is not None),
        unresolved,
    )


def standings(entries: Iterable[Entry]) -> list[Standing]:
    """What became of every event: in order of time, removed ones where they were."""

    def moment(standing: Standing) -> float:
        event = standing.event or standing.measured
        return event.t if event is not None else 0.0

    return sorted(_judged(entries)[0], key=moment)


@dataclass(frozen=True, slots=True)
class _Verdict:
    event: LessonEvent | None
    correction: str | None


def _judged(entries: Iterable[Entry]) -> tuple[list[Standing], tuple[Correction, ...]]:
    log = _without_repeats(entries)
    verdicts: dict[str, _Verdict] = {}
    found: list[Standing] = []
    waiting: list[tuple[int, Correction]] = []
    earlier_ids = _earlier_ids(log)
    for index, (identifier, event) in reversed(list(enumerate(log))):
        if not isinstance(event, Correction):
            continue
        verdict = _Verdict(event.event, identifier)
        changed = verdicts.get(identifier) if identifier is not None else None
        if changed is not None:
            verdict = changed
            if verdict.event is None:
                if event.target is None:  # added, and taken away again
                    found.append(Standing(identifier, None, None, verdict.correction))
                continue  # undone
        if event.target is None:
            found.append(Standing(identifier, verdict.event, None, verdict.correction))
        elif earlier_ids.get(event.target, index) < index:
            verdicts.setdefault(event.target, verdict)
        else:
            waiting.append((index, event))
    for identifier, event in log:
        if isinstance(event, Correction):
            continue
        decided = verdicts.get(identifier) if identifier is not None else None
        if decided is None:
            found.append(Standing(identifier, event, event, None))
        else:
            found.append(Standing(identifier, decided.event, event, decided.correction))
    return found, tuple(event for _, event in sorted(waiting, key=_index))


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
