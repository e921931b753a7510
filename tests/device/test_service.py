"""The service from stand-by to stand-by, with pins in memory and a scripted lesson."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory
from installed import wait_until
from rich.console import Console
from scripted import ScriptedRecogniser
from spoken_lesson import ROSTER, SpokenLesson, write_wav

from device.audio.frames import Source
from device.audio.paced import Paced
from device.audio.patient import PatientMicrophone
from device.audio.recording import Recording
from device.clock import SystemClock
from device.detect.words import Recogniser, Word
from device.errors import ModelError, SourceError
from device.feedback.light import RED, WHITE
from device.journal import Journal
from device.journal.heartbeat import Heartbeat, Moment
from device.lesson_plan import LessonPlan
from device.parts import journal_path
from device.service import CLOSING_S, Lasting, Service, prepared
from device.settings import DeviceSettings, OutputSettings, Settings
from lesson.events import CueMode, LessonEnded, Mark, Question

pytestmark = [pytest.mark.process, pytest.mark.slow]

BOUND_S = 20.0


@dataclass(frozen=True)
class ScriptedPlan(LessonPlan):
    script: tuple[Word, ...] = field(default=())

    def recogniser(self, *, threaded: bool) -> Recogniser:
        return ScriptedRecogniser(self.script)


class NoMicrophoneError(SourceError):
    """What a box without a microphone meets."""


class Box:
    """A service in a thread, with the teacher's finger and eyes."""

    def __init__(
        self, folder: Path, pins: MockFactory | None, address: str, *, microphone: bool = True
    ) -> None:
        lesson = SpokenLesson()
        for _ in range(8):
            lesson.room(4.0)
            lesson.teacher("waarom drijft ijs op water")
        self.wav = write_wav(lesson.items(), folder / "lesson.wav")
        self.microphone = microphone
        self.pins = pins
        self.said = io.StringIO()
        wanted = {"light": True, "buttons": True, "terminal": False}
        self.settings = Settings(
            device=DeviceSettings(id="lokaal-12", data_folder=folder / "data"),
            outputs=OutputSettings.model_validate(wanted),
        )
        self.plan = ScriptedPlan("nl", CueMode.CUE, 3.0, ROSTER, None, tuple(lesson.words))
        self.service = Service(
            self.settings,
            lambda: self.plan,
            self.source,
            SystemClock(),
            Console(file=self.said, force_terminal=False, width=300),
            Lasting(address, limit_s=8.0),
        )
        self.thread = threading.Thread(target=self.service.run, daemon=True)

    def source(self) -> Source:
        if not self.microphone:
            raise NoMicrophoneError("no microphone is called clip: plug it in")
        return Paced(Recording(self.wav), SystemClock(), speed=1.0)

    def down(self, pin: int) -> None:
        assert self.pins is not None
        self.pins.pin(pin).drive_low()

    def up(self, pin: int) -> None:
        assert self.pins is not None
        self.pins.pin(pin).drive_high()

    def events(self) -> list[object]:
        with Journal.open(journal_path(self.settings), "lokaal-12", SystemClock()) as journal:
            return [e.event for lesson in journal.lessons() for e in journal.events(lesson)]


class Manager:
    """What the service manager was told, line by line."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._socket.settimeout(BOUND_S)
        self.told: list[str] = []

    def until(self, good: Callable[[str], bool]) -> str:
        until_s = SystemClock().monotonic() + BOUND_S
        while SystemClock().monotonic() < until_s:
            lines = self._socket.recv(4096).decode().splitlines()
            self.told += lines
            for line in lines:
                if good(line):
                    return line
        raise AssertionError(f"not told within {BOUND_S} s; told: {self.told}")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    listening = Manager(tmp_path / "notify")
    yield listening
    listening.close()


def test_a_press_begins_a_lesson_and_holding_the_button_ends_it(
    tmp_path: Path, mock_pins: MockFactory, manager: Manager
) -> None:
    box = Box(tmp_path, mock_pins, manager.address)
    outputs = box.settings.outputs
    pin = outputs.lesson_button_pin
    box.thread.start()
    manager.until(lambda line: line == "STATUS=stand-by")
    cue = (outputs.light_red_pin, outputs.light_green_pin, outputs.light_blue_pin)
    white = tuple(colour * outputs.light_brightness for colour in WHITE)
    assert white == pytest.approx([mock_pins.pin(number).state for number in cue])
    assert not mock_pins.pin(outputs.listen_led_pin).state

    box.down(pin)
    threading.Timer(0.2, box.up, (pin,)).start()
    manager.until(lambda line: line == "STATUS=listening")
    assert mock_pins.pin(outputs.listen_led_pin).state

    box.down(outputs.mark_button_pin)
    threading.Timer(1.3, box.up, (outputs.mark_button_pin,)).start()
    threading.Timer(1.5, box.down, (pin,)).start()
    manager.until(lambda line: line == "STATUS=stand-by")
    box.up(pin)
    assert f"WATCHDOG_USEC={CLOSING_S * 1e6:.0f}" in manager.told
    assert "STOPPING=1" not in manager.told

    box.service.stop()
    manager.until(lambda line: line == "STOPPING=1")
    box.thread.join(BOUND_S)
    assert not box.thread.is_alive()
    events = box.events()
    assert ["button"] == [event.reason for event in events if isinstance(event, LessonEnded)]
    marks = [event.label for event in events if isinstance(event, Mark)]
    assert ["deliberate_name_first"] == marks


def test_without_microphone_and_pins_it_stands_by_and_says_what_is_missing(
    tmp_path: Path, manager: Manager
) -> None:
    box = Box(tmp_path, None, manager.address, microphone=False)
    box.thread.start()
    status = manager.until(lambda line: line.startswith("STATUS=stand-by"))
    assert "no microphone is called clip" in status
    manager.until(lambda line: line == "WATCHDOG=1")
    box.service.stop()
    box.thread.join(BOUND_S)
    assert "listen light: " in box.said.getvalue()


def test_without_microphone_the_light_tells_it_in_stand_by_and_in_a_lesson(
    tmp_path: Path, mock_pins: MockFactory, manager: Manager
) -> None:
    box = Box(tmp_path, mock_pins, manager.address, microphone=False)
    outputs = box.settings.outputs
    pins = (outputs.light_red_pin, outputs.light_green_pin, outputs.light_blue_pin)
    red = pytest.approx([colour * outputs.light_brightness for colour in RED])

    def shown() -> bool:
        return red == [mock_pins.pin(number).state for number in pins]

    box.thread.start()
    manager.until(lambda line: line.startswith("STATUS=stand-by; no microphone"))
    wait_until(shown, "red in stand-by", BOUND_S)
    missing = PatientMicrophone("nowhere", SystemClock(), refresh=lambda: None)
    box.service._make_source = lambda: missing
    box.down(outputs.lesson_button_pin)
    threading.Timer(0.2, box.up, (outputs.lesson_button_pin,)).start()
    manager.until(lambda line: line.startswith("STATUS=no microphone"))
    wait_until(shown, "red in the lesson", BOUND_S)
    assert not mock_pins.pin(outputs.listen_led_pin).state
    box.service.stop()
    box.thread.join(BOUND_S)
    assert not box.thread.is_alive()


def test_a_lesson_that_was_broken_off_goes_on_without_a_press(
    tmp_path: Path, manager: Manager
) -> None:
    first = Box(tmp_path, None, manager.address)
    clock = SystemClock()
    with Journal.open(journal_path(first.settings), "lokaal-12", clock) as journal:
        lesson = journal.start_lesson(first.plan.started(clock.now())).lesson
        question = Question(t=10, t_end=12.5, form="open", arms=True, probability=0.9)
        beat = Heartbeat(lesson, 12.5, Moment.now(clock))
        journal.append_all([(lesson, question)], beat)
    first.thread.start()
    manager.until(lambda line: line == "STATUS=listening")
    first.service.stop()
    first.thread.join(BOUND_S)
    with Journal.open(journal_path(first.settings), "lokaal-12", SystemClock()) as journal:
        assert (lesson,) == tuple(journal.lessons())


def test_a_prepared_recogniser_is_handed_out_once_and_a_broken_model_costs_words_only(
    tmp_path: Path,
) -> None:
    class Broken(LessonPlan):
        def recogniser(self, *, threaded: bool) -> Recogniser:
            raise ModelError("it is damaged")

    from device.models import find_model

    model = find_model("nl", None, environ={}, usual_folders=())
    broken = prepared(Broken("nl", CueMode.CUE, 3.0, ROSTER, model))
    assert (None, "it is damaged") == (broken.model, broken.problem)
    assert prepared(broken).recogniser(threaded=True) is not None


def test_the_end_of_a_lesson_is_given_time_and_is_not_the_end_of_the_service(
    tmp_path: Path,
) -> None:
    manager = Manager(tmp_path / "notify")
    lasting = Lasting(manager.address, limit_s=10.0)
    lasting.tell("STOPPING=1", "STATUS=closing the lesson")
    lasting.tell("STATUS=stand-by")
    lasting.tell("WATCHDOG=1")
    manager.until(lambda line: line == "WATCHDOG=1")
    manager.close()
    expected = [
        *("STATUS=closing the lesson", "WATCHDOG_USEC=120000000"),
        *("STATUS=stand-by", "WATCHDOG_USEC=10000000", "WATCHDOG=1"),
    ]
    assert expected == manager.told
