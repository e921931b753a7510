"""What the charts of a lesson show. The figures are those of ``lesson``; here they get lengths.

Each chart is a table with a bar in it, so who cannot see the bar reads the same figure beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.i18n import clock_time, decimal, gettext, share, short_decimal
from dashboard.store.queries import Entry
from lesson.corrections import apply_corrections
from lesson.episode import Episode
from lesson.events import Focus, LessonEvent, Turn
from lesson.metrics import waits_s
from lesson.spread import Spread, spread
from lesson.summary import LessonSummary
from lesson.turns import TalkShares, talk_shares

#: Width of a full bar in drawing units.
FULL = 100.0
TALK_WINDOW_S = 300.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and the length of its bar, up to ``FULL``; ``kind`` is its style class."""

    text: str
    length: float
    kind: str = "pause"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a chart."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows against columns; ``note`` holds what must be known to read it."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class TalkLine:
    """Who spoke in one window; ``parts`` are (style class, offset, length, text) along the bar."""

    label: str
    parts: tuple[tuple[str, float, float, str], ...]


def charts_of(summary: LessonSummary, episodes: Sequence[Episode]) -> tuple[Chart, ...]:
    """All charts that have something to show. Needs an application context for the language."""
    pauses = summary.pauses
    by_pause = (
        (gettext("Think pause"), pauses.denkpauze_gross),
        (gettext("Wait time 1"), pauses.wait_time_1),
        (gettext("Time to answer"), pauses.answer_time),
    )
    by_focus = tuple(
        (str(label), spread(waits_s(e for e in episodes if _focus(e) is focus)))
        for focus, label in words.FOCUSES.items()
    )
    made = (
        _distribution(gettext("How long the pauses are"), by_pause),
        _distribution(gettext("Wait time 1 by what was asked"), by_focus),
        _orders(summary),
        _turns(summary),
    )
    return tuple(chart for chart in made if chart is not None)


def talk_over_time(entries: Sequence[Entry], length_s: float) -> tuple[TalkLine, ...]:
    """Who speaks how much in each window of five minutes, by the rule for the whole lesson."""
    turns = [e for e in apply_corrections(entries).events if isinstance(e, Turn)]
    if not turns:
        return ()
    count = max(1, round(length_s / TALK_WINDOW_S + 0.3))  # a short rest joins the last window
    found = []
    for number in range(count):
        start_s = number * TALK_WINDOW_S
        end_s = length_s if number == count - 1 else start_s + TALK_WINDOW_S
        shares = talk_shares(list(_within(turns, start_s, end_s)), end_s - start_s)
        label = f"{clock_time(start_s)}–{clock_time(end_s)}"
        found.append(TalkLine(label, tuple(_parts(shares))))
    return tuple(found)


def _within(turns: Iterable[Turn], start_s: float, end_s: float) -> Iterator[LessonEvent]:
    """The turns cut to a window; the voice in a turn counts as spread evenly over it."""
    for turn in turns:
        begin, end = max(turn.t, start_s), min(turn.t_end, end_s)
        if begin < end:
            part = (end - begin) / (turn.t_end - turn.t)
            yield turn.model_copy(
                update={"t": begin, "t_end": end, "speech_s": turn.speech_s * part}
            )


def _parts(shares: TalkShares) -> Iterator[tuple[str, float, float, str]]:
    offset = 0.0
    for kind in ("teacher", "pupil", "many", "unknown", "silence"):
        value = getattr(shares, kind).value
        if value is None:
            yield kind, offset, 0.0, "–"
            continue
        length = round(value * FULL, 2)
        yield kind, round(offset, 2), length, share(value)
        offset += length


def _distribution(title: str, spreads: Sequence[tuple[str, Spread]]) -> Chart | None:
    known = [(label, one) for label, one in spreads if one.n]
    if not known:
        return None
    most = max(one_bin.count for _, one in known for one_bin in one.bins)
    lines = []
    for index, first in enumerate(known[0][1].bins):
        bars = []
        for _, one in known:
            here = one.bins[index]
            bars.append(Bar(str(here.count), round(here.count / most * FULL, 1)))
        lines.append(Line(_bin_label(first.from_s, first.to_s), tuple(bars)))
    columns = tuple(f"{label} (n\u00a0=\u00a0{one.n})" for label, one in known)
    return Chart(title, columns, tuple(lines))


def _bin_label(from_s: float, to_s: float | None) -> str:
    if to_s is None:
        return f"> {short_decimal(from_s)} s"
    if not from_s:
        return f"< {short_decimal(to_s)} s"
    return f"{short_decimal(from_s)}–{short_decimal(to_s)} s"


def _orders(summary: LessonSummary) -> Chart | None:
    counts = [(order, number) for order, number in summary.orders.items() if number]
    if not counts:
        return None
    most = max(number for _, number in counts)
    lines = tuple(
        Line(str(words.ORDERS[order]), (Bar(str(number), round(number / most * FULL, 1), "name"),))
        for order, number in counts
    )
    column = gettext("Number (n = %(n)d)", n=sum(number for _, number in counts))
    return Chart(gettext("In which order"), (column,), lines)


def _turns(summary: LessonSummary) -> Chart | None:
    turns = summary.turns
    if not turns.counts:
        return None
    most = max(turns.counts.values())
    lines = tuple(
        Line(alias, (Bar(_whole(number), round(number / most * FULL, 1), "name"),))
        for alias, number in turns.counts.items()
    )
    heard = (
        gettext("%(n)d pupils heard their name", n=turns.pupils_named)
        if turns.roster_size is None
        else gettext(
            "%(n)d of %(roster)d pupils heard their name",
            n=turns.pupils_named,
            roster=turns.roster_size,
        )
    )
    unknown = gettext("%(n)s turns without a name", n=_whole(turns.unknown))
    note = heard + (f" · {unknown}" if turns.unknown else "")
    column = gettext("Turns (n = %(n)s)", n=_whole(turns.nominations))
    return Chart(gettext("Who got a turn"), (column,), lines, note)


def _whole(value: float) -> str:
    """Two pupils named together count a half each."""
    return str(int(value)) if value == int(value) else decimal(value)


def _focus(episode: Episode) -> Focus | None:
    return episode.questions[-1].focus if episode.questions else None
