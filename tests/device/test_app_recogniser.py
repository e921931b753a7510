"""A live lesson whose speech recognition fails, runs behind or hangs."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from live_lesson import (
    BOUND_S,
    ScriptedPlan,
    Watched,
    a_lesson,
    journalled,
    paced,
    run_of,
    settings_in,
    wait_until,
)
from rich.console import Console
from scripted import ScriptedRecogniser
from spoken_lesson import ROSTER

from device.app import LessonRun
from device.clock import SystemClock
from device.detect.recogniser import ThreadedRecogniser
from device.detect.words import Recogniser
from device.errors import DenkpauzeError
from device.feedback.terminal import TerminalView
from lesson.events import (
    CueMode,
    Health,
    HealthState,
    LessonEnded,
    Pause,
    Turn,
)

pytestmark = [pytest.mark.process, pytest.mark.slow]


def test_a_recogniser_that_fails_ends_the_program_and_closes_the_lesson(tmp_path: Path) -> None:
    class Broken(ScriptedRecogniser):
        def finish(self) -> None:
            raise OSError("out of memory")

    class BrokenPlan(ScriptedPlan):
        def recogniser(self, *, threaded: bool) -> Recogniser:
            return ThreadedRecogniser(lambda: Broken(()))

    lesson, settings = a_lesson(), settings_in(tmp_path)
    lesson.room(60.0)
    plan = BrokenPlan("nl", CueMode.CUE, 3.0, ROSTER, None)
    with pytest.raises(DenkpauzeError, match="the recogniser stopped: OSError"):
        run_of(settings, plan, paced(lesson, tmp_path)).run()
    ended = journalled(settings)[-1]
    assert isinstance(ended, LessonEnded)
    assert "interrupted" == ended.reason


def test_speech_that_runs_behind_is_said_counted_and_over_when_it_has_caught_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    shown: list[bool] = []
    change = TerminalView.set

    def noted(view: TerminalView, **changes: Any) -> None:
        if "speech_behind" in changes:
            shown.append(changes["speech_behind"])
        change(view, **changes)

    class Slow(ScriptedRecogniser):
        def begin(self, utterance: int, first_sample: int) -> None:
            assert gate.wait(BOUND_S)
            super().begin(utterance, first_sample)

    threads: list[ThreadedRecogniser] = []

    class SlowPlan(ScriptedPlan):
        def recogniser(self, *, threaded: bool) -> Recogniser:
            threads.append(ThreadedRecogniser(lambda: Slow(self.script), most_pieces=100))
            return threads[-1]

    lesson, settings = a_lesson(), settings_in(tmp_path, terminal=True)
    slow_until, caught_up_by = round(lesson.now * 50), round((lesson.now + 8) * 50)
    lesson.teacher("waarom drijft ijs op water")
    lesson.room(1.5)
    lesson.teacher("sanne")
    lesson.room(30.0)

    def at(number: int) -> None:
        if number == slow_until:
            wait_until(lambda: shown == [True])
            gate.set()
        if number >= slow_until:  # a machine that is busy must not make it fall behind again
            wait_until(lambda: threads[0].queued < 50)
        if number == caught_up_by:
            wait_until(lambda: shown == [True, False])

    monkeypatch.setattr(TerminalView, "set", noted)
    paper = io.StringIO()
    plan = SlowPlan("nl", CueMode.CUE, 3.0, ROSTER, None, tuple(lesson.words))
    source = Watched(paced(lesson, tmp_path), at)
    LessonRun(settings, plan, source, SystemClock(), Console(file=paper)).run()
    events = journalled(settings)
    health = [event.state for event in events if isinstance(event, Health)]
    assert [HealthState.OVERFLOW, HealthState.OK] == health
    printed = paper.getvalue()
    assert (True, True) == ("Spraak loopt achter" in printed, "Spraak liep achter: " in printed)
    # what is said after that is heard again, and its pause has a length
    assert events[-2].kind in {"pause", "name", "turn"}
    last = [event for event in events if isinstance(event, Pause)][-1]
    assert (True, "name") == (last.t > slow_until / 50, last.ended_by)


def test_a_recogniser_that_hangs_is_said_and_pauses_are_measured_without_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.recogniser_watch.HANGING_S", 0.3)
    never = threading.Event()

    class Hanging(ScriptedRecogniser):
        def begin(self, utterance: int, first_sample: int) -> None:
            never.wait()

    class HangingPlan(ScriptedPlan):
        def recogniser(self, *, threaded: bool) -> Recogniser:
            return ThreadedRecogniser(lambda: Hanging(()))

    lesson, settings = a_lesson(), settings_in(tmp_path, terminal=True)
    lesson.room(30.0)
    paper = io.StringIO()
    plan = HangingPlan("nl", CueMode.CUE, 3.0, ROSTER, None)
    LessonRun(settings, plan, paced(lesson, tmp_path), SystemClock(), Console(file=paper)).run()
    events = journalled(settings)
    (health,) = [event for event in events if isinstance(event, Health)]
    assert (HealthState.DEGRADED, "lesson_ended") == (health.state, events[-1].kind)
    assert "de spraakherkenning antwoordt niet meer" in paper.getvalue()
    # turns are told by voice alone, those after the hang as well
    assert [turn.t for turn in events if isinstance(turn, Turn)][-1] > 10.0
    never.set()
