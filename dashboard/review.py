"""Terugkijken in words: figures with their n and uncertainty, and one row for each question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from dashboard import words
from dashboard.figures import decided_episodes, lesson_summary, shown_pause_s
from dashboard.i18n import decimal, gettext, seconds, share
from dashboard.store.queries import Entry
from lesson.episode import Episode, Order
from lesson.spread import Spread
from lesson.statistics import Figure
from lesson.summary import LessonSummary


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure as it is shown: never without the note that holds its n.

    ``lead``: it is about what is practised, and stands before the others.
    """

    label: str
    value: str
    note: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A question of the table."""

    start_s: float
    form: str
    focus: str
    stack_size: int
    pause: str
    order: str
    ended_by: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """Everything on the review page that comes from events."""

    summary: LessonSummary
    episodes: tuple[Episode, ...]
    facts: tuple[Fact, ...]
    rows: tuple[Row, ...]


def review_of(entries: Sequence[Entry]) -> Review:
    """Needs an application context for the language."""
    summary = lesson_summary(entries)
    episodes = decided_episodes(entries)
    return Review(summary, episodes, _facts(summary), tuple(_row(e) for e in episodes))


def _facts(summary: LessonSummary) -> tuple[Fact, ...]:
    pauses = summary.pauses
    qpn = summary.question_pause_name_share
    named = gettext("of %(n)d turns", n=qpn.n)
    practised = (
        _length(gettext("Think pause, median"), pauses.denkpauze_gross),
        _share(gettext("Question – think pause – name"), qpn, summary.orders[Order.QPN]),
    )
    return (
        *(replace(fact, lead=True) for fact in practised),
        Fact(
            gettext("Questions"),
            str(summary.episodes),
            gettext("target think pause %(target)s", target=seconds(summary.target_s)),
        ),
        Fact(gettext("Name first"), str(summary.name_first), named),
        *_deliberate(summary, named),
        _length(gettext("Wait time 1, median"), pauses.wait_time_1),
        _length(gettext("Time to answer, median"), pauses.answer_time),
        _share(gettext("Stacked questions"), summary.stack_rate),
        _share(gettext("Teacher answers"), summary.self_answer_rate),
        *_feedback(summary),
    )


def _feedback(summary: LessonSummary) -> Iterator[Fact]:
    """A proposal: what the device took for feedback after an answer."""
    given = summary.feedback
    if given.n:
        note = gettext(
            "%(specific)d specific · %(positive)d positive, %(negative)d negative · a proposal",
            specific=round((given.specific_share.value or 0) * given.n),
            positive=given.positive,
            negative=given.negative,
        )
        yield Fact(gettext("Feedback after an answer"), str(given.n), note)


def _deliberate(summary: LessonSummary, note: str) -> Iterator[Fact]:
    if summary.name_first_deliberate:
        yield Fact(gettext("Name first, on purpose"), str(summary.name_first_deliberate), note)


def _length(label: str, spread: Spread) -> Fact:
    if not spread.median_s.enough:
        return _missing(label, spread.median_s)
    assert spread.median_s.value is not None
    note = gettext(
        "n = %(n)d · middle half %(low)s to %(high)s",
        n=spread.n,
        low=decimal(spread.q1_s or 0),
        high=seconds(spread.q3_s or 0),
    )
    return Fact(
        label,
        seconds(spread.median_s.value),
        _with_interval(note, spread.median_s, decimal, seconds),
    )


def _share(label: str, figure: Figure, count: int | None = None) -> Fact:
    if not figure.enough:
        return _missing(label, figure)
    assert figure.value is not None
    note = gettext("n = %(n)d", n=figure.n)
    if count is not None:
        note = gettext("%(k)d of %(n)d turns", k=count, n=figure.n)
    return Fact(label, share(figure.value), _with_interval(note, figure, share, share))


def _missing(label: str, figure: Figure) -> Fact:
    if figure.reason == "not_measurable":
        return Fact(label, "–", gettext("not measurable with this microphone"))
    return Fact(label, "–", gettext("too few questions so far (n = %(n)d)", n=figure.n))


def _with_interval(
    note: str,
    figure: Figure,
    write_low: Callable[[float], str],
    write_high: Callable[[float], str],
) -> str:
    if figure.low is None or figure.high is None:
        return note
    between = gettext(
        "95%% interval %(low)s to %(high)s",
        low=write_low(figure.low),
        high=write_high(figure.high),
    )
    return f"{note} · {between}"


def _row(episode: Episode) -> Row:
    question = episode.questions[-1] if episode.questions else None
    pause_s = shown_pause_s(episode)
    outcome = episode.pause.outcome if episode.pause is not None else None
    ender = episode.pause.ended_by if episode.pause is not None else None
    missing = str(words.OUTCOMES.get(outcome, "–")) if outcome is not None else "–"
    return Row(
        start_s=episode.start,
        form=str(words.FORMS[question.form]) if question else "–",
        focus=_focus(episode),
        stack_size=episode.stack_size,
        pause=seconds(pause_s) if pause_s is not None else missing,
        order=str(words.ORDERS[episode.order]) if episode.order else gettext("not measured"),
        ended_by=str(words.ENDERS[ender]) if ender is not None else "–",
        probability=question.probability if question else None,
    )


def _focus(episode: Episode) -> str:
    """Said only where the form does not say it already."""
    question = episode.questions[-1] if episode.questions else None
    if question is None or question.focus is None or question.form.value == question.focus.value:
        return ""
    return str(words.FOCUSES[question.focus])
