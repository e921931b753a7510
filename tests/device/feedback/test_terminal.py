"""The lesson in the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lesson_events import LessonScript
from rich.console import Console

from device.clock import SimulatedClock
from device.feedback.light import BoxState
from device.feedback.screen import bar, clock_time, render
from device.feedback.terminal import TerminalView
from device.feedback.view_state import GREEN_SHOWN_S, Header, LessonView, ViewState
from device.texts import Language
from lesson.events import Cue, CueMode, LessonEvent, Signal
from lesson.phases import Phase, PhaseName

pytestmark = pytest.mark.unit

HEADER = Header("demo-les.flac", "model-nl 1", link="up")
THINK = Phase(6.4, PhaseName.THINK, 6.0, "question_decided")


def picture(state: ViewState, width: int = 90) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as capture:
        console.print(render(state))
    return capture.get().replace("\xa0", " ")


def row(state: ViewState, part: str) -> str:
    """The one line of the picture that holds ``part``."""
    (found,) = [line for line in picture(state).splitlines() if part in line]
    return found


def lesson_events(*pauses_s: float) -> list[LessonEvent]:
    """One question every 15 s with these pauses before the name, then one name first."""
    script = LessonScript().started()
    for step, pause_s in enumerate(pauses_s):
        script.question_pause_name(15 * step, pause_s, pupil=f"p{step + 1:02d}")
    script.name_first(15 * len(pauses_s), "p03")
    return [envelope.event for envelope in script.envelopes]


def wait(t: float, question_end: float) -> Cue:
    return Cue(t=t, signal=Signal.WAIT, question_end=question_end)


def go(t: float, question_end: float) -> Cue:
    return Cue(t=t, signal=Signal.GO, question_end=question_end)


def after(
    *pauses_s: float, language: Language = "nl", names: dict[str, str] | None = None
) -> ViewState:
    """The picture after a lesson with these pauses, all episodes over."""
    view = LessonView(language, HEADER, names=names)
    view.update(200.0, [], [*lesson_events(*pauses_s)])
    return view.state()


# --- the bar --------------------------------------------------------------------------------


def test_a_bar_of_the_target_reaches_the_line_in_the_middle() -> None:
    assert bar(3.0, 3.0, 10).plain == "━━━━━┃─────"


def test_a_bar_just_below_the_target_stays_before_the_line() -> None:
    assert bar(2.9, 3.0, 10).plain == "━━━━─┃─────"


def test_a_bar_beyond_the_scale_ends_in_an_arrow() -> None:
    assert bar(9.0, 3.0, 10).plain == "━━━━━┃━━━━▸"


def test_a_missing_length_is_an_empty_scale() -> None:
    assert bar(None, 3.0, 10).plain == "─────┃─────"


@given(st.floats(0, 1e4), st.floats(2, 10), st.integers(4, 80))
def test_a_bar_has_always_its_columns_and_one_line(
    length_s: float, target_s: float, columns: int
) -> None:
    drawn = bar(length_s, target_s, columns).plain
    assert len(drawn) == columns + 1
    assert drawn.count("┃") == 1


def test_lesson_time_is_minutes_and_seconds() -> None:
    assert [clock_time(t) for t in (0.0, 59.99, 754.2, 4000.0)] == [
        "00:00",
        "00:59",
        "12:34",
        "66:40",
    ]


# --- the picture ----------------------------------------------------------------------------


def test_a_running_think_pause_fills_the_bar_and_says_to_wait() -> None:
    view = LessonView("nl", HEADER)
    view.update(6.4, [THINK], [wait(6.4, 6.0)])
    view.update(8.1, [], [])
    state = view.state()
    assert state.think_s == pytest.approx(2.1)
    assert "Denkpauze 2,1 s" in picture(state)
    assert "wacht, ze denken" in picture(state)
    assert "━━━━━━━━━━━━──────┃" in picture(state)


def test_at_the_target_it_says_three_seconds_for_a_moment() -> None:
    view = LessonView("nl", HEADER)
    view.update(6.4, [THINK], [wait(6.4, 6.0)])
    view.update(9.0, [], [go(9.0, 6.0)])
    assert view.state().light is Signal.GO
    assert "3,0 s: geef de beurt" in picture(view.state())
    view.update(9.0 + GREEN_SHOWN_S, [], [])
    assert view.state().light is Signal.OFF
    assert "Lampje uit" in picture(view.state())


def test_a_hesitation_takes_light_and_bar_back() -> None:
    view = LessonView("nl", HEADER)
    view.update(6.4, [THINK], [wait(6.4, 6.0)])
    off = Cue(t=7.0, signal=Signal.OFF, question_end=6.0)
    view.update(7.0, [Phase(7.0, PhaseName.LISTENING, 7.0, "hesitation")], [off])
    state = view.state()
    assert (state.think_s, state.light) == (None, Signal.OFF)
    assert "Luistert naar een vraag" in picture(state)


def test_each_episode_is_a_row_with_its_pause_its_order_and_the_alias() -> None:
    state = after(3.2, 1.4, 0.1)
    assert row(state, "p01").split() == [
        *("00:00", "━━━━━━━━━━┃──────────", "3,2", "s"),
        *("Vraag", "–", "denkpauze", "–", "naam", "p01"),
    ]
    assert "1,4 s Vraag – naam, pauze te kort  p02" in row(state, "p02")
    assert "0,1 s Naam plakt aan de vraag  p03" in row(state, "00:30")
    assert "– Naam eerst  p03" in row(state, "00:45")


def test_only_the_last_six_episodes_are_shown() -> None:
    state = after(*[3.2] * 9)
    assert [int(episode.start) for episode in state.episodes] == [60, 75, 90, 105, 120, 135]


def test_names_are_shown_only_where_the_screen_was_given_them() -> None:
    assert "Mees" in picture(after(3.2, names={"p01": "Mees"}))
    assert "Mees" not in picture(after(3.2))


def test_counts_come_with_their_n() -> None:
    shown = picture(after(3.2, 1.4, 3.6, 0.1, 2.9))
    assert "Vragen: 6 · Vraag – denkpauze – naam: 3 van 6 · Naam eerst: 1 van 6" in shown
    assert "Denkpauze, middelste waarde: 2,9 s (n = 5)" in shown


def test_too_few_pauses_give_no_figure() -> None:
    shown = picture(after(3.2, 3.4))
    assert "nog te weinig beurten voor een cijfer (n = 2)" in shown
    assert "middelste waarde" not in shown


def test_the_english_picture_has_english_words_and_points() -> None:
    shown = picture(after(3.2, language="en"))
    assert "Question – think pause – name" in shown
    assert "3.2 s" in shown


def test_no_colour_tells_a_short_pause_from_a_kept_one() -> None:
    styles = {
        span.style for length_s in (0.2, 2.0, 3.5, 9.0) for span in bar(length_s, 3.0, 20).spans
    }
    assert styles == {"cyan", "grey30", "bold white"}


def test_a_silent_lesson_shows_neither_a_running_bar_nor_a_figure() -> None:
    view = LessonView("nl", Header("mic", "model", mode=CueMode.SILENT))
    events = lesson_events(3.2, 1.4, 3.6, 0.1, 2.9)
    view.update(200.4, [Phase(200.4, PhaseName.THINK, 200.0, "question_decided")], events)
    shown = picture(view.state())
    assert "Nulmeting – lampje uit" in shown
    assert "Vragen gehoord: 6" in shown
    for absent in ("┃", "━", "Denkpauze 0", "Naam eerst", "middelste"):
        assert absent not in shown


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_picture_fits_any_width(width: int) -> None:
    lines = picture(after(*[3.2] * 7), width).splitlines()
    assert max(len(line) for line in lines) <= width


def test_the_header_follows_the_device() -> None:
    header = Header("mic", "model", box=BoxState.MUTED, link="down", cues_muted=True)
    shown = picture(LessonView("nl", header).state())
    assert "○ Gepauzeerd – microfoon dicht" in shown
    assert "Verbinding weg – apparaat meet door" in shown
    assert "Signaal gedempt – meet door" in shown


# --- on a console ---------------------------------------------------------------------------


def _view(
    terminal: bool, term: str = "xterm-256color"
) -> tuple[TerminalView, io.StringIO, SimulatedClock]:
    written = io.StringIO()
    console = Console(
        file=written,
        width=90,
        force_terminal=terminal,
        color_system=None,
        _environ={"TERM": term},
    )
    clock = SimulatedClock()
    return TerminalView(console, "nl", clock=clock, header=HEADER), written, clock


def test_without_a_terminal_every_event_is_one_line() -> None:
    view, written, _ = _view(terminal=False)
    events = lesson_events(3.2)
    with view:
        for event in events:
            view.update(event.t, [THINK], [event])
            view.draw()
    lines = written.getvalue().replace("\xa0", " ").splitlines()
    assert len(lines) == len(events)
    assert lines[:6] == [
        "    0,0 s  les begint (Signaal aan, streeftijd 3,0 s)",
        "    0,0 s  leraar aan het woord, 2,0 s",
        "    0,0 s  vraag (denkstimulerend)",
        "    2,0 s  denkpauze 3,2 s → naam",
        "    5,2 s  naam p01 (beurt)",
        "    5,2 s  leraar aan het woord, 0,5 s",
    ]


def test_a_terminal_that_cannot_move_its_cursor_gets_lines() -> None:
    view, written, _ = _view(terminal=True, term="dumb")
    with view:
        view.update(1.0, [], lesson_events(3.2)[:1])
    assert written.getvalue().strip().startswith("0,0 s  les begint")


def test_a_terminal_gets_at_most_ten_pictures_a_second() -> None:
    view, written, clock = _view(terminal=True)
    pictures = 0
    with view:
        for number in range(1, 101):
            clock.advance(0.02)
            view.update(number * 0.02, [], [])
            before = written.tell()
            view.draw()
            pictures += written.tell() > before
    assert 17 <= pictures <= 21


def test_the_last_picture_stays_and_closing_twice_draws_nothing_more() -> None:
    view, written, _ = _view(terminal=True)
    with view:
        view.update(65.0, [], [])
        view.set(box=BoxState.STOPPED)
    assert "01:05" in written.getvalue()
    assert "Gestopt" in written.getvalue()
    length = written.tell()
    view.close()
    assert written.tell() == length


def test_speech_that_runs_behind_is_said_beside_the_model() -> None:
    header = replace(HEADER, speech_behind=True)
    behind, well = (LessonView("nl", shown).state() for shown in (header, HEADER))
    assert "Spraak loopt achter" in row(behind, "model-nl 1")
    assert "Spraak loopt achter" not in picture(well)
