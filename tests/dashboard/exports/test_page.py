"""The page Exporteren: every format behind a button, and a film that begins at another time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lesson_events import LessonScript
from people import People

from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.exports.formats import FORMATS
from dashboard.settings import Settings
from lesson.lesson_file import read_lesson_file

pytestmark = pytest.mark.unit

PAGE = "/lessons/01hzdemolesson0001/export"


@pytest.fixture
def client(database: str, clock: object) -> Iterator[FlaskClient]:
    app = create_app(Settings(database=database), clock)
    people = People(app)
    teacher = people.account(Role.TEACHER, "sanne")
    people.lesson(LessonScript().started().question_pause_name(10, 3.2).ended(20), teacher)
    with people.client(teacher) as asked:
        yield asked
    app.extensions["dashboard"].close()


def test_the_page_offers_every_format(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert {f"{PAGE}/{kind}" for kind in FORMATS} == set(re.findall(r'formaction="([^"?]+)', page))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_download_has_its_type_and_a_name_of_its_own(client: FlaskClient, kind: str) -> None:
    answer = client.get(f"{PAGE}/{kind}")
    name = f"denkpauze_lokaal-12_01hzdemolesson0001{FORMATS[kind].ending}"
    assert (200, FORMATS[kind].media_type, f'attachment; filename="{name}"') == (
        answer.status_code,
        answer.content_type,
        answer.headers["Content-Disposition"],
    )


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        ("", "10.000000"),
        ("1:30", "100.000000"),
        ("-0:04", "6.000000"),
        ("1:00:00", "3610.000000"),
        ("2,5", "12.500000"),
        (" 12 ", "22.000000"),
    ],
)
def test_the_film_may_begin_at_another_time(
    client: FlaskClient, offset: str, expected: str
) -> None:
    labels = client.get(f"{PAGE}/audacity", query_string={"offset": offset}).text
    assert expected == labels.split("\t")[0]


@pytest.mark.parametrize("offset", ["soon", "1:2:3:4", "nan", "1e3", "13:00:00", "--4", "1::2"])
def test_a_time_that_is_none_is_asked_again(client: FlaskClient, offset: str) -> None:
    answer = client.get(f"{PAGE}/elan", query_string={"offset": offset})
    assert (400, True) == (answer.status_code, "Schrijf een tijd zoals 1:30" in answer.text)


def test_excel_is_the_choice_on_a_dutch_page(client: FlaskClient) -> None:
    dutch, english = client.get(PAGE).text, client.get(f"{PAGE}?lang=en").text
    checked = re.compile(r'value="(\w+)" checked')
    assert ("excel", "plain") == (checked.findall(dutch)[0], checked.findall(english)[0])


def test_the_lesson_file_holds_what_was_measured(client: FlaskClient) -> None:
    file = read_lesson_file(client.get(f"{PAGE}/json").data)
    assert ("lokaal-12", "01hzdemolesson0001", 1) == (
        file.device,
        file.lesson,
        file.figures.episodes if file.figures else None,
    )


def test_an_unknown_format_is_no_page(client: FlaskClient) -> None:
    assert 404 == client.get(f"{PAGE}/docx").status_code
