"""Vergelijken: a lesson beside the baseline of the same teacher, and never beside a colleague."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lesson_events import START, LessonScript
from people import People

from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.comparing import HEIGHT, Visit, trend
from dashboard.settings import Settings
from lesson.events import CueMode
from lesson.spread import spread
from lesson.statistics import Figure

pytestmark = pytest.mark.unit


def a_lesson(number: int, pauses: list[float], mode: CueMode = CueMode.CUE) -> LessonScript:
    script = LessonScript(
        device="lokaal-12",
        lesson=f"01hzlesson{number:06d}",
        boot=f"{number:016x}",
        start=START + timedelta(days=number),
    ).started(mode)
    for index, pause in enumerate(pauses):
        script.question_pause_name(20.0 * index + 5, pause)
    return script.ended(20.0 * len(pauses) + 5)


SHORT = [0.8, 1.0, 1.1, 1.2, 1.4, 1.5, 0.9]
LONG = [3.1, 3.2, 3.4, 3.6, 3.0, 3.3, 3.5]


class School:
    def __init__(self, people: People) -> None:
        self.people = people
        self.teacher = people.account(Role.TEACHER, "sanne")
        self.trainer = people.account(Role.TRAINER, "trudy")

    def keep(self, *scripts: LessonScript) -> None:
        for script in scripts:
            self.people.lesson(script, self.teacher)
            self.people.skip_guess(script)

    @property
    def client(self) -> FlaskClient:
        return self.people.client(self.teacher)


@pytest.fixture
def school(database: str, clock: object) -> Iterator[School]:
    app = create_app(Settings(database=database), clock)
    yield School(People(app))
    app.extensions["dashboard"].close()


def table(page: str) -> dict[str, list[str]]:
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    cells = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
    found = [
        [re.sub(r"<[^>]+>", "", c).strip() for c in cells.findall(r)] for r in body.split("</tr>")
    ]
    return {row[0]: row[1:] for row in found if row}


def test_a_longer_pause_than_in_the_baseline_is_called_a_difference(school: School) -> None:
    school.keep(a_lesson(1, SHORT, CueMode.SILENT), a_lesson(2, SHORT), a_lesson(3, LONG))
    page = school.client.get("/lessons/01hzlesson000003/compare").text
    row = table(page)["Denkpauze, mediaan"]
    assert ["1,1 s (n = 7)", "3,3 s (n = 7)"] == row[:2]
    assert (True, "Verschil: meer dan eerst") == (row[2].startswith("+2,2 s (95%: +"), row[3])


def test_two_like_lessons_show_no_difference_yet(school: School) -> None:
    school.keep(a_lesson(1, SHORT, CueMode.SILENT), a_lesson(2, SHORT))
    page = school.client.get("/lessons/01hzlesson000002/compare").text
    assert "Nog geen verschil te zien" == table(page)["Denkpauze, mediaan"][3]


def test_few_questions_are_not_compared(school: School) -> None:
    school.keep(a_lesson(1, SHORT, CueMode.SILENT), a_lesson(2, LONG[:3]))
    row = table(school.client.get("/lessons/01hzlesson000002/compare").text)["Denkpauze, mediaan"]
    assert ["– (n = 3)", "–", "Te weinig vragen om te vergelijken"] == row[1:]


def test_the_earlier_lesson_stands_first_whichever_was_opened(school: School) -> None:
    school.keep(a_lesson(1, SHORT), a_lesson(2, LONG))
    page = school.client.get("/lessons/01hzlesson000001/compare").text
    assert "Verschil: meer dan eerst" == table(page)["Denkpauze, mediaan"][3]


def test_another_lesson_can_be_chosen(school: School) -> None:
    school.keep(a_lesson(1, SHORT, CueMode.SILENT), a_lesson(2, LONG), a_lesson(3, LONG))
    query = {"with": "lokaal-12/01hzlesson000002"}
    page = school.client.get("/lessons/01hzlesson000003/compare", query_string=query).text
    assert "Nog geen verschil te zien" == table(page)["Denkpauze, mediaan"][3]


def test_a_lesson_of_a_colleague_is_no_choice(school: School) -> None:
    colleague = school.people.account(Role.TEACHER, "joris")
    other = LessonScript("lokaal-14", "01hzother0000001", "00000000000000ff").started()
    school.people.lesson(other.question_pause_name(5, 3.0).ended(20), colleague)
    school.people.share(other, school.teacher)
    school.keep(a_lesson(1, SHORT), a_lesson(2, LONG))
    address = "/lessons/01hzlesson000002/compare"
    refused = school.client.get(address, query_string={"with": "lokaal-14/01hzother0000001"})
    assert (False, 404) == ("lokaal-14" in school.client.get(address).text, refused.status_code)


def test_a_trainer_compares_only_what_is_shared(school: School) -> None:
    lessons = [a_lesson(number, SHORT) for number in (1, 2, 3)]
    school.keep(*lessons)
    for shared in lessons[1:]:
        school.people.share(shared, school.trainer)
    page = school.people.client(school.trainer).get("/lessons/01hzlesson000003/compare").text
    assert (True, False) == ("01hzlesson000002" in page, "01hzlesson000001" in page)


def test_one_lesson_alone_is_shown_without_comparison(school: School) -> None:
    school.keep(a_lesson(1, SHORT))
    page = school.client.get("/lessons/01hzlesson000001/compare").text
    assert (True, 1) == ("nog geen andere les" in page, page.count('class="median"'))


def test_the_guess_comes_before_a_comparison_too(school: School) -> None:
    script = a_lesson(1, SHORT)
    school.people.lesson(script, school.teacher)
    page = school.client.get(f"/lessons/{script.lesson}/compare").text
    assert (True, False) == ("Wat verwacht je zelf?" in page, 'class="median"' in page)


def test_the_line_keeps_every_point_inside_its_field() -> None:
    medians = [spread(LONG).median_s, Figure(value=40.0, n=9, low=0.1, high=60.0)]
    line = trend([Visit(number, False, m) for number, m in enumerate(medians, start=1)], 3.0)
    heights = [y for point in line.points for y in (point.y, point.y_low, point.y_high)]
    assert all(y is not None and 0 <= y <= HEIGHT for y in heights)


def test_a_lesson_with_few_pauses_has_no_point() -> None:
    line = trend([Visit(1, True, spread(LONG[:2]).median_s)], 3.0)
    assert (None, True) == (line.points[0].y, line.points[0].baseline)
