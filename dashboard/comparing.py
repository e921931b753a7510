"""Vergelijken: one lesson beside another of the same teacher, and the line over all visits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from dashboard.figures import decided_episodes, lesson_summary
from dashboard.i18n import decimal, gettext, seconds, share
from dashboard.store.queries import Entry
from lesson.comparison import Change, compare_medians, compare_shares
from lesson.episode import Episode
from lesson.metrics import denkpauzes_s, waits_s
from lesson.statistics import Figure
from lesson.summary import LessonSummary


@dataclass(frozen=True)
class Side:
    """One lesson; what is asked of it is worked out once."""

    entries: Sequence[Entry]

    @cached_property
    def summary(self) -> LessonSummary:
        return lesson_summary(self.entries)

    @cached_property
    def episodes(self) -> tuple[Episode, ...]:
        return decided_episodes(self.entries)


@dataclass(frozen=True, slots=True)
class Row:
    """A figure in both lessons, in words."""

    label: str
    before: str
    after: str
    difference: str
    sentence: str


def rows(before: Side, after: Side) -> list[Row]:
    """What is worth comparing: few figures, each with its n. Needs an application context."""
    old, new = before.summary, after.summary
    pauses = compare_medians(
        old.pauses.denkpauze_gross.median_s,
        new.pauses.denkpauze_gross.median_s,
        (denkpauzes_s(before.episodes), denkpauzes_s(after.episodes)),
    )
    waits = compare_medians(
        old.pauses.wait_time_1.median_s,
        new.pauses.wait_time_1.median_s,
        (waits_s(before.episodes), waits_s(after.episodes)),
    )
    shares = (
        (
            gettext("Question – think pause – name"),
            old.question_pause_name_share,
            new.question_pause_name_share,
        ),
        (
            gettext("Thought-provoking questions"),
            old.questions.open_share,
            new.questions.open_share,
        ),
        (gettext("Stacked questions"), old.stack_rate, new.stack_rate),
        (gettext("Teacher answers"), old.self_answer_rate, new.self_answer_rate),
    )
    return [
        _row(gettext("Think pause, median"), pauses, seconds, _seconds_more, "s"),
        _row(gettext("Wait time 1, median"), waits, seconds, _seconds_more, "s"),
        *(
            _row(label, compare_shares(a, b), share, _points_more, gettext("percentage points"))
            for label, a, b in shares
        ),
    ]


def _row(
    label: str,
    change: Change,
    write: Callable[[float], str],
    write_change: Callable[[float], str],
    unit: str,
) -> Row:
    difference = "–"
    if change.difference is not None and change.low is not None and change.high is not None:
        difference = gettext(
            "%(value)s %(unit)s (95%%: %(low)s to %(high)s)",
            value=write_change(change.difference),
            unit=unit,
            low=write_change(change.low),
            high=write_change(change.high),
        )
    return Row(
        label,
        _figure(change.before, write),
        _figure(change.after, write),
        difference,
        _sentence(change),
    )


def _figure(figure: Figure, write: Callable[[float], str]) -> str:
    if not figure.enough or figure.value is None:
        return gettext("– (n = %(n)d)", n=figure.n)
    return gettext("%(value)s (n = %(n)d)", value=write(figure.value), n=figure.n)


def _sentence(change: Change) -> str:
    if change.verdict == "too_few":
        return gettext("Too few questions to compare")
    if change.verdict == "no_difference_seen":
        return gettext("No difference to be seen yet")
    if change.verdict == "more":
        return gettext("Difference: more than before")
    return gettext("Difference: less than before")


def _seconds_more(value: float) -> str:
    return _signed(decimal(abs(value)), value)


def _points_more(value: float) -> str:
    return _signed(str(round(100 * abs(value))), value)


def _signed(text: str, value: float) -> str:
    if not any(digit in "123456789" for digit in text):
        return text
    return ("−" if value < 0 else "+") + text


# --- the line over all visits ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Visit:
    """The think pause of one lesson."""

    number: int
    baseline: bool
    median: Figure


@dataclass(frozen=True, slots=True)
class Point:
    """A visit as it is drawn, in drawing units; heights are ``None`` without enough pauses."""

    x: float
    number: int
    baseline: bool
    y: float | None
    y_low: float | None
    y_high: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Points in a field of ``WIDTH`` by ``HEIGHT``, and lines at whole seconds."""

    points: tuple[Point, ...]
    seconds: tuple[tuple[float, int], ...]
    target_y: float


WIDTH, HEIGHT = 1000.0, 260.0
MARGIN = 40.0


def trend(visits: Sequence[Visit], target_s: float) -> Trend:
    """The medians of the visits one after another. Geometry only."""
    shown = [v.median.high or v.median.value for v in visits if v.median.enough]
    most_s = max([target_s + 1, *(value for value in shown if value is not None)])
    top_s = min(10.0, float(int(most_s) + 1))

    def y(value_s: float | None) -> float | None:
        if value_s is None:
            return None
        return round(HEIGHT - min(value_s, top_s) / top_s * HEIGHT, 1)

    step = (WIDTH - 2 * MARGIN) / max(len(visits) - 1, 1)
    points = tuple(
        Point(
            round(MARGIN + index * step, 1),
            visit.number,
            visit.baseline,
            y(visit.median.value) if visit.median.enough else None,
            y(visit.median.low) if visit.median.enough else None,
            y(visit.median.high) if visit.median.enough else None,
        )
        for index, visit in enumerate(visits)
    )
    lines = tuple((y(float(s)) or 0.0, s) for s in range(int(top_s) + 1))
    return Trend(points, lines, y(target_s) or 0.0)
