"""Ingest as a process of its own, against a real broker that is killed under it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lesson_events import LessonScript, a_lesson
from mosquitto import Mosquitto
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from dashboard.store.database import open_database
from dashboard.store.models import Live, ReceiverState, StoredEvent
from lesson import topics
from lesson.wire import Acknowledgement, DeviceInfo, DeviceStatus, Envelope, LiveState

pytestmark = [pytest.mark.broker, pytest.mark.slow]

DEVICE = "lokaal-12"


class ScriptedDevice:
    """Publishes envelopes and keeps the acknowledgements that come back."""

    def __init__(self, broker: Mosquitto) -> None:
        self.acknowledged: dict[str, int] = {}
        self.messages = 0
        self._connected = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe(
            topics.acknowledgement(DEVICE), 1
        )
        self._client.on_subscribe = lambda *_: self._connected.set()
        self._client.on_disconnect = lambda *_: self._connected.clear()
        self._client.on_message = lambda _client, _userdata, message: self._note(message.payload)
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    @property
    def connected(self) -> bool:
        return self._connected.is_set()

    def _note(self, payload: bytes) -> None:
        acknowledgement = Acknowledgement.model_validate_json(payload)
        self.messages += 1
        self.acknowledged[acknowledgement.boot] = acknowledgement.upto

    def send(self, *envelopes: Envelope) -> None:
        for envelope in envelopes:
            self.raw(topics.event(envelope.device, envelope.lesson), envelope.to_json())

    def raw(self, topic: str, payload: bytes | str, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Setting:
    """A broker, an ingest process and a device, with questions to the database."""

    def __init__(self, broker: Mosquitto, database: str, start: Callable, log: Path) -> None:
        self.broker = broker
        self.log = log
        self._database = database
        self._start = start
        self.start_ingest()
        self.device = ScriptedDevice(broker)

    def start_ingest(self) -> None:
        arguments = ("--broker", self.broker.address, "--database", self._database)
        self.process = self._start("dashboard.ingest", *arguments)

    def ask(self, statement: object) -> object:
        engine = open_database(self._database)
        try:
            with Session(engine) as session:
                return session.scalar(statement)
        finally:
            engine.dispose()

    def change(self, statement: str) -> None:
        engine = open_database(self._database, writing=True)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def stored(self) -> int:
        return self.ask(select(func.count()).select_from(StoredEvent))

    def receiving(self) -> bool:
        return bool(self.ask(select(ReceiverState.connected)))


@pytest.fixture
def setting(
    mosquitto: Mosquitto, database: str, start: Callable, tmp_path: Path, wait_until: Callable
) -> Iterator[Setting]:
    made = Setting(mosquitto, database, start, tmp_path / "dashboard.ingest.log")
    wait_until(lambda: made.device.connected and made.receiving(), "ingest receives")
    yield made
    made.device.close()


def resend_until_acknowledged(setting: Setting, script: LessonScript, wait_until: Callable) -> None:
    """What a device does: send everything that is not acknowledged, again and again."""
    last = script.envelopes[-1].seq
    due = 0.0

    def acknowledged() -> bool:
        nonlocal due
        done = setting.device.acknowledged.get(script.boot, 0)
        if done < last and setting.device.connected and time.monotonic() > due:
            setting.device.send(*[e for e in script.envelopes if e.seq > done])
            due = time.monotonic() + 1
        return done == last

    wait_until(acknowledged, "everything is acknowledged")


def test_events_in_any_order_and_twice_are_stored_once_and_acknowledged(
    setting: Setting, wait_until: Callable
) -> None:
    script = a_lesson()
    envelopes = script.envelopes
    setting.device.send(*reversed(envelopes), *envelopes)
    wait_until(
        lambda: setting.device.acknowledged == {script.boot: len(envelopes)}, "all acknowledged"
    )
    assert len(envelopes) == setting.stored()


def test_nothing_past_a_gap_is_acknowledged(setting: Setting, wait_until: Callable) -> None:
    script = a_lesson()
    setting.device.send(*script.envelopes[:3], *script.envelopes[4:])
    wait_until(lambda: len(script.envelopes) - 1 == setting.stored(), "all but one stored")
    wait_until(lambda: setting.device.acknowledged == {script.boot: 3}, "three acknowledged")
    setting.device.send(script.envelopes[3])
    wait_until(
        lambda: setting.device.acknowledged == {script.boot: len(script.envelopes)}, "gap closed"
    )


def test_acknowledgements_come_in_batches(setting: Setting, wait_until: Callable) -> None:
    script = LessonScript().started()
    for step in range(60):
        script.question_pause_name(20 * step, 3.1)
    setting.device.send(*script.envelopes)
    wait_until(
        lambda: setting.device.acknowledged.get(script.boot) == len(script.envelopes), "all stored"
    )
    assert setting.device.messages < len(script.envelopes)


def test_rubbish_is_refused_without_its_content_and_ingest_goes_on(
    setting: Setting, wait_until: Callable
) -> None:
    script = a_lesson()
    first = script.envelopes[0]
    topic = topics.event(first.device, first.lesson)
    for payload in (b"", b"geheim", b"\xff", b'{"v":1,"geheim":true}', b"x" * 40_000):
        setting.device.raw(topic, payload)
    setting.device.raw(topics.event("ander-lokaal", first.lesson), first.to_json())
    setting.device.send(first)
    wait_until(lambda: setting.device.acknowledged == {script.boot: 1}, "the good one is stored")
    setting.process.send_signal(signal.SIGTERM)
    assert 0 == setting.process.wait(20)
    log = setting.log.read_text()
    assert "cleared 1, malformed 3, other_device 1" in log
    assert "oversized 1" in log
    assert "stored 1" in log
    assert "geheim" not in log
    assert 1 == setting.stored()


def test_ingest_killed_in_mid_stream_loses_nothing(setting: Setting, wait_until: Callable) -> None:
    script = LessonScript().started()
    for step in range(100):
        script.question_pause_name(20 * step, 3.1)
    setting.device.send(*script.envelopes)
    wait_until(lambda: setting.stored() > 0, "some are stored")
    setting.process.kill()
    setting.process.wait()
    setting.start_ingest()
    resend_until_acknowledged(setting, script, wait_until)
    assert len(script.envelopes) == setting.stored()


def test_a_broker_that_forgets_everything_loses_nothing(
    setting: Setting, wait_until: Callable
) -> None:
    script = LessonScript().started()
    for step in range(100):
        script.question_pause_name(20 * step, 3.1)
    setting.device.send(*script.envelopes)
    wait_until(lambda: setting.stored() > 0, "some are stored")
    setting.broker.kill()
    wait_until(lambda: not setting.receiving(), "ingest says that the broker is gone")
    setting.broker.start()
    resend_until_acknowledged(setting, script, wait_until)
    assert len(script.envelopes) == setting.stored()


def test_a_database_that_fails_for_a_while_loses_nothing(
    setting: Setting, wait_until: Callable
) -> None:
    script = a_lesson()
    setting.change("ALTER TABLE event RENAME TO away")
    setting.device.send(*script.envelopes)
    wait_until(lambda: "trying again" in setting.log.read_text(), "ingest cannot store")
    assert {} == setting.device.acknowledged
    setting.change("ALTER TABLE away RENAME TO event")
    wait_until(
        lambda: setting.device.acknowledged == {script.boot: len(script.envelopes)}, "all stored"
    )
    assert len(script.envelopes) == setting.stored()


def test_states_are_kept_as_one_row(setting: Setting, wait_until: Callable) -> None:
    live = LiveState(lesson="lesson0a", t=7, phase="think", think_s=1.5, target_s=3)
    status = DeviceStatus(state="ready", boot="00000000000000a1", lesson="lesson0a")
    info = DeviceInfo(software="0.1.0", recogniser="demo-nl-1", language="nl")
    setting.device.raw(topics.info(DEVICE), info.model_dump_json(), retain=True)
    setting.device.raw(topics.status(DEVICE), status.model_dump_json(), retain=True)
    setting.device.raw(topics.live(DEVICE), live.model_dump_json())
    wait_until(lambda: setting.ask(select(Live.phase)) == "think", "the live state is stored")
    assert 1 == setting.ask(select(func.count()).select_from(Live))
    assert "ready" == setting.ask(select(Live.state))
    lost = status.model_copy(update={"state": "lost"})
    setting.device.raw(topics.status(DEVICE), lost.model_dump_json(), retain=True)
    wait_until(lambda: setting.ask(select(Live.state)) == "lost", "the device is lost")


def test_an_unusable_database_ends_ingest_with_one_line(
    mosquitto: Mosquitto, start: Callable, tmp_path: Path
) -> None:
    process = start(
        "dashboard.ingest", "--broker", mosquitto.address, "--database", "sqlite:////no/such/x"
    )
    assert 1 == process.wait(20)
    lines = (tmp_path / "dashboard.ingest.log").read_text().splitlines()
    assert 1 == len(lines)
    assert lines[0].startswith("ingest: cannot open the database sqlite:////no/such/x")
