"""A live lesson with all its threads, from paced sound to the journal."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from mosquitto import Mosquitto
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from rich.console import Console
from scripted import ScriptedRecogniser
from spoken_lesson import ROSTER, SpokenLesson, write_wav

from device.analysis import analyse
from device.app import LessonResult, LessonRun
from device.audio.frames import Block, Gap, Resumed, Source
from device.audio.paced import Paced
from device.audio.recording import Recording
from device.clock import HastyClock, SystemClock
from device.detect.recogniser import ThreadedRecogniser
from device.detect.words import Recogniser, Word
from device.errors import DenkpauzeError, SourceError
from device.feedback.terminal import TerminalView
from device.journal import Journal
from device.lesson_plan import LessonPlan
from device.models import find_model
from device.parts import journal_path
from device.settings import DeviceSettings, MqttSettings, OutputSettings, Settings
from lesson import topics
from lesson.events import (
    Cue,
    CueMode,
    Health,
    HealthState,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Mark,
    Pause,
    Question,
    Turn,
)
from lesson.metrics import summarise
from lesson.wire import Command, CommandDone, DeviceStatus

pytestmark = [pytest.mark.process, pytest.mark.slow]

BOUND_S = 60.0
SPEED = 20.0


@dataclass(frozen=True)
class ScriptedPlan(LessonPlan):
    """A plan whose recogniser knows the words; the thread around it is the real one."""

    script: tuple[Word, ...] = field(default=())

    def recogniser(self, *, threaded: bool) -> Recogniser:
        scripted = ScriptedRecogniser(self.script)
        return ThreadedRecogniser(lambda: scripted) if threaded else scripted


def plan_of(lesson: SpokenLesson, mode: CueMode = CueMode.CUE) -> ScriptedPlan:
    return ScriptedPlan("nl", mode, 3.0, ROSTER, None, tuple(lesson.words))


def a_lesson() -> SpokenLesson:
    lesson = SpokenLesson()
    for pause_s in (3.4, 1.5):
        lesson.teacher("waarom drijft ijs op water")
        lesson.room(pause_s)
        lesson.teacher("sanne")
        lesson.room(0.8)
        lesson.pupil()
        lesson.room(1.0)
    return lesson


def settings_in(folder: Path, **outputs: object) -> Settings:
    wanted = {"light": False, "buttons": False, "terminal": False, **outputs}
    return Settings(
        device=DeviceSettings(id="lokaal-12", data_folder=folder / "data"),
        outputs=OutputSettings.model_validate(wanted),
    )


def paced(lesson: SpokenLesson, folder: Path, speed: float = SPEED) -> Paced:
    recording = Recording(write_wav(lesson.items(), folder / "lesson.wav"))
    return Paced(recording, SystemClock(), speed)


def run_of(settings: Settings, plan: LessonPlan, source: Source) -> LessonRun:
    console = Console(file=io.StringIO(), force_terminal=False)
    return LessonRun(settings, plan, source, SystemClock(), console, real_time=False)


def journalled(settings: Settings) -> list[LessonEvent]:
    """The events of the only lesson in the journal, read after the lesson.

    All are of the lesson's own run: opening a journal ends a lesson that was left open.
    """
    with Journal.open(journal_path(settings), "lokaal-12", SystemClock()) as journal:
        (lesson,) = journal.lessons()
        envelopes = journal.events(lesson)
    return [envelope.event for envelope in envelopes if envelope.boot == envelopes[0].boot]


@pytest.fixture
def mock_pins() -> Iterator[MockFactory]:
    before = Device.pin_factory
    Device.pin_factory = factory = MockFactory(pin_class=MockPWMPin)
    yield factory
    factory.reset()
    Device.pin_factory = before


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


class First:
    """The first seconds of a recording."""

    def __init__(self, path: Path, seconds: float) -> None:
        self._recording = Recording(path, block_samples=16_000)
        self._blocks = round(seconds)
        self.name = path.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def items(self) -> Iterator[Block | Gap | Resumed]:
        for _, item in zip(range(self._blocks), self._recording.items(), strict=False):
            yield item

    def close(self) -> None:
        self._recording.close()


class Watched:
    """A source that calls ``at`` with the number of the block it is about to deliver."""

    def __init__(self, source: Source, at: Callable[[int], None]) -> None:
        self._source = source
        self._at = at
        self.name = source.name
        self.closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def items(self) -> Iterator[Block | Gap | Resumed]:
        for number, item in enumerate(self._source.items()):
            self._at(number)
            yield item

    def close(self) -> None:
        self.closed = True
        self._source.close()


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


def wait_until(condition: Callable[[], bool]) -> None:
    """Bounded: the main loop looks twenty times a second."""
    clock = SystemClock()
    end_s = clock.monotonic() + BOUND_S
    while not condition():
        assert clock.monotonic() < end_s, "it did not happen"
        clock.sleep(0.01)


def test_a_lesson_with_signals_shows_them_on_the_light(
    tmp_path: Path, mock_pins: MockFactory
) -> None:
    lesson, settings = a_lesson(), settings_in(tmp_path, light=True)
    run_of(settings, plan_of(lesson), paced(lesson, tmp_path)).run()
    signals = [event.signal.value for event in journalled(settings) if isinstance(event, Cue)]
    assert ["wait", "go"] == signals[:2]
    assert any(len(mock_pins.pin(number).states) > 2 for number in cue_pins(settings))


def cue_pins(settings: Settings) -> list[int]:
    outputs = settings.outputs
    return [outputs.light_red_pin, outputs.light_green_pin, outputs.light_blue_pin]


def test_a_silent_lesson_builds_no_output_and_gives_no_signal(
    tmp_path: Path, mock_pins: MockFactory
) -> None:
    lesson = a_lesson()
    settings = settings_in(tmp_path, light=True, haptic=True)
    run_of(settings, plan_of(lesson, CueMode.SILENT), paced(lesson, tmp_path)).run()
    events = journalled(settings)
    assert [] == [event for event in events if isinstance(event, Cue)]
    assert 2 == sum(isinstance(event, Pause) for event in events)
    for number in (*cue_pins(settings), settings.outputs.haptic_pin):
        # the pin was never even opened
        assert f"GPIO{number}" not in {info.name for info in mock_pins.pins}


def test_the_buttons_mark_a_moment_and_stop_the_signals(
    tmp_path: Path, mock_pins: MockFactory
) -> None:
    lesson = SpokenLesson()
    lesson.room(6.0)
    for _ in range(2):
        lesson.teacher("waarom drijft ijs op water")
        lesson.room(3.4)
        lesson.teacher("sanne")
        lesson.room(1.0)
    settings = settings_in(tmp_path, light=True, buttons=True)
    pressed_at = 6 * 50

    def at(number: int) -> None:
        outputs = settings.outputs
        if number in (pressed_at, pressed_at + 40):
            for button in (outputs.mark_button_pin, outputs.cues_off_button_pin):
                pin = mock_pins.pin(button)
                (pin.drive_low if number == pressed_at else pin.drive_high)()

    source = Watched(paced(lesson, tmp_path, speed=4.0), at)
    run_of(settings, plan_of(lesson), source).run()
    events = journalled(settings)
    (mark,) = [event for event in events if isinstance(event, Mark)]
    assert 5.9 < mark.t < 9.0
    assert [] == [event for event in events if isinstance(event, Cue)]
    assert 2 == sum(isinstance(event, Pause) for event in events)


def test_commands_of_a_viewer_mark_a_moment_and_stop_the_signals(
    tmp_path: Path, mock_pins: MockFactory, mosquitto: Mosquitto
) -> None:
    lesson = SpokenLesson()
    lesson.room(6.0)
    lesson.teacher("waarom drijft ijs op water")
    lesson.room(3.4)
    lesson.teacher("sanne")
    lesson.room(1.0)
    mqtt = MqttSettings(enabled=True, host=mosquitto.host, port=mosquitto.port)
    settings = settings_in(tmp_path, light=True).model_copy(update={"mqtt": mqtt})
    answers: queue.SimpleQueue[CommandDone] = queue.SimpleQueue()
    statuses: queue.SimpleQueue[DeviceStatus] = queue.SimpleQueue()
    device = settings.device.id

    def received(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        if message.topic == topics.status(device):
            statuses.put(DeviceStatus.model_validate_json(message.payload))
        else:
            answers.put(CommandDone.model_validate_json(message.payload))

    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = received
    client.connect(mosquitto.host, mosquitto.port)
    client.subscribe([(topics.status(device), 1), (topics.command_done(device), 1)])
    client.loop_start()

    def at(number: int) -> None:
        if number != 3 * 50:
            return
        running = statuses.get(timeout=BOUND_S)
        while running.lesson is None:
            running = statuses.get(timeout=BOUND_S)
        orders = ({"kind": "mark"}, {"kind": "mute_cues", "muted": True})
        for count, order in enumerate(orders):
            fields = {"id": f"{count:016x}", "lesson": running.lesson, "order": order}
            command = Command.model_validate(fields)
            client.publish(topics.command(device), command.model_dump_json(), 1)
            assert "done" == answers.get(timeout=BOUND_S).result

    try:
        source = Watched(paced(lesson, tmp_path), at)
        run_of(settings, plan_of(lesson), source).run()
    finally:
        client.disconnect()
        client.loop_stop()
    events = journalled(settings)
    (mark,) = [event for event in events if isinstance(event, Mark)]
    assert ("trainer", "fragment") == (mark.by, mark.label)
    assert 2.5 < mark.t < 4.0
    assert [] == [event for event in events if isinstance(event, Cue)]
    assert 1 == sum(isinstance(event, Pause) for event in events)


def test_an_output_that_is_not_there_does_not_stop_the_measurement(tmp_path: Path) -> None:
    lesson, settings = a_lesson(), settings_in(tmp_path, earpiece="no such sound output")
    file = io.StringIO()
    console = Console(file=file, force_terminal=False, width=400)
    source = paced(lesson, tmp_path)
    run = LessonRun(settings, plan_of(lesson), source, SystemClock(), console, real_time=False)
    run.run()
    assert 2 == sum(isinstance(event, Pause) for event in journalled(settings))
    assert 1 == file.getvalue().count("no such sound output")
