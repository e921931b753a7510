"""The steering group sees five teachers together or nothing."""

from __future__ import annotations

import pytest
from lesson_events import LessonScript
from people import People

from dashboard import school
from dashboard.accounts.roles import Role

pytestmark = [pytest.mark.unit, pytest.mark.slow]


def teacher_with_lessons(people: People, number: int, *pauses_s: float) -> None:
    """One lesson of five questions for each pause."""
    owner = people.account(Role.TEACHER, f"leraar{number}")
    for visit, pause_s in enumerate(pauses_s):
        script = LessonScript(
            device=f"lokaal-{number}",
            lesson=f"lesson{number:02d}{visit:02d}",
            boot=f"{number:08x}{visit:08x}",
        ).started()
        for question in range(5):
            script.question_pause_name(10 + 30 * question, pause_s)
        people.lesson(script, owner)


def test_four_teachers_are_too_few_for_any_figure(people: People) -> None:
    for number in range(4):
        teacher_with_lessons(people, number, 1.0, 3.0)
    with people.parts.session() as session:
        assert school.School(None, None, None, None, None) == school.school(session)
    steering = people.client(people.account(Role.STEERING, "stef"))
    assert 5 == steering.get("/school").text.count("te weinig deelnemers")


def test_five_teachers_give_a_spread_over_teachers(people: People) -> None:
    for number, pause_s in enumerate((1.0, 1.2, 1.4, 1.6, 1.8)):
        teacher_with_lessons(people, number, pause_s, pause_s + 1)
    with people.parts.session() as session:
        shown = school.school(session)
    assert (5, 10) == (shown.teachers, shown.lessons)
    assert shown.first_pause is not None
    assert (5, 1.4, 1.2, 1.6) == pytest.approx(
        (
            shown.first_pause.n,
            shown.first_pause.median_s,
            shown.first_pause.q1_s,
            shown.first_pause.q3_s,
        )
    )
    assert shown.change is not None
    assert 1.0 == pytest.approx(shown.change.median_s)


def test_a_cell_with_four_teachers_is_left_out_where_another_has_five(people: People) -> None:
    for number in range(4):
        teacher_with_lessons(people, number, 1.0, 2.0)
    teacher_with_lessons(people, 4, 1.0)
    with people.parts.session() as session:
        shown = school.school(session)
    assert shown.first_pause is not None
    assert shown.change is None
