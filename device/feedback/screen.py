"""The calm picture of a lesson in the terminal: a pure function of its state.

One hue for all bars: no length of a pause is shown as good or bad, only the target as a line.
"""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from device.feedback.light import BoxState, glow
from device.feedback.view_state import ViewState
from device.texts import seconds, text
from lesson.episode import Episode, Order
from lesson.events import CueMode, Signal
from lesson.phases import PhaseName

BAR_COLUMNS = 36
EPISODE_COLUMNS = 20
#: A bar is as long as twice the target, so that the target stands in its middle.
_BAR_TARGETS = 2.0

_BAR = "cyan"
_QUIET = "grey50"
_TARGET = "bold white"
_DISC = ("  ▄███▄  ", " ███████ ", "  ▀███▀  ")
_DARK = (58, 58, 58)
_AMBER = (255, 160, 20)
_GREEN = (60, 210, 90)


def bar(length_s: float | None, target_s: float, columns: int) -> Text:
    """A pause as a bar with the target line; ``None`` draws the empty scale.

    Longer pauses than the scale end in an arrow.
    """
    line = round(columns / _BAR_TARGETS)
    ratio = 0.0 if length_s is None else length_s / (target_s * _BAR_TARGETS)
    full = min(columns, int(ratio * columns + 1e-9))
    drawn = Text()
    for column in range(columns):
        if column == line:
            drawn.append("┃", _TARGET)
        if column < full:
            last = column == columns - 1 and ratio > 1.0
            drawn.append("▸" if last else "━", _BAR)
        else:
            drawn.append("─", "grey30")
    return drawn


def clock_time(position_s: float) -> str:
    """Lesson time as minutes and seconds, ``12:34``."""
    minutes, rest = divmod(int(position_s), 60)
    return f"{minutes:02d}:{rest:02d}"


def render(state: ViewState) -> RenderableType:
    """The whole picture, about 80 columns wide and 20 lines high."""
    if state.header.mode is CueMode.SILENT:
        # A running bar or a figure would be a signal too.
        return Group(_header(state), _silent(state))
    return Group(_header(state), _now(state), _episodes(state), _counts(state))


def _header(state: ViewState) -> RenderableType:
    header, language = state.header, state.language
    listening = header.box in (BoxState.LISTENING, BoxState.WATCHED)
    mode = "cues_off" if header.cues_muted and header.mode is CueMode.CUE else header.mode.value
    table = Table.grid(expand=True, padding=(0, 1))
    for side in ("left", "center", "right"):
        table.add_column(justify=side)
    table.add_row(
        Text.assemble(
            ("● " if listening else "○ ", "bold" if listening else _QUIET),
            (text(language, f"box.{header.box.value}"), "bold"),
        ),
        Text(clock_time(state.position_s), "bold"),
        Text(text(language, f"mode.{mode}")),
    )
    table.add_row(
        Text(f"{text(language, 'header.source')}: {header.source}", _QUIET),
        "",
        Text(text(language, f"link.{header.link}"), _QUIET),
    )
    behind = text(language, "words.behind") if header.speech_behind else ""
    table.add_row(
        Text(f"{text(language, 'header.model')}: {header.model}", _QUIET), "", Text(behind, "bold")
    )
    return Panel(table, title="Denkpauze", title_align="left", box=box.ROUNDED, border_style=_QUIET)


def _silent(state: ViewState) -> RenderableType:
    heard = 0 if state.summary is None else state.summary.questions.arming
    return Text.assemble(
        "\n  ",
        text(state.language, "silent.note"),
        "\n  ",
        (text(state.language, "silent.heard", n=heard), _QUIET),
        "\n",
    )


def _now(state: ViewState) -> RenderableType:
    phase = Text(_phase_words(state), "bold")
    scale = bar(state.think_s, state.target_s, BAR_COLUMNS)
    scale.append(f" {seconds(state.language, state.target_s)}", _QUIET)
    light = Text(_light_words(state), _word_colour(state.light))
    disc = Text("\n".join(_DISC), _colour(state))
    table = Table.grid(padding=(1, 2))
    table.add_row(disc, Group(phase, scale, light))
    return Group(table, Text())


def _phase_words(state: ViewState) -> str:
    if state.phase is PhaseName.THINK and state.think_s is not None:
        return text(state.language, "phase.think", seconds=seconds(state.language, state.think_s))
    return text(state.language, f"phase.{state.phase.value}")


def _light_words(state: ViewState) -> str:
    if state.light is Signal.GO:
        target = seconds(state.language, state.target_s)
        return text(state.language, "light.go", target=target)
    return text(state.language, "light.wait" if state.light is Signal.WAIT else "light.dark")


def _colour(state: ViewState) -> str:
    red, green, blue = _DARK
    if state.light is Signal.GO:
        red, green, blue = _GREEN
    elif state.light is Signal.WAIT:
        share = glow(state.light_s)
        red, green, blue = (
            round(dark + (amber - dark) * share) for dark, amber in zip(_DARK, _AMBER, strict=True)
        )
    return f"rgb({red},{green},{blue})"


def _word_colour(light: Signal) -> str:
    """Words do not breathe with the light: they must stay readable."""
    if light is Signal.OFF:
        return _QUIET
    red, green, blue = _GREEN if light is Signal.GO else _AMBER
    return f"rgb({red},{green},{blue})"


def _episodes(state: ViewState) -> RenderableType:
    title = Text(f"  {text(state.language, 'episodes.title')}", _QUIET)
    if not state.episodes:
        return Group(title, Text(f"  {text(state.language, 'episodes.none')}\n"))
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", min_width=7, style=_QUIET)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", min_width=6)
    table.add_column(no_wrap=True, overflow="ellipsis")
    for episode in state.episodes:
        length_s = pause_length_s(episode)
        known = length_s is not None
        table.add_row(
            clock_time(episode.start),
            bar(length_s, state.target_s, EPISODE_COLUMNS),
            seconds(state.language, length_s or 0.0) if known else "–",
            Text.assemble(_order_words(state, episode), ("  " + pupils(state, episode), _QUIET)),
        )
    return Group(title, table, Text())


def pause_length_s(episode: Episode) -> float | None:
    """The think pause to the name where there is one, else the wait time to the next speech."""
    if episode.order is Order.NQ:
        return None
    if episode.denkpauze_gross_s is not None:
        return episode.denkpauze_gross_s
    return episode.wait_time_1_s


def _order_words(state: ViewState, episode: Episode) -> str:
    code = "unknown" if episode.order is None else episode.order.value
    return text(state.language, f"order.{code}")


def pupils(state: ViewState, episode: Episode) -> str:
    """Who was named in an episode: aliases, or names where this screen may show them."""
    who = [
        text(state.language, "pupil.unknown")
        if name.pupil is None
        else state.names.get(name.pupil, name.pupil)
        for name in episode.names
    ]
    if len(who) == 2:
        return text(state.language, "pupil.two", first=who[0], second=who[1])
    return "".join(who[:1])


def _counts(state: ViewState) -> RenderableType:
    summary, language = state.summary, state.language
    if summary is None:
        return Text()
    named = summary.question_pause_name_share.n
    parts = [f"{text(language, 'counts.questions')}: {summary.questions.arming}"]
    for order in (Order.QPN, Order.NQ) if named else ():
        label = text(language, f"order.{order.value}")
        part = summary.orders[order]
        parts.append(text(language, "counts.order", label=label, part=part, n=named))
    median = summary.pauses.denkpauze_gross.median_s
    if median.enough and median.value is not None:
        shown = seconds(language, median.value)
        figure = text(language, "counts.median", seconds=shown, n=median.n)
    else:
        figure = text(language, "counts.too_few", n=median.n)
    return Text.assemble("  ", " · ".join(parts), "\n  ", figure)
