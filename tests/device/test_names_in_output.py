"""What a service prints ends up in a log: no names in it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from spoken import call, pause, question

from device.clock import SimulatedClock
from device.lesson_plan import LessonPlan
from device.parts import build_view
from device.settings import Settings
from lesson.events import Ender

pytestmark = [pytest.mark.unit, pytest.mark.slow]


@pytest.mark.parametrize("terminal", [False, True])
def test_names_are_printed_on_a_terminal_only(tmp_path: Path, terminal: bool) -> None:
    path = tmp_path / "klas.txt"
    path.write_text("Fatima\n", encoding="utf-8")
    plan = LessonPlan.make(Settings(), roster=path, words="none")
    paper = io.StringIO()
    console = Console(file=paper, force_terminal=terminal, width=160, height=60)
    with build_view(Settings(), plan, "test", SimulatedClock(), console) as view:
        view.update(0.1, (), [plan.started(SimulatedClock().now())])
        events = [question(1.0, 2.0), pause(2.0, 5.0, Ender.NAME), call(5.0, "p01")]
        view.update(20.0, (), events)
        view.draw(now=True)
    assert (True, "Fatima" in paper.getvalue()) == ("naam" in paper.getvalue().lower(), terminal)
    assert "Fatima" not in repr(plan)
