"""Pages, languages and headers, asked for without a server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lesson_events import START, LessonScript, a_lesson
from people import People

from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.security import HEADERS
from dashboard.settings import Settings
from lesson.events import CueMode

pytestmark = pytest.mark.unit

LESSON = "/lessons/01hzdemolesson0001"


@pytest.fixture
def client(database: str, clock: object) -> Iterator[FlaskClient]:
    """The browser of a teacher, whose device keeps what ``client.keep`` is given."""
    app = create_app(Settings(database=database), clock)
    people = People(app)
    teacher = people.account(Role.TEACHER, "sanne")
    with people.client(teacher) as asked:
        asked.keep = lambda script: (people.lesson(script, teacher), people.skip_guess(script))
        yield asked
    app.extensions["dashboard"].close()


def text_of(client: FlaskClient, path: str, status: int = 200, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert status == response.status_code
    return response.text


def facts(page: str) -> dict[str, tuple[str, str]]:
    pattern = r'<dt>(.*?)</dt><dd class="value">(.*?)</dd><dd class="note">(.*?)</dd>'
    return {label: (value, note) for label, value, note in re.findall(pattern, page)}


def rows(page: str) -> list[list[str]]:
    table = page.partition('id="questions"')[2] or page  # charts are tables too
    body = table.split("<tbody>")[1].split("</tbody>")[0]
    cells = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells.findall(row) if "<form" not in cell]
        for row in body.split("</tr>")[:-1]
    ]


@pytest.mark.parametrize("path", ["/", "/lessons", "/lessons/nosuchlesson", "/static/live.js"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    assert HEADERS == {name: headers.get(name) for name in HEADERS}


@pytest.mark.parametrize("path", ["/", "/lessons", LESSON])
def test_no_page_needs_inline_code_or_anything_from_elsewhere(
    client: FlaskClient, path: str
) -> None:
    client.keep(a_lesson())
    page = text_of(client, path)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|https?://|javascript:", page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all("src=" in script or "application/json" in script for script in scripts)


@pytest.mark.parametrize(
    ("expected", "path", "headers"),
    [
        ("nl", "/lessons", {}),
        ("nl", "/lessons", {"Accept-Language": "fr"}),
        ("en", "/lessons", {"Accept-Language": "en-GB,en;q=0.9,nl;q=0.5"}),
        ("nl", "/lessons", {"Accept-Language": "nl-BE,en;q=0.9"}),
        ("en", "/lessons?lang=en", {"Accept-Language": "nl"}),
        ("nl", "/lessons?lang=xx", {}),
    ],
)
def test_dutch_is_first_and_english_is_there_for_who_asks(
    client: FlaskClient, expected: str, path: str, headers: dict[str, str]
) -> None:
    page = text_of(client, path, **headers)
    assert f'<html lang="{expected}">' in page
    assert {"nl": "Lessen", "en": "Lessons"}[expected] in page


def test_the_language_chosen_is_kept(client: FlaskClient) -> None:
    text_of(client, "/lessons?lang=en")
    assert '<html lang="en">' in text_of(client, "/lessons")


def test_the_language_links_keep_the_rest_of_the_address(client: FlaskClient) -> None:
    assert 'href="?page=1&amp;lang=en"' in text_of(client, "/lessons?page=1")


def test_another_host_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/login", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/login", headers={"Host": "127.0.0.1:8080"}).status_code == 200


def test_lessons_are_listed_newest_first(client: FlaskClient) -> None:
    client.keep(a_lesson().ended(2400))
    earlier = LessonScript(
        lesson="01hzdemolesson0000", boot="00000000000000b1", start=START - timedelta(days=7)
    )
    client.keep(earlier.started(mode=CueMode.SILENT))
    assert [
        ["ma 16 nov 2026 09:30", "40 min", "lokaal-12", "Met lampje"],
        [
            "ma 9 nov 2026 09:30",
            "minder dan een minuut · niet afgesloten",
            "lokaal-12",
            "Nulmeting – lampje uit",
        ],
    ] == rows(text_of(client, "/lessons"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", [("page", "Meekijken")]),
        ("/lessons", [("page", "Lessen")]),
        (LESSON, [("true", "Lessen")]),
    ],
)
def test_the_navigation_shows_where_one_is(
    client: FlaskClient, path: str, expected: list[tuple[str, str]]
) -> None:
    client.keep(a_lesson())
    top = text_of(client, path).partition("</header>")[0]
    assert expected == re.findall(r'aria-current="(\w+)">([^<]+)', top)


def test_lessons_come_in_pages(client: FlaskClient) -> None:
    for number in range(31):
        client.keep(LessonScript(lesson=f"lesson{number:04d}", boot=f"{number:016x}").started())
    assert 30 == len(rows(text_of(client, "/lessons")))
    assert 1 == len(rows(text_of(client, "/lessons?page=2")))
    text_of(client, "/lessons?page=0", status=404)


def test_looking_back_shows_each_figure_with_n_and_uncertainty(client: FlaskClient) -> None:
    client.keep(a_lesson().ended(2400))
    shown = facts(text_of(client, LESSON))
    assert (
        "2,9 s",
        "n = 7 · middelste helft 1,8 tot 3,4 s · 95%-interval 1,4 tot 3,6 s",
    ) == shown["Denkpauze, mediaan"]
    assert ("50%", "4 van 8 beurten · 95%-interval 22% tot 78%") == shown[
        "Vraag – denkpauze – naam"
    ]
    assert ("1", "van 8 beurten") == shown["Naam eerst"]


def test_looking_back_lists_each_question(client: FlaskClient) -> None:
    client.keep(a_lesson())
    table = rows(text_of(client, LESSON))
    assert 8 == len(table)
    assert [
        "2",
        "0:35",
        "denkstimulerende vraag",
        "1,4 s",
        "Vraag – naam, korte pauze",
        "naam",
        "90%",
    ] == table[1]
    assert ["8", "2:20", "controlevraag", "–", "Naam eerst", "leerling", "80%"] == table[7]


def test_looking_back_in_english(client: FlaskClient) -> None:
    client.keep(a_lesson())
    page = text_of(client, f"{LESSON}?lang=en")
    assert "2.9 s" == facts(page)["Think pause, median"][0]
    assert "Question – name, pause short" == rows(page)[1][4]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_two_questions_are_too_few_for_a_figure(client: FlaskClient, lang: str) -> None:
    script = LessonScript().started().question_pause_name(5, 3.2).question_pause_name(25, 3.4)
    client.keep(script)
    shown = facts(text_of(client, f"{LESSON}?lang={lang}"))
    label, note = {
        "nl": ("Denkpauze, mediaan", "nog te weinig vragen (n = 2)"),
        "en": ("Think pause, median", "too few questions so far (n = 2)"),
    }[lang]
    assert ("–", note) == shown[label]


def test_a_silent_lesson_is_marked_as_a_baseline(client: FlaskClient) -> None:
    client.keep(LessonScript().started(mode=CueMode.SILENT).ended(1200))
    assert "Nulmeting – lampje uit" in text_of(client, LESSON)


def test_every_report_says_that_it_is_not_for_appraisal(client: FlaskClient) -> None:
    client.keep(a_lesson())
    for path in ("/", "/lessons", LESSON):
        assert "niet voor beoordeling" in text_of(client, path)


def test_an_empty_lesson_can_be_looked_back_at(client: FlaskClient) -> None:
    client.keep(LessonScript().started())
    assert "Nog geen vragen" in text_of(client, LESSON)


def test_a_lesson_that_is_not_there_is_a_page_that_says_so(client: FlaskClient) -> None:
    assert "Deze pagina bestaat niet" in text_of(client, "/lessons/nosuchlesson", status=404)


def test_the_live_page_links_all_devices_when_there_are_several(client: FlaskClient) -> None:
    client.keep(a_lesson())
    assert "/?device=" not in text_of(client, "/")
    client.keep(LessonScript(device="aula", boot="00000000000000c1").started())
    page = text_of(client, "/?device=aula")
    assert ["aula", "lokaal-12"] == re.findall(r'"/\?device=([a-z0-9-]+)"', page)


def test_words_that_judge_are_on_no_page(client: FlaskClient) -> None:
    client.keep(a_lesson())
    for path in ("/", "/lessons", LESSON):
        words = re.findall(r"\w+", text_of(client, path).lower())
        assert not {"fout", "score", "onvoldoende", "norm"} & set(words)
