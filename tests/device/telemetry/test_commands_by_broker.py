"""Commands by way of a real broker: carried out once, answered, refused when malformed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from mosquitto import Mosquitto
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from device.telemetry.commands import Actions
from lesson import topics
from lesson.wire import Command, CommandDone

pytestmark = [pytest.mark.broker, pytest.mark.slow]

DEVICE = "lokaal-12"


def test_a_command_is_done_once_and_each_copy_is_answered(
    chain: Callable, mosquitto: Mosquitto
) -> None:
    device = chain(mosquitto.port)
    marked: list[str] = []
    device.telemetry.commands.open(
        device.lesson, Actions(marked.append, lambda _muted: None, lambda _target_s: None)
    )
    device.start()
    device.wait_until(lambda: device.telemetry.connected)
    answers: list[CommandDone] = []
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = lambda _client, _userdata, message: answers.append(
        CommandDone.model_validate_json(message.payload)
    )
    client.connect(mosquitto.host, mosquitto.port)
    client.subscribe(topics.command_done(DEVICE), 1)
    client.loop_start()
    try:
        fields = {"id": "0" * 16, "lesson": device.lesson, "order": {"kind": "mark"}}
        wanted = Command.model_validate(fields).model_dump_json()
        for payload in ("{}", wanted, wanted):
            client.publish(topics.command(DEVICE), payload, 1)
        device.wait_until(lambda: len(answers) == 2)
    finally:
        client.disconnect()
        client.loop_stop()
    assert ["done", "done"] == [answer.result for answer in answers]
    assert ["fragment"] == marked
    assert 1 == device.telemetry.counters["malformed"]
