"""A live lesson with light, buttons, commands of a viewer, and outputs that are not there."""

from __future__ import annotations

import io
import queue
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory
from live_lesson import (
    BOUND_S,
    Watched,
    a_lesson,
    journalled,
    paced,
    plan_of,
    run_of,
    settings_in,
)
from mosquitto import Mosquitto
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from rich.console import Console
from spoken_lesson import SpokenLesson

from device.app import LessonRun
from device.clock import SystemClock
from device.settings import MqttSettings, Settings
from lesson import topics
from lesson.events import (
    Cue,
    CueMode,
    Mark,
    Pause,
)
from lesson.wire import Command, CommandDone, DeviceStatus

pytestmark = [pytest.mark.process, pytest.mark.slow]


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
