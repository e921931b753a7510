"""Who speaks how long, and who is given a turn (definitions B7, B8)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from lesson.draft import LooseCall
from lesson.episode import Episode
from lesson.events import (
    Health,
    HealthPart,
    HealthState,
    LessonEvent,
    Name,
    Source,
    Turn,
)
from lesson.statistics import Figure, evenness, gini, ratio, share


class TalkShares(BaseModel):
    """Share of the lesson in which each source is heard; the five add up to 1.

    ``teacher_to_pupil`` is T ÷ (T + P). Many voices are never split. A source's n is its turns;
    that of silence is all turns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    total_s: float
    teacher: Figure
    pupil: Figure
    many: Figure
    unknown: Figure
    silence: Figure
    teacher_to_pupil: Figure


class TurnDistribution(BaseModel):
    """How nominations are spread over the class; two pupils named together count ½ each.

    Attributes:
        nominations: nominations of a known pupil, N.
        unknown: nominations without a name («zeg het maar»).
        pupils_named: pupils who heard their name.
        roster_size: pupils in the room, ``None`` when unknown.
        coverage: pupils named ÷ roster.
        top3_share: share of the nominations that went to the three named most.
        evenness: Shannon evenness over the whole roster, 0–1.
        gini: Gini coefficient over the whole roster.
        unknown_share: unknown ÷ all nominations.
        longest_without_new_pupil_s: longest time without a pupil who was not yet named.
        counts: nominations per pupil alias, most first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    nominations: float
    unknown: float
    pupils_named: int
    roster_size: int | None
    coverage: Figure
    top3_share: Figure
    evenness: Figure
    gini: Figure
    unknown_share: Figure
    longest_without_new_pupil_s: float | None
    counts: dict[str, float]


def speakers_known(events: Iterable[LessonEvent]) -> bool:
    """False when voices were heard and not one could be told: nobody wore the microphone."""
    sources = {event.source for event in events if isinstance(event, Turn)}
    return sources != {Source.UNKNOWN}


def too_noisy_s(events: Iterable[LessonEvent], until: float) -> float:
    """Seconds up to ``until`` in which the class was too noisy for any figure."""
    total, since = 0.0, None
    for event in events:
        if not isinstance(event, Health) or event.part is not HealthPart.SIGNAL:
            continue
        if since is not None:
            total += event.t - since
        since = event.t if event.state is HealthState.TOO_NOISY else None
    return total + (max(until - since, 0.0) if since is not None else 0.0)


def talk_shares(events: Sequence[LessonEvent], lesson_s: float) -> TalkShares:
    """Shares of voice per source, over a lesson of ``lesson_s`` seconds.

    Stretches that were too noisy to hear who speaks are no part of the lesson here.
    """
    turns = [event for event in events if isinstance(event, Turn)]
    lesson_s -= too_noisy_s(events, lesson_s)
    speech_s = {
        source: math.fsum(turn.speech_s for turn in turns if turn.source is source)
        for source in Source
    }
    n = {source: sum(turn.source is source for turn in turns) for source in Source}
    heard_s = math.fsum(speech_s.values())
    # Sources overlap: then there was no silence at all. To the millisecond, or a share that lies
    # between two of the last digit's steps would depend on when in the day the lesson was.
    total_s = round(max(lesson_s, heard_s), 3)
    teacher_s, pupil_s = speech_s[Source.TEACHER], speech_s[Source.PUPIL]

    known = speakers_known(events)

    def part(source: Source) -> Figure:
        if not known and source is not Source.UNKNOWN:
            return Figure(value=None, n=0, reason="not_measurable")
        return ratio(speech_s[source], total_s, n[source])

    return TalkShares(
        total_s=total_s,
        teacher=part(Source.TEACHER),
        pupil=part(Source.PUPIL),
        many=part(Source.MANY),
        unknown=part(Source.UNKNOWN),
        silence=ratio(max(total_s - heard_s, 0.0), total_s, len(turns)),
        teacher_to_pupil=(
            ratio(teacher_s, teacher_s + pupil_s, n[Source.TEACHER] + n[Source.PUPIL])
            if known
            else Figure(value=None, n=0, reason="not_measurable")
        ),
    )


def nominations(
    episodes: Iterable[Episode], loose_calls: Iterable[LooseCall]
) -> tuple[tuple[Name, ...], ...]:
    """All nominations in order of time: those of episodes, and answered calls outside any."""
    found = [episode.names for episode in episodes if episode.names]
    found += [call.names for call in loose_calls if call.answered]
    return tuple(sorted(found, key=lambda names: names[0].t))


def turn_distribution(
    given: Sequence[tuple[Name, ...]], roster_size: int | None, start: float, end: float
) -> TurnDistribution:
    """The distribution of nominations over a lesson from ``start`` to ``end``."""
    counts: dict[str, float] = {}
    unknown = 0.0
    for names in given:
        for name in names:
            if name.pupil is None:
                unknown += 1 / len(names)
            else:
                counts[name.pupil] = counts.get(name.pupil, 0.0) + 1 / len(names)
    counts = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    known = math.fsum(counts.values())
    n = sum(any(name.pupil is not None for name in names) for names in given)
    if roster_size is not None:
        roster_size = max(roster_size, len(counts))
    return TurnDistribution(
        nominations=round(known, 3),
        unknown=round(unknown, 3),
        pupils_named=len(counts),
        roster_size=roster_size,
        top3_share=ratio(math.fsum(list(counts.values())[:3]), known, n),
        unknown_share=ratio(unknown, known + unknown, len(given)),
        longest_without_new_pupil_s=_longest_without_new(given, roster_size, start, end),
        counts={pupil: round(count, 3) for pupil, count in counts.items()},
        **_over_roster(list(counts.values()), roster_size, n),
    )


def _over_roster(counts: list[float], roster_size: int | None, n: int) -> dict[str, Figure]:
    if roster_size is None:
        missing = Figure(value=None, n=n, reason="no_roster")
        return {"coverage": missing, "evenness": missing, "gini": missing}
    everybody = counts + [0.0] * (roster_size - len(counts))
    return {
        "coverage": share(len(counts), roster_size),
        "evenness": Figure(value=evenness(everybody), n=n),
        "gini": Figure(value=gini(everybody), n=n),
    }


def _longest_without_new(
    given: Sequence[tuple[Name, ...]], roster_size: int | None, start: float, end: float
) -> float | None:
    firsts = list(_first_times(given))
    if not firsts:
        return None
    everybody_named = roster_size is not None and len(firsts) >= roster_size
    moments = [start, *firsts] if everybody_named else [start, *firsts, end]
    return round(max(after - before for before, after in pairwise(moments)), 3)


def _first_times(given: Sequence[tuple[Name, ...]]) -> Iterator[float]:
    seen: set[str] = set()
    for names in given:
        for name in names:
            if name.pupil is not None and name.pupil not in seen:
                seen.add(name.pupil)
                yield name.t
