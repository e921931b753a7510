"""Framer, listener and cues together, and a recording analysed through them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from cue_outputs import RecordingOutput
from spoken_lesson import PUPIL_DB, ROSTER, SpokenLesson, write_wav
from synthetic_sound import tone

from device.analysis import Analysis, analyse
from device.audio.blocks import reblock
from device.audio.frames import Block, Gap, Resumed
from device.audio.recording import Recording
from device.clock import SimulatedClock
from device.feedback.cueing import Cueing
from device.feedback.driver import CueDriver
from device.feedback.policy import CuePolicy
from device.lesson_plan import LessonPlan
from device.pipeline import Pipeline, Step
from lesson.events import (
    Cue,
    CueMode,
    Ender,
    LessonEnded,
    LessonStarted,
    Pause,
    PauseOutcome,
    Signal,
)

pytestmark = [pytest.mark.unit, pytest.mark.slow]

WALL = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
PLAN = LessonPlan(language="nl", mode=CueMode.CUE, target_s=3.0, roster=ROSTER, model=None)
EDGE_S = 0.040


def a_lesson() -> SpokenLesson:
    """Two kept pauses and a short one."""
    return SpokenLesson.of_pauses(3.4, 1.5, 4.0)


def run(items: Iterable[Block | Gap | Resumed], lesson: SpokenLesson, cueing: Cueing) -> list[Step]:
    pipeline = Pipeline(lesson.listener(), cueing)
    steps = [step for item in items for step in pipeline.feed(item)]
    return steps + list(pipeline.finish())


def cues(steps: list[Step]) -> list[Cue]:
    return [event for step in steps for event in step.events if isinstance(event, Cue)]


def test_every_frame_is_one_step_and_time_never_goes_back() -> None:
    lesson = a_lesson()
    steps = run(lesson.items(), lesson, Cueing(CuePolicy(CueMode.CUE)))
    positions = [step.position_s for step in steps]
    assert sorted(positions) == positions
    assert {0.0, 0.02} >= {round(after - before, 6) for before, after in pairwise(positions)}
    assert pytest.approx(lesson.now, abs=0.02) == positions[-1]


def test_the_signals_of_a_kept_and_of_a_short_pause() -> None:
    lesson = a_lesson()
    given = cues(run(lesson.items(), lesson, Cueing(CuePolicy(CueMode.CUE))))
    expected = [Signal.WAIT, Signal.GO, Signal.WAIT, Signal.OFF, Signal.WAIT, Signal.GO]
    assert expected == [cue.signal for cue in given]
    for cue in given:
        if cue.signal is Signal.GO:
            assert pytest.approx(cue.question_end + 3.0, abs=0.021) == cue.t
            assert cue.t >= cue.question_end + 3.0 - 1e-6


@pytest.mark.parametrize("block_samples", [1, 4096])
def test_the_signals_do_not_depend_on_the_blocks(block_samples: int) -> None:
    lesson = a_lesson()
    whole = cues(run(lesson.items(), lesson, Cueing(CuePolicy(CueMode.CUE))))
    cut = run(reblock(lesson.items(), block_samples), lesson, Cueing(CuePolicy(CueMode.CUE)))
    assert whole == cues(cut)


def test_a_silent_lesson_has_no_signal() -> None:
    lesson = a_lesson()
    assert [] == cues(run(lesson.items(), lesson, Cueing(CuePolicy(CueMode.SILENT))))


def test_the_earpiece_is_not_taken_for_a_pupil() -> None:
    """What the microphone hears of our own tick, 3 s after the question, is masked."""
    lesson = SpokenLesson()
    asked = lesson.teacher("waarom drijft ijs op water")
    lesson.room(3.02)
    lesson.add(tone(0.16, 300, PUPIL_DB))
    lesson.room(1.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    clock = SimulatedClock()
    output = RecordingOutput(clock, "earpiece", mask=round(0.3 * 16_000))

    def only_pause(cueing: Cueing) -> Pause:
        steps = run(lesson.items(), lesson, cueing)
        (pause,) = [e for step in steps for e in step.events if isinstance(e, Pause)]
        return pause

    with CueDriver([output], clock) as driver:
        masked = only_pause(Cueing(CuePolicy(CueMode.CUE), driver))
        output.await_calls(lambda calls: "go" in calls)
    assert (pytest.approx(asked.end, abs=EDGE_S), pytest.approx(named.start, abs=EDGE_S)) == (
        masked.t,
        masked.t_end,
    )
    assert Ender.PUPIL is only_pause(Cueing(CuePolicy(CueMode.CUE))).ended_by


def analysed(
    lesson: SpokenLesson, folder: Path, plan: LessonPlan = PLAN, **more: object
) -> Analysis:
    with Recording(write_wav(lesson.items(), folder / "lesson.wav")) as recording:
        return analyse(recording, plan, lesson.recogniser(), WALL, **more)


def test_an_analysis_begins_and_ends_the_lesson(tmp_path: Path) -> None:
    lesson = a_lesson()
    analysis = analysed(lesson, tmp_path)
    first, last = analysis.events[0], analysis.events[-1]
    assert isinstance(first, LessonStarted)
    assert isinstance(last, LessonEnded)
    assert (WALL, CueMode.CUE, len(ROSTER), "none") == (
        first.wall,
        first.mode,
        first.roster_size,
        first.recogniser,
    )
    assert "end_of_recording" == last.reason
    assert pytest.approx(lesson.now, abs=0.02) == last.t
    assert pytest.approx(lesson.now, abs=0.02) == analysis.duration_s


def test_an_analysis_is_the_same_each_time(tmp_path: Path) -> None:
    lesson = a_lesson()
    first, second = analysed(lesson, tmp_path), analysed(lesson, tmp_path)
    assert first.events == second.events


def test_an_analysis_has_the_figures_and_the_lines(tmp_path: Path) -> None:
    analysis = analysed(a_lesson(), tmp_path)
    summary = analysis.summary()
    assert (3, 2, 1) == (summary.episodes, summary.orders["QPN"], summary.orders["QN_short"])
    questions = [line for line in analysis.lines(PLAN) if line["type"] == "question"]
    assert pytest.approx([3.4, 1.5, 4.0], abs=EDGE_S) == [line["wait_s"] for line in questions]
    assert {"Sanne"} == {line["name"] for line in questions}


def test_an_analysis_of_a_silent_lesson_decides_no_cue(tmp_path: Path) -> None:
    silent = analysed(a_lesson(), tmp_path, replace(PLAN, mode=CueMode.SILENT))
    assert [] == [event for event in silent.events if isinstance(event, Cue)]
    cued = analysed(a_lesson(), tmp_path)
    assert [e for e in cued.events[1:] if not isinstance(e, Cue)] == list(silent.events[1:])


def test_another_target_moves_the_signal(tmp_path: Path) -> None:
    lesson = SpokenLesson()
    lesson.teacher("waarom drijft ijs op water")
    lesson.room(8.0)
    later = analysed(lesson, tmp_path, replace(PLAN, target_s=5.0))
    (go,) = [e for e in later.events if isinstance(e, Cue) and e.signal is Signal.GO]
    assert pytest.approx(go.question_end + 5.0, abs=0.021) == go.t


def test_progress_is_told_about_once_a_second(tmp_path: Path) -> None:
    told: list[float] = []
    lesson = a_lesson()
    analysed(lesson, tmp_path, on_progress=told.append)
    assert sorted(told) == told
    assert lesson.now - 2 <= len(told) <= lesson.now


def test_a_pause_at_the_end_of_the_recording_has_no_number(tmp_path: Path) -> None:
    lesson = SpokenLesson()
    lesson.teacher("waarom drijft ijs op water")
    lesson.room(2.0)
    pauses = [event for event in analysed(lesson, tmp_path).events if isinstance(event, Pause)]
    assert [(PauseOutcome.UNMEASURED, None)] == [(each.outcome, each.t_end) for each in pauses]
