"""Correcting a lesson in the browser: the log keeps everything, the figures follow at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lesson_events import LessonScript
from people import People
from sqlalchemy import select

from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.figures import lesson_summary
from dashboard.inbox import Message, Refused, read
from dashboard.settings import Settings
from dashboard.store import queries
from dashboard.store.by_hand import PERSON
from dashboard.store.models import StoredEvent
from lesson import topics
from lesson.episode import Order
from lesson.summary import LessonSummary

pytestmark = pytest.mark.unit

LESSON = "/lessons/01hzdemolesson0001"
EVENTS = f"{LESSON}/events"


class Desk:
    """A teacher and a trainer before the same lesson."""

    def __init__(self, people: People, script: LessonScript) -> None:
        self.people = people
        self.script = script
        self.teacher = people.account(Role.TEACHER, "sanne")
        self.trainer = people.account(Role.TRAINER, "trudy")
        people.lesson(script, self.teacher)
        people.share(script, self.trainer)
        self.client = people.client(self.teacher)

    def id_of(self, kind: str, number: int = 0) -> str:
        found = [e.id for e in self.script.envelopes if e.event.kind == kind]
        return found[number]

    def send(self, path: str, client: FlaskClient | None = None, **fields: str) -> int:
        client = client or self.client
        page = client.get(f"{EVENTS}").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        return client.post(path, data={"csrf_token": token[1], **fields}).status_code

    @property
    def summary(self) -> LessonSummary:
        with self.people.parts.session() as session:
            entries = queries.lesson_entries(session, self.script.device, self.script.lesson)
        return lesson_summary(entries)

    @property
    def log(self) -> list[StoredEvent]:
        with self.people.parts.session() as session:
            return list(session.scalars(select(StoredEvent).order_by(StoredEvent.number)))


@pytest.fixture
def desk(database: str, clock: object) -> Iterator[Desk]:
    app = create_app(Settings(database=database), clock)
    script = LessonScript().started().question_pause_name(10, 3.2).name_first(30)
    yield Desk(People(app), script.question_pause_name(50, 1.4).ended(70))
    app.extensions["dashboard"].close()


def test_a_question_of_hours_is_asked_for_again(desk: Desk) -> None:
    target = desk.id_of("question", 0)
    fields = {"t": "0:10", "t_end": "300:00", "form": "open", "focus": ""}
    assert 400 == desk.send(f"{EVENTS}/{target}", **fields)
    assert not [stored for stored in desk.log if stored.kind == "correction"]


def test_a_question_that_was_none_is_taken_away_and_comes_back(desk: Desk) -> None:
    before = desk.summary
    target = desk.id_of("question", 2)
    assert 302 == desk.send(f"{EVENTS}/{target}/remove")
    assert 2 == desk.summary.episodes
    assert 302 == desk.send(f"{EVENTS}/{target}/undo")
    assert before == desk.summary


def test_a_pause_that_ended_later_counts_as_it_is_corrected(desk: Desk) -> None:
    target = desk.id_of("pause", 2)
    desk.send(f"{EVENTS}/{target}", t="0:52", t_end="0:56,5", ended_by="pupil")
    desk.send(f"{EVENTS}/{desk.id_of('name', 2)}/remove")
    assert 1 == desk.summary.orders[Order.Q_VOL]


def test_a_question_that_was_not_heard_is_added(desk: Desk) -> None:
    fields = {"t": "1:00", "t_end": "1:02,25", "form": "open", "focus": "open"}
    assert 302 == desk.send(f"{EVENTS}/new/question", **fields)
    assert 4 == desk.summary.episodes
    added = desk.log[-1]
    assert ("correction", "add", "teacher", 62.25) == (
        added.kind,
        added.body["action"],
        added.body["by"],
        added.body["event"]["t_end"],
    )


def test_what_was_added_can_be_changed_and_taken_away(desk: Desk) -> None:
    desk.send(f"{EVENTS}/new/question", t="60", t_end="62", form="open", focus="")
    added = desk.log[-1].id
    desk.send(f"{EVENTS}/{added}", t="60", t_end="62", form="procedural", focus="")
    assert 3 == desk.summary.questions.arming
    desk.send(f"{EVENTS}/{added}/undo")
    assert 4 == desk.summary.questions.arming
    desk.send(f"{EVENTS}/{added}/remove")
    assert 3 == desk.summary.episodes


def test_nothing_that_was_measured_leaves_the_log(desk: Desk) -> None:
    measured = [(event.id, event.body) for event in desk.log]
    desk.send(f"{EVENTS}/{desk.id_of('question')}/remove")
    desk.send(f"{EVENTS}/{desk.id_of('turn')}", t="9", t_end="12", source="pupil")
    log = [(event.id, event.body) for event in desk.log]
    assert (measured, 2) == (log[: len(measured)], len(log) - len(measured))


def test_saving_without_a_change_writes_nothing(desk: Desk) -> None:
    count = len(desk.log)
    fields = {"t": "0:10", "t_end": "0:12", "source": "teacher"}
    assert (302, count) == (desk.send(f"{EVENTS}/{desk.id_of('turn')}", **fields), len(desk.log))


def test_a_trainer_corrects_in_the_own_name(desk: Desk) -> None:
    client = desk.people.client(desk.trainer)
    assert 302 == desk.send(f"{EVENTS}/{desk.id_of('question')}/remove", client)
    assert "trainer" == desk.log[-1].body["by"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"t": "1:00", "t_end": "0:59"}, "Het einde komt na het begin"),
        ({"t": "soon", "t_end": "1:02"}, "Schrijf minuten en seconden"),
        ({"t": "-1", "t_end": "1:02"}, "Schrijf minuten en seconden"),
        ({"t": "13:00:00", "t_end": "13:00:01"}, "Schrijf minuten en seconden"),
        ({"t": "", "t_end": "1:02"}, ""),
        ({"t": "1:00", "t_end": "1:02", "form": "insult"}, ""),
    ],
)
def test_what_cannot_be_is_asked_again(desk: Desk, fields: dict[str, str], message: str) -> None:
    page = desk.client.get(f"{EVENTS}/new/question").text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert token is not None
    whole = {"form": "open", "focus": "", "csrf_token": token[1], **fields}
    answer = desk.client.post(f"{EVENTS}/new/question", data=whole)
    assert (400, True) == (answer.status_code, message in answer.text)


@pytest.mark.parametrize("path", ["nosuchid", "new/cue", "00000000000000a1-999999/remove"])
def test_what_is_not_there_is_no_page(desk: Desk, path: str) -> None:
    asked = desk.send(f"{EVENTS}/{path}") if "remove" in path else None
    assert 404 == (asked or desk.client.get(f"{EVENTS}/{path}").status_code)


def test_the_start_of_a_lesson_cannot_be_changed(desk: Desk) -> None:
    target = desk.id_of("lesson_started")
    assert 404 == desk.client.get(f"{EVENTS}/{target}").status_code


def test_the_list_shows_the_part_that_one_came_from(desk: Desk) -> None:
    page = desk.client.get(f"{EVENTS}?at=50").text
    assert (True, False) == ("0:52" in page, "0:10" in page)


def test_the_list_shows_one_kind_of_event(desk: Desk) -> None:
    page = desk.client.get(f"{EVENTS}?kind=pause").text
    assert {"Denkpauze"} == set(re.findall(r'<th scope="row">(.*?)</th>', page))
    whole = desk.client.get(f"{EVENTS}?kind=nonsense").text
    assert {"Vraag", "Denkpauze"} < set(re.findall(r'<th scope="row">(.*?)</th>', whole))


def test_a_mark_set_by_mistake_is_changed_and_taken_away(desk: Desk) -> None:
    fields = {"t": "0:31", "label": "deliberate_name_first"}
    assert 302 == desk.send(f"{EVENTS}/new/mark", **fields)
    assert (1, "teacher") == (desk.summary.name_first_deliberate, desk.log[-1].body["event"]["by"])
    added = desk.log[-1].id
    assert 302 == desk.send(f"{EVENTS}/{added}", t="0:31", label="fragment")
    assert 0 == desk.summary.name_first_deliberate
    assert 302 == desk.send(f"{EVENTS}/{desk.log[-2].id}/remove")
    assert "0:31" not in desk.client.get(LESSON).text.partition('class="fragments"')[2][:400]


@pytest.mark.parametrize(("lang", "moment"), [("nl", "0:12,5"), ("en", "0:12.5")])
def test_a_moment_is_written_as_the_language_does(desk: Desk, lang: str, moment: str) -> None:
    desk.send(f"{EVENTS}/new/turn", t="0:12,5", t_end="0:14", source="pupil")
    page = desk.client.get(f"{EVENTS}/{desk.log[-1].id}?lang={lang}").text
    assert f'value="{moment}"' in page


def test_a_device_cannot_speak_as_a_person(desk: Desk) -> None:
    boot = f"{PERSON}00000001"
    forged = desk.script.envelopes[1].model_copy(
        update={"boot": boot, "id": f"{boot}-000002", "seq": 2}
    )
    topic = topics.event(forged.device, forged.lesson)
    assert Refused("boot_of_a_person") == read(Message(topic, forged.to_json()))
