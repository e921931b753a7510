"""The trainer's whole visit in real browsers, with a device at a real broker."""

from __future__ import annotations

import json
import queue
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chromium import Window
from lesson_events import LessonScript, a_lesson
from mosquitto import Mosquitto
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from people import PASSWORD
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dashboard.accounts.models import Account
from dashboard.accounts.passwords import Passwords
from dashboard.clock import SystemClock
from dashboard.inbox import Accepted
from dashboard.store.models import Device
from dashboard.store.writer import store
from lesson import topics
from lesson.events import CueMode, Mark
from lesson.wire import (
    Command,
    CommandDone,
    DeviceStatus,
    Envelope,
    LiveState,
    MarkMoment,
    Watched,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DEVICE = "lokaal-12"
BASELINE = "01hzbaseline000001"
QUESTIONS = ".facts div:has(> dt:text-is('Vragen')) .value"


class ScriptedDevice:
    """Plays a lesson over MQTT and obeys commands: a mark becomes an event, as on a real one."""

    def __init__(self, broker: Mosquitto) -> None:
        self.script = a_lesson()
        self.orders: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_message = self._obey
        self._client.connect(broker.host, broker.port)
        self._client.subscribe(topics.command(DEVICE), 1)
        self._client.loop_start()

    def play(self) -> None:
        status = DeviceStatus(state="ready", boot=self.script.boot, lesson=self.script.lesson)
        self._client.publish(topics.status(DEVICE), status.model_dump_json(), 1, retain=True)
        for envelope in self.script.envelopes:
            self._publish(envelope)
        live = LiveState(lesson=self.script.lesson, t=200, phase="listening", target_s=3)
        self._client.publish(topics.live(DEVICE), live.model_dump_json(), 1)

    def end(self) -> None:
        self._publish(self.script.ended(2400).envelopes[-1])
        status = DeviceStatus(state="sleeping", boot=self.script.boot)
        self._client.publish(topics.status(DEVICE), status.model_dump_json(), 1, retain=True)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _obey(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        command = Command.model_validate_json(message.payload)
        if isinstance(command.order, MarkMoment):
            mark = Mark(t=201, by="trainer", label=command.order.label)
            self._publish(self.script.add(mark).envelopes[-1])
        done = CommandDone(id=command.id, result="done")
        client.publish(topics.command_done(DEVICE), done.model_dump_json(), 1)
        self.orders.put(command.order)

    def _publish(self, envelope: Envelope) -> None:
        topic = topics.event(DEVICE, envelope.lesson)
        self._client.publish(topic, envelope.to_json(), 1)


def school(engine: Engine) -> None:
    """Sanne with her device and a baseline of an earlier day, and Trudy."""
    now, secret = SystemClock().now(), Passwords().make_hash(PASSWORD)
    with Session(engine) as session, session.begin():
        for name, role in (("sanne", "teacher"), ("trudy", "trainer")):
            account = Account(
                name=name, full_name=name.title(), role=role, password_hash=secret, created=now
            )
            session.add(account)
            session.flush()
            if role == "teacher":
                session.add(Device(id=DEVICE, first_seen=now, owner=account.id))
    baseline = LessonScript(
        lesson=BASELINE, boot="00000000000000b1", start=datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
    ).started(CueMode.SILENT)
    for number, pause_s in enumerate([0.8, 1.0, 1.1, 1.2, 1.4, 1.5, 0.9]):
        baseline.question_pause_name(20.0 * number + 5, pause_s)
    envelopes = baseline.ended(2400).envelopes
    store(engine, [Accepted(e.device, e) for e in envelopes], now)


def test_a_visit_from_log_in_to_deletion(
    chromium: object, mosquitto: Mosquitto, engine: Engine, site: Callable[..., str]
) -> None:
    school(engine)
    address = re.findall(r"http://[^\s/]+", site())[0]
    device = ScriptedDevice(mosquitto)
    sanne = Window(chromium, address, viewport={"width": 390, "height": 844})
    trudy = Window(chromium, address)  # on a tablet
    try:
        sanne.log_in("sanne", PASSWORD)
        trudy.log_in("trudy", PASSWORD)
        _follow_live(sanne, trudy, device)
        _talk_it_over(sanne, trudy, f"/lessons/{device.script.lesson}")
        assert [] == sanne.problems + trudy.problems
    finally:
        for each in (sanne, trudy, device):
            each.close()


def _follow_live(sanne: Window, trudy: Window, device: ScriptedDevice) -> None:
    trudy.open("/watching/ask")
    trudy.press("Vraag Sanne om te mogen meekijken")
    sanne.open("/watching")
    sanne.press("Toestaan dat Trudy meekijkt")
    device.play()
    trudy.open("/")
    trudy.reads("2,9 s", "#median")
    told = device.orders.get(timeout=30)
    assert isinstance(told, Watched)
    assert 1 == told.viewers
    trudy.page.locator("#note").fill("Mooie stilte")
    trudy.press("Fragment merken")
    trudy.reads("Fragment gemerkt", "#answer")
    device.end()
    trudy.reads("Apparaat staat uit", "#status")


def _talk_it_over(sanne: Window, trudy: Window, path: str) -> None:
    assert 403 == trudy.open(path)
    sanne.open(path)
    sanne.reads("Wat ging goed")
    sanne.press("Naar de cijfers")
    sanne.reads("2,9 s", ".facts")
    sanne.reads("Mooie stilte", ".notes")
    assert 1 == sanne.page.locator(".strip .fragment").count()
    sanne.press("Deze les delen")
    sanne.press("Delen met Trudy")
    sanne.reads("Trudy kan deze les zien.")

    assert 200 == trudy.open(path)
    trudy.reads("8", QUESTIONS)
    trudy.press("Verbeteren")
    trudy.page.get_by_role(
        "button", name=re.compile("^Weghalen: vraag", re.IGNORECASE)
    ).first.click()
    trudy.open(path)
    trudy.reads("7", QUESTIONS)  # it counts at once
    sanne.open(path)
    sanne.press("Vergelijken")  # the baseline is hers, and not shared
    sanne.reads("nulmeting")
    sanne.reads("verschil")
    trudy.open(f"{path}/export")
    with trudy.page.expect_download() as download:
        trudy.page.get_by_role("button", name=re.compile(r"json\b")).first.click()
    assert json.loads(Path(download.value.path()).read_text())

    sanne.open(f"{path}/sharing")
    sanne.press("Niet meer delen met Trudy")
    sanne.reads("Alleen jij.")
    assert 403 == trudy.open(path)
    sanne.open(path)
    sanne.press("Deze les verwijderen")
    sanne.press("Voorgoed verwijderen")
    sanne.reads("De les is verwijderd.")
    assert 404 == sanne.page.request.get(sanne.address + path).status
