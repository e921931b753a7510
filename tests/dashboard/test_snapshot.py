"""What the live page says, from what is in the database."""

from __future__ import annotations

import pytest
from lesson_events import LessonScript, a_lesson
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dashboard.accounts import people
from dashboard.accounts.models import Account
from dashboard.inbox import Accepted
from dashboard.live import Snapshot
from dashboard.snapshot import SnapshotReader
from dashboard.store.models import Device
from dashboard.store.writer import store, store_receiver_state
from lesson.events import CueMode
from lesson.wire import DeviceStatus, LiveState

pytestmark = pytest.mark.unit

DEVICE = "lokaal-12"


class Room:
    """A database as ingest would have filled it, and a reader of it."""

    def __init__(self, engine: Engine, clock: object) -> None:
        self.engine = engine
        self.clock = clock
        self.reader = SnapshotReader(engine, clock)
        self.connected()

    def connected(self, connected: bool = True) -> None:
        store_receiver_state(self.engine, connected=connected, now=self.clock.now())

    def status(self, state: str = "ready", lesson: str | None = None) -> None:
        status = DeviceStatus(state=state, boot="00000000000000a1", lesson=lesson)
        store(self.engine, [Accepted(DEVICE, status)], self.clock.now())

    def live(self, phase: str, think_s: float | None = None, **more: object) -> None:
        lesson = more.pop("lesson", "01hzdemolesson0001")
        live = LiveState(lesson=lesson, t=9, phase=phase, think_s=think_s, target_s=3, **more)
        store(self.engine, [Accepted(DEVICE, live)], self.clock.now())

    def events(self, script: LessonScript) -> None:
        store(self.engine, [Accepted(e.device, e) for e in script.envelopes], self.clock.now())

    def snapshot(self) -> Snapshot:
        return self.reader.read([DEVICE])[DEVICE]

    def read(self) -> dict[str, object]:
        snapshot = self.snapshot()
        return snapshot.state | snapshot.running


@pytest.fixture
def room(engine: Engine, clock: object) -> Room:
    return Room(engine, clock)


def test_without_any_device_the_page_waits(room: Room) -> None:
    assert ("waiting", None) == tuple(room.read()[k] for k in ("status", "lesson"))


def test_a_device_without_a_lesson_is_ready(room: Room) -> None:
    room.status()
    assert room.read()["status"] == "ready"


def test_a_running_pause_is_as_long_as_it_is_by_now(room: Room) -> None:
    room.status(lesson="01hzdemolesson0001")
    room.live("think", 1.2)
    room.clock.advance(0.7)
    read = room.read()
    assert (True, 1.9, 0.7) == (read["running"], read["think_s"], read["age_s"])


def test_time_passing_alone_changes_nothing_that_is_sent(room: Room) -> None:
    room.live("think", 1.2)
    before = room.snapshot().state
    room.clock.advance(0.5)
    assert before == room.snapshot().state


def test_a_new_live_state_changes_what_is_sent(room: Room) -> None:
    room.live("think", 1.2)
    before = room.snapshot().state
    room.clock.advance(0.5)
    room.live("think", 1.7)
    assert before != room.snapshot().state


@pytest.mark.parametrize(
    ("expected", "more"),
    [
        ("muted", {"muted": True}),
        ("microphone", {"microphone": "trouble"}),
        ("listening", {}),
    ],
)
def test_the_status_follows_the_live_state(
    room: Room, expected: str, more: dict[str, object]
) -> None:
    room.live("listening", **more)
    assert expected == room.read()["status"]


def test_a_device_that_hears_nothing_asks_for_its_microphone(room: Room) -> None:
    room.live("lost")
    assert room.read()["status"] == "microphone"


@pytest.mark.parametrize(("expected", "state"), [("link_lost", "lost"), ("off", "disconnected")])
def test_the_status_follows_the_device(room: Room, expected: str, state: str) -> None:
    room.live("listening")
    room.status(state)
    assert expected == room.read()["status"]


def test_a_pause_without_news_is_a_lost_link_and_stops_running(room: Room) -> None:
    room.live("think", 1.0)
    room.clock.advance(6)
    read = room.read()
    assert ("link_lost", False) == (read["status"], read["running"])


def test_an_ingest_that_stopped_or_has_no_broker_is_a_lost_link(room: Room) -> None:
    room.live("listening")
    room.connected(False)
    assert room.read()["status"] == "link_lost"
    room.connected(True)
    assert room.read()["status"] == "listening"
    room.clock.advance(11)
    assert room.read()["status"] == "link_lost"


def test_figures_of_the_lesson_come_with_their_n(room: Room) -> None:
    room.events(a_lesson())
    room.live("listening")
    lesson = room.read()["lesson"]
    assert {"n": 7, "median_s": 2.9, "q1_s": 1.8, "q3_s": 3.4} == lesson["denkpauze"]
    assert {"n": 8, "k": 4, "value": 0.5} == lesson["order_share"]
    assert {"n": 8, "k": 1} == lesson["name_first"]
    assert [
        ("QPN", 3.6),
        ("QN_glued", 0.1),
        ("QPN", 2.9),
        ("QPN", 4.1),
        ("QN_short", 2.2),
        ("NQ", None),
    ] == [(episode["order"], episode["pause_s"]) for episode in lesson["recent"]]


def test_below_the_minimum_there_is_no_figure_but_its_n(room: Room) -> None:
    script = LessonScript().started(mode=CueMode.SILENT)
    room.events(script.question_pause_name(5, 3.2).question_pause_name(25, 3.4))
    room.live("listening")
    lesson = room.read()["lesson"]
    assert "silent" == lesson["mode"]
    assert {"n": 2, "median_s": None, "q1_s": None, "q3_s": None} == lesson["denkpauze"]
    assert {"n": 2, "k": 2, "value": None} == lesson["order_share"]


def test_figures_follow_each_new_event(room: Room) -> None:
    script = LessonScript().started().question_pause_name(5, 3.2)
    room.events(script)
    room.live("listening")
    assert 1 == room.read()["lesson"]["questions"]
    room.events(script.question_pause_name(25, 3.4))
    assert 2 == room.read()["lesson"]["questions"]


def test_events_without_the_start_of_the_lesson_are_shown(room: Room) -> None:
    room.events(LessonScript().question_pause_name(5, 3.2))
    assert 1 == room.read()["lesson"]["questions"]


def test_many_devices_are_read_at_once_and_each_apart(room: Room) -> None:
    room.status(lesson="01hzdemolesson0001")
    room.live("think", 1.2)
    room.events(a_lesson())
    room.events(LessonScript(device="aula", boot="00000000000000b1").started())
    read = room.reader.read([DEVICE, "aula", "nosuchdevice"])
    shown = {name: each.state["lesson"] for name, each in read.items()}
    questions = {name: lesson and lesson["questions"] for name, lesson in shown.items()}
    assert {DEVICE: 8, "aula": 0, "nosuchdevice": None} == questions
    assert ["listening", "waiting", "waiting"] == [each.state["status"] for each in read.values()]


def test_the_lesson_of_whoever_had_the_device_before_is_not_shown(room: Room) -> None:
    room.status(lesson="01hzdemolesson0001")
    room.events(a_lesson())
    assert room.read()["lesson"] is not None
    with Session(room.engine) as session, session.begin():
        account = Account(
            name="joris",
            full_name="Joris",
            role="teacher",
            password_hash="-",
            created=room.clock.now(),
        )
        session.add(account)
        session.flush()
        people.give_device(session, session.get_one(Device, DEVICE), account.id, earlier=False)
    assert room.read()["lesson"] is None


def test_an_hour_after_a_lesson_its_figures_are_no_longer_live(room: Room) -> None:
    room.status(lesson="01hzdemolesson0001")
    room.live("listening")
    room.events(a_lesson())
    room.status(lesson=None)
    room.clock.advance(3500)
    assert room.read()["lesson"] is not None
    room.clock.advance(200)
    assert room.read()["lesson"] is None
