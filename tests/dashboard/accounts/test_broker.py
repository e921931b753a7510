"""A deleted lesson leaves the broker too; what the web process wants sent is sent by ingest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from lesson_events import a_lesson
from mosquitto import Mosquitto
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from sqlalchemy import Engine, func, select, true
from sqlalchemy.orm import Session

from dashboard.accounts import erasure
from dashboard.accounts.models import Outgoing
from dashboard.clock import SystemClock
from dashboard.store.models import Live, StoredEvent
from lesson import topics
from lesson.wire import DeviceStatus

pytestmark = [pytest.mark.broker, pytest.mark.slow]


def connected(broker: Mosquitto) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect(broker.host, broker.port)
    client.loop_start()
    return client


def retained(broker: Mosquitto) -> dict[str, bytes]:
    """What the broker gives to somebody who subscribes only now."""
    found: dict[str, bytes] = {}
    complete = threading.Event()
    client = connected(broker)

    def note(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        if message.topic == "end":
            complete.set()
        elif message.retain:
            found[message.topic] = message.payload

    client.on_message = note
    # answers come in order: after our own message all retained ones have been given
    client.on_subscribe = lambda *_: client.publish("end", b"", qos=1)
    client.subscribe([("#", 1)])
    assert complete.wait(30)
    client.disconnect()
    client.loop_stop()
    return found


def count(engine: Engine, table: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def log(
    mosquitto: Mosquitto,
    database: str,
    start: Callable,
    tmp_path: Path,
    wait_until: Callable,
    receiving: Callable[[], bool],
) -> Path:
    start("dashboard.ingest", "--broker", mosquitto.address, "--database", database)
    wait_until(receiving, "ingest receives")
    return tmp_path / "dashboard.ingest.log"


def test_after_a_deletion_the_broker_holds_nothing_of_the_lesson(
    engine: Engine, mosquitto: Mosquitto, log: Path, wait_until: Callable
) -> None:
    script = a_lesson()
    device = connected(mosquitto)
    status = DeviceStatus(state="ready", boot=script.boot, lesson=script.lesson)
    device.publish(topics.status(script.device), status.model_dump_json(), 1, retain=True)
    for envelope in script.envelopes:
        # retained against the contract, as a wrongly set-up bridge might make them
        topic = topics.event(script.device, script.lesson)
        device.publish(topic, envelope.to_json(), 1, retain=True)
    wait_until(lambda: len(script.envelopes) == count(engine, StoredEvent), "all stored")
    wait_until(lambda: 1 == count(engine, Live), "the status is stored")
    assert 2 == len(retained(mosquitto))
    with Session(engine) as session, session.begin():
        erasure.delete_lessons(session, true(), SystemClock().now())
    wait_until(lambda: 0 == count(engine, Outgoing), "ingest has sent it")
    assert {} == retained(mosquitto)
    assert 0 == count(engine, StoredEvent)
    assert "refused a message" not in log.read_text()
    device.disconnect()
    device.loop_stop()


def test_what_waits_is_sent_in_order_and_what_is_over_is_not(
    engine: Engine, mosquitto: Mosquitto, log: Path, wait_until: Callable
) -> None:
    now = SystemClock().now()
    with Session(engine) as session, session.begin():
        for payload, expires in (
            ("1", None),
            ("over", now - timedelta(seconds=1)),
            ("2", now + timedelta(hours=1)),
        ):
            session.add(
                Outgoing(topic="a/b", payload=payload, retain=True, created=now, expires=expires)
            )
            session.flush()
    wait_until(lambda: 0 == count(engine, Outgoing), "nothing waits")
    assert {"a/b": b"2"} == retained(mosquitto)
