"""A live lesson with all its threads, from paced sound to the journal."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_lesson import (
    BOUND_S,
    SPEED,
    Watched,
    a_lesson,
    journalled,
    paced,
    plan_of,
    run_of,
    settings_in,
)
from rich.console import Console
from spoken_lesson import ROSTER, SpokenLesson, write_wav

from device.analysis import analyse
from device.app import LessonResult, LessonRun
from device.audio.frames import Block, Gap, Resumed
from device.audio.paced import Paced
from device.audio.recording import Recording
from device.clock import HastyClock, SystemClock
from device.closing import Closing
from device.errors import SourceError
from device.journal import Journal
from device.lesson_plan import LessonPlan
from device.models import find_model
from device.parts import journal_path
from lesson.events import (
    Cue,
    CueMode,
    Health,
    HealthState,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Pause,
    Question,
)
from lesson.metrics import summarise

pytestmark = [pytest.mark.process, pytest.mark.slow]


def test_the_journal_holds_what_an_analysis_finds(tmp_path: Path) -> None:
    lesson, settings = a_lesson(), settings_in(tmp_path)
    result = run_of(settings, plan_of(lesson), paced(lesson, tmp_path)).run()
    events = journalled(settings)
    started, ended = events[0], events[-1]
    assert isinstance(started, LessonStarted)
    assert isinstance(ended, LessonEnded)
    with Recording(tmp_path / "lesson.wav") as recording:
        analysis = analyse(recording, plan_of(lesson), lesson.recogniser(), started.wall)
    assert without_cues(analysis.events) == without_cues(events)
    assert (True, 2) == (result.written, result.summary.episodes)
    assert result.summary == analysis.summary()


def without_cues(events: object) -> list[LessonEvent]:
    """When a cue is decided depends on the recogniser's haste; turns may overtake words."""
    kept = [event for event in events if not isinstance(event, Cue)]
    return sorted(kept, key=lambda event: (event.kind, event.t))


def test_the_real_recogniser_in_its_thread_finds_what_an_analysis_finds(tmp_path: Path) -> None:
    demo = Path(__file__).resolve().parents[2] / "device" / "data" / "demo" / "les_nl.flac"
    model = find_model("nl", None, environ={}, usual_folders=())
    assert model is not None
    plan = LessonPlan("nl", CueMode.CUE, 3.0, ROSTER, model)
    settings = settings_in(tmp_path)
    run_of(settings, plan, Paced(First(demo, 40.0), SystemClock(), 8.0)).run()
    events = journalled(settings)
    assert {"question", "pause", "turn"} <= {event.kind for event in events}
    analysis = analyse(First(demo, 40.0), plan, plan.recogniser(threaded=False), events[0].wall)
    assert without_cues(analysis.events) == without_cues(events)


class First(Closing):
    """The first seconds of a recording."""

    def __init__(self, path: Path, seconds: float) -> None:
        self._recording = Recording(path, block_samples=16_000)
        self._blocks = round(seconds)
        self.name = path.name

    def items(self) -> Iterator[Block | Gap | Resumed]:
        for _, item in zip(range(self._blocks), self._recording.items(), strict=False):
            yield item

    def close(self) -> None:
        self._recording.close()


def run_in_thread(run: LessonRun) -> tuple[threading.Thread, list[LessonResult]]:
    results: list[LessonResult] = []
    thread = threading.Thread(target=lambda: results.append(run.run()))
    thread.start()
    return thread, results


def test_a_lesson_that_is_stopped_ends_as_stopped_with_what_was_heard(tmp_path: Path) -> None:
    lesson, settings = a_lesson(), settings_in(tmp_path)
    lesson.room(120.0)
    reached = threading.Event()
    frames_to_the_end_of_the_first_episode = 12 * 50

    def at(number: int) -> None:
        if number == frames_to_the_end_of_the_first_episode:
            reached.set()

    source = Watched(paced(lesson, tmp_path), at)
    run = run_of(settings, plan_of(lesson), source)
    thread, results = run_in_thread(run)
    assert reached.wait(BOUND_S)
    run.stop(2, None)  # as a signal handler is called
    thread.join(BOUND_S)
    assert not thread.is_alive()
    (result,) = results
    events = journalled(settings)
    ended = events[-1]
    assert isinstance(ended, LessonEnded)
    assert "stopped" == ended.reason
    assert 12.0 <= ended.t < lesson.now
    assert (True, True) == (source.closed, result.written)
    assert 1 <= sum(isinstance(event, Question) for event in events)
    assert events.count(ended) == 1


def test_a_source_that_fails_is_told_and_the_lesson_is_closed(tmp_path: Path) -> None:
    lesson, settings = a_lesson(), settings_in(tmp_path)

    def at(number: int) -> None:
        if number == 600:
            raise SourceError("the microphone is gone: plug it in again")

    source = Watched(paced(lesson, tmp_path), at)
    with pytest.raises(SourceError, match="plug it in"):
        run_of(settings, plan_of(lesson), source).run()
    events = journalled(settings)
    assert isinstance(events[-1], LessonEnded)
    assert "interrupted" == events[-1].reason
    assert source.closed
    assert 1 == sum(isinstance(event, LessonEnded) for event in events)
    assert "lesson_started" == events[0].kind


def test_a_lesson_goes_on_after_a_failure_with_the_gap_shown_and_no_pause_across_it(
    tmp_path: Path,
) -> None:
    lesson, settings = SpokenLesson(), settings_in(tmp_path)
    for _ in range(2):
        lesson.teacher("waarom drijft ijs op water")
        lesson.room(1.5)
        lesson.teacher("sanne")
        lesson.room(1.0)
    asked_s = lesson.now
    lesson.teacher("waarom drijft ijs op water")
    lesson.room(1.5)
    broken = round(lesson.now * 50)
    lesson.room(3.0)

    def at(number: int) -> None:
        if number == broken:
            raise SourceError("the sound server hangs")

    clock = HastyClock(SPEED)

    def part(sound: SpokenLesson) -> LessonRun:
        console = Console(file=io.StringIO(), force_terminal=False)
        recording = Recording(write_wav(sound.items(), tmp_path / "lesson.wav"))
        source = Watched(Paced(recording, clock), at)
        return LessonRun(settings, plan_of(lesson), source, clock, console, resumes=True)

    with pytest.raises(SourceError, match="hangs"):
        part(lesson).run()
    result = part(SpokenLesson(introduction="")).run()
    with Journal.open(journal_path(settings), "lokaal-12", clock) as journal:
        (only,) = journal.lessons()
        envelopes = journal.events(only)
    events = [envelope.event for envelope in envelopes]
    assert (only, 2) == (result.lesson, len({envelope.boot for envelope in envelopes}))
    assert 1 == sum(isinstance(event, LessonStarted) for event in events)
    assert LessonEnded(t=events[-1].t, reason="end_of_recording") == events[-1]
    lost, back = [event for event in events if isinstance(event, Health)]
    assert lost.t <= broken / 50 <= back.t <= events[-1].t
    assert (HealthState.LOST, HealthState.OK) == (lost.state, back.state)
    assert back.missing_s == pytest.approx(back.t - lost.t, abs=0.002)
    pauses = [event for event in events if isinstance(event, Pause)]
    assert [] == [pause for pause in pauses if pause.t >= asked_s and pause.t_end is not None]
    assert 2 == result.summary.pauses.denkpauze_gross.n
    assert result.summary == summarise(events)
