"""The lesson in the terminal: a live picture, or one line per event where nothing can be drawn."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Self

from rich.console import Console
from rich.live import Live

from device.clock import Clock
from device.closing import Closing
from device.feedback.light import BoxState
from device.feedback.lines import line
from device.feedback.screen import render
from device.feedback.view_state import Header, LessonView, Link
from device.texts import Language
from lesson.events import LessonEvent
from lesson.phases import Phase

#: At most ten pictures a second: more would be restless, and would cost a Pi its time.
REFRESH_S = 0.1


class TerminalView(Closing):
    """Shows a lesson on a console.

    ``update`` only takes notes and may be called from the pipeline for every frame; ``draw`` does
    the drawing and belongs to the main loop, because a picture takes milliseconds.

    Args:
        console: where to; not a terminal means plain lines.
        language: of all texts.
        clock: limits the pictures to ten a second.
        header: about the device; change parts of it with ``set``.
        target_s: target think pause.
        names: names for aliases, only on the teacher's own screen.
    """

    def __init__(
        self,
        console: Console,
        language: Language,
        *,
        clock: Clock,
        header: Header,
        target_s: float = 3.0,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._console = console
        self._language = language
        self._clock = clock
        self._names = dict(names or {})
        self._lock = threading.Lock()
        self._view = LessonView(language, header, target_s, names)
        self._lines: list[LessonEvent] = []
        self._drawn_at = float("-inf")
        self._closed = False
        self._live: Live | None = None
        if console.is_terminal and not console.is_dumb_terminal:
            self._live = Live(console=console, auto_refresh=False)

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def set(
        self,
        *,
        box: BoxState | None = None,
        link: Link | None = None,
        cues_muted: bool | None = None,
        speech_behind: bool | None = None,
    ) -> None:
        """Change what is given of the header; may be called from any thread."""
        with self._lock:
            header = self._view.header
            self._view.header = replace(
                header,
                box=header.box if box is None else box,
                link=header.link if link is None else link,
                cues_muted=header.cues_muted if cues_muted is None else cues_muted,
                speech_behind=header.speech_behind if speech_behind is None else speech_behind,
            )

    def update(
        self, position_s: float, phases: Iterable[Phase], events: Iterable[LessonEvent]
    ) -> None:
        """Note what a frame brought, cues included; may be called from any one thread."""
        news = list(events)
        with self._lock:
            if self._live is None:
                self._lines += news
            else:
                self._view.update(position_s, phases, news)

    def draw(self, *, now: bool = False) -> None:
        """Bring the console up to date, at most ten times a second unless ``now``."""
        if self._live is None:
            self._print_lines()
            return
        at_s = self._clock.monotonic()
        if not now and at_s - self._drawn_at < REFRESH_S:
            return
        self._drawn_at = at_s
        with self._lock:
            state = self._view.state()
        self._live.update(render(state), refresh=True)

    def close(self) -> None:
        """Leave the last picture standing; may be called twice."""
        if self._closed:
            return
        self._closed = True
        self.draw(now=True)
        if self._live is not None:
            self._live.stop()

    def _print_lines(self) -> None:
        with self._lock:
            news, self._lines = self._lines, []
        for event in news:
            written = line(event, self._language, self._names)
            self._console.print(written, markup=False, highlight=False, soft_wrap=True)
