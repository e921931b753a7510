"""What Home Assistant is told, and that it is told nothing unless asked for."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from jinja2 import Environment
from mosquitto import Mosquitto
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from device.telemetry.home_assistant import announcement
from lesson import topics
from lesson.wire import DeviceInfo, DeviceStatus

pytestmark = [pytest.mark.broker, pytest.mark.slow]

DEVICE = "lokaal-12"
INFO = DeviceInfo(software="0.1.0", recogniser="denkpauze-nl", language="nl")
BOOT = "0" * 16


def announced() -> dict[str, Any]:
    return json.loads(announcement(DEVICE, INFO))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (DeviceStatus(state="init", boot=BOOT), ("online", "init", "OFF")),
        (DeviceStatus(state="sleeping", boot=BOOT), ("online", "sleeping", "OFF")),
        (DeviceStatus(state="ready", boot=BOOT, lesson="lesson00"), ("online", "ready", "ON")),
        (DeviceStatus(state="disconnected", boot=BOOT), ("offline", "disconnected", "OFF")),
        (DeviceStatus(state="lost", boot=BOOT), ("offline", "lost", "OFF")),
    ],
    ids=lambda value: value.state if isinstance(value, DeviceStatus) else "",
)
def test_its_templates_read_every_status(
    status: DeviceStatus, expected: tuple[str, str, str]
) -> None:
    parts = announced()["components"]
    environment = Environment(autoescape=True)
    shown = tuple(
        environment.from_string(template).render(value_json=status.model_dump(mode="json"))
        for template in (
            parts["status"]["availability_template"],
            parts["status"]["value_template"],
            parts["lesson"]["value_template"],
        )
    )
    assert expected == shown


def test_every_part_has_what_home_assistant_asks_of_it() -> None:
    message = announced()
    assert {"device", "origin", "components", "qos"} == message.keys()
    assert (["denkpauze_lokaal-12"], "Denkpauze") == (
        message["device"]["identifiers"],
        message["origin"]["name"],
    )
    parts = message["components"].values()
    assert len(parts) == len({part["unique_id"] for part in parts})
    assert {"sensor", "binary_sensor"} == {part["platform"] for part in parts}


def test_it_reads_the_status_and_nothing_of_a_lesson() -> None:
    read = {
        value
        for part in announced()["components"].values()
        for key, value in part.items()
        if key.endswith("_topic")
    }
    assert {topics.status(DEVICE)} == read


@contextmanager
def everything_at(broker: Mosquitto) -> Iterator[queue.Queue[tuple[str, bytes]]]:
    """All messages of a broker, those that it retained first."""
    found: queue.Queue[tuple[str, bytes]] = queue.Queue()
    client = Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: found.put((message.topic, message.payload))
    client.on_connect = lambda client, *_rest: client.subscribe("#", 1)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        yield found
    finally:
        client.disconnect()
        client.loop_stop()


@pytest.mark.parametrize("switched_on", [True, False])
def test_it_is_announced_where_that_is_switched_on(
    chain: Callable, mosquitto: Mosquitto, switched_on: bool
) -> None:
    device = chain(mosquitto.port, home_assistant=switched_on)
    device.start()
    device.write(1)
    heard: dict[str, bytes] = {}
    with everything_at(mosquitto) as found:
        # events are sent after everything that is said at a connection
        while topics.event(DEVICE, device.lesson) not in heard:
            topic, payload = found.get(timeout=30)
            heard[topic] = payload
    place = topics.home_assistant(DEVICE)
    assert switched_on == (place in heard)
    if switched_on:
        assert f"Denkpauze {DEVICE}" == json.loads(heard[place])["device"]["name"]
