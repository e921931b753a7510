"""Les toevoegen: what `analyse` made of a film becomes a lesson; everything else is refused."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

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
from dashboard.store.models import Lesson
from dashboard.uploads import LARGEST_FILE_BYTES
from lesson import topics
from lesson.events import Correction
from lesson.lesson_file import FileEntry, LessonFile

pytestmark = pytest.mark.unit

PAGE = "/lessons/add"


def file_of(script: LessonScript, *, ids: bool = False) -> bytes:
    entries = (FileEntry(id=e.id if ids else None, event=e.event) for e in script.envelopes)
    return LessonFile(events=tuple(entries)).with_figures().to_json().encode()


def a_film() -> LessonScript:
    script = LessonScript().started().question_pause_name(10, 3.2).name_first(30)
    return script.question_pause_name(50, 1.4).ended(70)


def zip_bomb() -> bytes:
    """Forty kilobytes that would be forty megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("les.lesson.json", bytes(40_000_000))
    return packed.getvalue()


class Desk:
    def __init__(self, people: People) -> None:
        self.people = people
        self.teacher = people.account(Role.TEACHER, "sanne")
        self.client = people.client(self.teacher)

    def send(
        self,
        content: bytes,
        client: FlaskClient | None = None,
        file_name: str = "les.json",
        **fields: str,
    ) -> object:
        client = client or self.client
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(PAGE).text)
        assert token is not None
        # by hand, since the test client leaves a temporary file open for a large one
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrf_token": token[1], **fields}.items()
        ]
        named = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"'
        head = f"{named}\r\n\r\n".encode()
        body = b"".join([*parts, head, content, b"\r\n--x--\r\n"])
        return client.post(PAGE, data=body, content_type="multipart/form-data; boundary=x")

    @property
    def lessons(self) -> list[Lesson]:
        with self.people.parts.session() as session:
            return list(session.scalars(select(Lesson).order_by(Lesson.id)))

    def summary(self, lesson: Lesson) -> object:
        with self.people.parts.session() as session:
            return lesson_summary(queries.lesson_entries(session, lesson.device, lesson.id))


@pytest.fixture
def desk(database: str, clock: object) -> Iterator[Desk]:
    app = create_app(Settings(database=database), clock)
    yield Desk(People(app))
    app.extensions["dashboard"].close()


def test_an_analysed_film_becomes_a_lesson_with_the_same_figures(desk: Desk) -> None:
    content = file_of(a_film())
    assert 302 == desk.send(content).status_code
    lesson = desk.lessons[0]
    figures = LessonFile.model_validate_json(content).figures
    assert (desk.teacher, figures) == (lesson.owner, desk.summary(lesson))


def test_the_same_file_twice_is_one_lesson(desk: Desk) -> None:
    first, second = desk.send(file_of(a_film())), desk.send(file_of(a_film()))
    assert (first.headers["Location"], 1) == (second.headers["Location"], len(desk.lessons))


def test_two_teachers_may_bring_the_same_film(desk: Desk) -> None:
    other = desk.people.client(desk.people.account(Role.TEACHER, "joris"))
    desk.send(file_of(a_film()))
    desk.send(file_of(a_film()), other)
    assert 2 == len({lesson.owner for lesson in desk.lessons})


def test_a_film_has_the_date_that_is_given(desk: Desk) -> None:
    desk.send(file_of(a_film()), began="2026-09-14T10:15")
    assert "2026-09-14T08:15:00+00:00" == desk.lessons[0].started.isoformat()


def test_a_lesson_that_was_deleted_can_be_brought_again(desk: Desk) -> None:
    desk.send(file_of(a_film()))
    lesson = desk.lessons[0]
    address = f"/lessons/{lesson.id}/delete?device={lesson.device}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.client.get(address).text)
    assert token is not None
    desk.client.post(address, data={"csrf_token": token[1]})
    assert [] == desk.lessons
    desk.send(file_of(a_film()))
    assert 1 == len(desk.lessons)


def test_an_export_of_a_corrected_lesson_keeps_its_corrections(desk: Desk) -> None:
    script = a_film()
    target = next(e.id for e in script.envelopes if e.event.kind == "question")
    script.add(Correction(t=10, action="remove", target=target, by="teacher"))
    content = file_of(script, ids=True)
    desk.send(content)
    figures = LessonFile.model_validate_json(content).figures
    assert (figures, 2) == (desk.summary(desk.lessons[0]), figures.episodes if figures else 0)


def test_what_was_exported_can_be_taken_in_and_exported_again(desk: Desk) -> None:
    desk.send(file_of(a_film()))
    lesson = desk.lessons[0]
    address = f"/lessons/{lesson.id}/export/json?device={lesson.device}"
    exported = desk.client.get(address).data
    other = desk.people.client(desk.people.account(Role.TEACHER, "joris"))
    again = desk.send(exported, other).headers["Location"]
    path, _, query = again.partition("?")
    second = other.get(f"{path}/export/json?{query}").data
    assert json.loads(exported)["figures"] == json.loads(second)["figures"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is geen les van Denkpauze"),
        (b"\x00\x01\x02" * 1000, "is geen les van Denkpauze"),
        (zip_bomb(), "het is geen bestand met gebeurtenissen"),
        (b'{"events": []}', "het begin van een les ontbreekt"),
        (file_of(LessonScript().started()), "zonder einde"),
        (b'{"events": [{"event": {"kind": "../../etc/passwd"}}]}', "op de plek «events.0"),
        (b"[" * 200_000, "is geen les van Denkpauze"),
    ],
)
def test_something_else_is_refused_in_one_sentence(desk: Desk, content: bytes, said: str) -> None:
    answer = desk.send(content)
    assert (400, True, []) == (answer.status_code, said in answer.text, desk.lessons)


def test_a_file_that_is_far_too_large_is_refused_unread(desk: Desk) -> None:
    announced = {
        "CONTENT_LENGTH": str(2 * 1024**3),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    assert 413 == desk.client.post(PAGE, environ_overrides=announced).status_code
    assert 413 == desk.send(bytes(LARGEST_FILE_BYTES + 1)).status_code
    assert 400 == desk.send(bytes(LARGEST_FILE_BYTES - 2000)).status_code


@pytest.mark.parametrize("name", ["../../../../tmp/les.json", "/etc/passwd", "C:\\\\les", "a\x00b"])
def test_what_a_file_is_called_leads_nowhere(desk: Desk, tmp_path: Path, name: str) -> None:
    before = {path.name for path in tmp_path.rglob("*")}
    assert 302 == desk.send(file_of(a_film()), file_name=name).status_code
    lesson = desk.lessons[0]
    assert re.fullmatch("[0-9a-f]{24}", lesson.id)
    assert before == {path.name for path in tmp_path.rglob("*")}


def test_no_file_is_asked_for_again(desk: Desk) -> None:
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', desk.client.get(PAGE).text)
    assert token is not None
    answer = desk.client.post(PAGE, data={"csrf_token": token[1]})
    assert (400, True) == (answer.status_code, "Kies een bestand" in answer.text)


def test_no_device_can_slip_a_lesson_in_among_them() -> None:
    envelope = a_film().envelopes[0].model_copy(update={"device": "upload"})
    topic = topics.event("upload", envelope.lesson)
    assert Refused("device_of_uploads") == read(Message(topic, envelope.to_json()))
