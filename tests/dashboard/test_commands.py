"""Taps on the live page: who may, what the device is sent, and what the page is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lesson_events import LessonScript, a_lesson
from people import People
from sqlalchemy import select

from dashboard import commands
from dashboard.accounts import consent
from dashboard.accounts.identity import digest
from dashboard.accounts.models import Login, Outgoing
from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.commands import Announcer
from dashboard.inbox import Accepted, Message, read
from dashboard.live import LiveHub, Snapshot, Viewer
from dashboard.settings import Settings
from dashboard.store.database import writing_engine
from dashboard.store.models import SentCommand
from dashboard.store.writer import store
from dashboard.talk.models import Note
from lesson import topics
from lesson.wire import Command, CommandDone, DeviceStatus, LiveState

pytestmark = pytest.mark.contract

BOOT = "00000000000000a1"


@dataclass
class Setting:
    """Sanne's device measures a lesson; Trudy may watch it, Tim may not."""

    people: People
    script: LessonScript
    accounts: dict[str, int]

    @property
    def device(self) -> str:
        return self.script.device

    def client(self, name: str) -> FlaskClient:
        return self.people.client(self.accounts[name])

    def takes(self, payload: DeviceStatus | LiveState | CommandDone) -> None:
        parts = self.people.parts
        batch = [Accepted(self.device, payload)]
        store(writing_engine(parts.engine), batch, parts.clock.now())

    def sent(self) -> list[Command]:
        """What waits to be sent to the device."""
        with self.people.parts.session() as session:
            rows = session.scalars(select(Outgoing).order_by(Outgoing.number)).all()
        assert {topics.command(self.device)} >= {row.topic for row in rows}
        assert not any(row.retain or row.expires is None for row in rows)
        return [Command.model_validate_json(row.payload) for row in rows]

    def snapshot(self) -> dict:
        parts = self.people.parts
        with parts.session() as session:
            return commands.answers(session, [self.device], parts.clock.now())[self.device]


@pytest.fixture
def setting(database: str, clock: object) -> Iterator[Setting]:
    app: Flask = create_app(Settings(database=database), clock)
    app.config["WTF_CSRF_ENABLED"] = False  # accounts/test_security.py is about it
    people = People(app)
    accounts = {
        "sanne": people.account(Role.TEACHER, "sanne"),
        "trudy": people.account(Role.TRAINER, "trudy"),
        "tim": people.account(Role.TRAINER, "tim"),
    }
    script = a_lesson()
    people.lesson(script, accounts["sanne"])
    made = Setting(people, script, accounts)
    with people.parts.writing() as session, session.begin():
        consent.allow(session, script.device, accounts["trudy"], clock.now())
    made.takes(DeviceStatus(state="ready", boot=BOOT, lesson=script.lesson))
    yield made
    people.parts.close()


@pytest.mark.parametrize(
    ("posted", "order"),
    [
        ({"kind": "mark"}, {"kind": "mark", "label": "fragment"}),
        ({"kind": "deliberate"}, {"kind": "mark", "label": "deliberate_name_first"}),
        ({"kind": "mute"}, {"kind": "mute_cues", "muted": True}),
        ({"kind": "unmute"}, {"kind": "mute_cues", "muted": False}),
        ({"kind": "target", "target_s": "4.5"}, {"kind": "target", "target_s": 4.5}),
    ],
)
def test_a_tap_of_a_viewer_goes_to_the_device(setting: Setting, posted: dict, order: dict) -> None:
    answer = setting.client("trudy").post("/live/command", data=posted)
    assert 202 == answer.status_code
    (command,) = setting.sent()
    assert order == command.order.model_dump()
    assert (answer.json["id"], setting.script.lesson) == (command.id, command.lesson)


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"kind": "reboot"},
        {"kind": "target"},
        {"kind": "target", "target_s": "1.9"},
        {"kind": "target", "target_s": "nan"},
        {"kind": "mark", "note": "x" * 201},
    ],
)
def test_what_is_no_command_is_refused(setting: Setting, posted: dict) -> None:
    assert 400 == setting.client("trudy").post("/live/command", data=posted).status_code
    assert [] == setting.sent()


def test_who_may_not_watch_may_not_command(setting: Setting, clock: object) -> None:
    path = f"/live/command?device={setting.device}"
    assert 403 == setting.client("tim").post(path, data={"kind": "mark"}).status_code
    clock.advance(4 * 3600)  # the consent is over
    assert 403 == setting.client("trudy").post(path, data={"kind": "mark"}).status_code
    assert [] == setting.sent()


def test_without_a_lesson_that_runs_nothing_is_sent(setting: Setting) -> None:
    setting.takes(DeviceStatus(state="sleeping", boot=BOOT))
    answer = setting.client("trudy").post("/live/command", data={"kind": "mark"})
    assert 409 == answer.status_code
    assert answer.json["problem"]
    assert [] == setting.sent()


def test_a_note_with_a_mark_stays_here_at_the_moment_of_the_tap(
    setting: Setting, clock: object
) -> None:
    live = LiveState(lesson=setting.script.lesson, t=62, phase="listening", target_s=3)
    setting.takes(live)
    clock.advance(1.5)
    setting.client("trudy").post("/live/command", data={"kind": "mark", "note": " mooi "})
    with setting.people.parts.session() as session:
        (note,) = session.scalars(select(Note)).all()
    assert ("mooi", 63.5, setting.accounts["trudy"]) == (note.text, note.t, note.account)
    assert "mooi" not in json.dumps([command.model_dump() for command in setting.sent()])


def test_the_answer_of_the_device_reaches_the_pages(setting: Setting, clock: object) -> None:
    identifier = setting.client("trudy").post("/live/command", data={"kind": "mark"}).json["id"]
    assert {} == setting.snapshot()
    setting.takes(CommandDone(id="f" * 16, result="done"))  # an answer to nothing
    setting.takes(CommandDone(id=identifier, result="no_lesson"))
    assert {identifier: "no_lesson"} == setting.snapshot()
    clock.advance(commands.ANSWERS_SHOWN.total_seconds())
    assert {} == setting.snapshot()


def test_no_device_answers_for_another(setting: Setting) -> None:
    identifier = setting.client("trudy").post("/live/command", data={"kind": "mark"}).json["id"]
    parts = setting.people.parts
    done = CommandDone(id=identifier, result="done")
    store(writing_engine(parts.engine), [Accepted("lokaal-99", done)], parts.clock.now())
    assert {} == setting.snapshot()


def test_an_answer_is_read_from_its_topic() -> None:
    done = CommandDone(id="0" * 16, result="done")
    payload = done.model_dump_json().encode()
    assert Accepted("a1", done) == read(Message(topics.command_done("a1"), payload))


def test_deleting_the_lesson_takes_its_commands_along(setting: Setting) -> None:
    setting.client("trudy").post("/live/command", data={"kind": "mark"})
    setting.client("sanne").post(f"/lessons/{setting.script.lesson}/delete")
    with setting.people.parts.session() as session:
        assert [] == session.scalars(select(SentCommand)).all()


# --- who watches -------------------------------------------------------------------------------


def logins(setting: Setting, clock: object, *names: str) -> list[tuple[str, str]]:
    tickets = []
    with setting.people.parts.writing() as session, session.begin():
        for number, name in enumerate(names):
            secret = digest(f"{name} {number}")
            session.add(
                Login(
                    digest=secret,
                    account=setting.accounts[name],
                    created=clock.now(),
                    expires=clock.now() + timedelta(days=1),
                )
            )
            tickets.append((secret, setting.device))
    return tickets


def test_the_device_is_told_how_many_people_beside_its_teacher_watch(
    setting: Setting, clock: object
) -> None:
    announcer = Announcer(writing_engine(setting.people.parts.engine), clock)
    announcer.announce(logins(setting, clock, "sanne", "trudy", "trudy", "tim"))
    announcer.announce([])
    announcer.announce([])
    orders = [command.order.model_dump() for command in setting.sent()]
    assert [2, 0] == [order["viewers"] for order in orders]
    assert 1 == len({order["source"] for order in orders})


def test_watching_is_said_at_once_repeated_and_taken_back(clock: object) -> None:
    told: list[tuple[float, int]] = []
    started = clock.monotonic()
    hub = LiveHub(
        lambda devices: dict.fromkeys(devices, Snapshot({}, {})),
        clock,
        tick_s=1,
        viewers=5,
        announce=lambda tickets: told.append((clock.monotonic() - started, len(tickets))),
    )
    viewer = Viewer("a1", clock, ("login", "a1"))  # no thread: the clock is moved here
    for _ in range(25):
        hub._tell((viewer,))
        clock.advance(1)
    for _ in range(25):
        hub._tell(())
        clock.advance(1)
    assert [(0, 1), (20, 1), (25, 0)] == told
