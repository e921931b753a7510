"""Leerdoelen: lessons under one goal are shared together, and no longer when that is taken back."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from lesson_events import LessonScript
from sqlalchemy import select

from dashboard.accounts.models import Goal, GoalShare

pytestmark = [pytest.mark.unit, pytest.mark.slow]

LATER = LessonScript(lesson="01hzdemolesson0002", boot="00000000000000b1")


def test_lessons_under_a_goal_are_seen_together_until_that_is_taken_back(school: object) -> None:
    teacher, trainer = school.client("sanne"), school.client("trudy")
    trudy = {"account": school.accounts["trudy"]}
    school.people.lesson(LATER.started(), school.accounts["sanne"])
    assert 302 == teacher.post("/goals", data={"text": "Drie seconden"}).status_code
    assert "Drie seconden" in teacher.get("/goals").text
    teacher.post("/goals/1/sharing", data=trudy)
    assert 403 == trainer.get(school.lesson).status_code
    for path in (school.lesson, f"/lessons/{LATER.lesson}"):
        teacher.post(f"{path}/goal", data={"goal": 1})
        assert 200 == trainer.get(path).status_code
        assert 403 == school.client("tim").get(path).status_code
    assert "Leerdoel: Drie seconden" in trainer.get(school.lesson).text
    assert 2 == trainer.get("/lessons").text.count('<th scope="row">')
    teacher.post(f"/lessons/{LATER.lesson}/goal", data={"goal": 0})
    assert 403 == trainer.get(f"/lessons/{LATER.lesson}").status_code
    teacher.post("/goals/1/sharing/stop", data=trudy)
    assert 403 == trainer.get(school.lesson).status_code


def test_stopping_by_goal_leaves_what_was_shared_alone(school: object) -> None:
    teacher, trainer = school.client("sanne"), school.client("trudy")
    goal = school.people.goal(school.accounts["sanne"], school.script)
    school.people.share_goal(goal, school.accounts["trudy"])
    school.people.share(school.script, school.accounts["trudy"])
    teacher.post(f"/goals/{goal}/sharing/stop", data={"account": school.accounts["trudy"]})
    assert 200 == trainer.get(school.lesson).status_code


def test_a_goal_that_is_deleted_shares_nothing_and_takes_no_lesson_with_it(school: object) -> None:
    teacher, trainer = school.client("sanne"), school.client("trudy")
    goal = school.people.goal(school.accounts["sanne"], school.script)
    school.people.share_goal(goal, school.accounts["trudy"])
    teacher.post(f"/goals/{goal}/delete")
    assert (200, 403) == (
        teacher.get(school.lesson).status_code,
        trainer.get(school.lesson).status_code,
    )
    assert ([], []) == (rows(school, Goal), rows(school, GoalShare))


def rows(school: object, table: type) -> list[object]:
    with school.people.parts.session() as session:
        return list(session.scalars(select(table)))


def test_a_goal_is_its_teachers_alone(school: object) -> None:
    goal = school.people.goal(school.accounts["sanne"])
    joris = school.client("joris")
    own = LessonScript(device="aula", lesson="01hzdemolesson0009", boot="00000000000000d1")
    school.people.lesson(own.started(), school.accounts["joris"])
    account = {"account": school.accounts["trudy"]}
    assert [403] * 5 == [
        joris.get(f"/goals/{goal}").status_code,
        joris.post(f"/goals/{goal}/sharing", data=account).status_code,
        joris.post(f"/goals/{goal}/sharing/stop", data=account).status_code,
        joris.post(f"/goals/{goal}/delete").status_code,
        joris.post(f"/lessons/{own.lesson}/goal", data={"goal": goal}).status_code,
    ]
    assert 1 == len(rows(school, Goal))


@pytest.mark.parametrize("name", ["stef", "ada", "sanne"])
def test_a_goal_cannot_be_shared_with_who_leads_or_with_oneself(school: object, name: str) -> None:
    goal = school.people.goal(school.accounts["sanne"])
    account = {"account": school.accounts[name]}
    assert 422 == school.client("sanne").post(f"/goals/{goal}/sharing", data=account).status_code


@pytest.mark.parametrize("text", ["", "   ", "x" * 201])
def test_a_goal_has_words_and_not_too_many(school: object, text: str) -> None:
    assert 400 == school.client("sanne").post("/goals", data={"text": text}).status_code
    assert [] == rows(school, Goal)


def test_goals_are_in_ones_own_data_and_go_with_the_account(school: object) -> None:
    goal = school.people.goal(school.accounts["sanne"], school.script)
    school.people.share_goal(goal, school.accounts["trudy"])
    with school.client("sanne").get("/account/export") as answer:
        about = json.loads(zipfile.ZipFile(io.BytesIO(answer.data)).read("account.json"))
    assert (goal, ["Trudy"]) == (
        about["goals"][0]["id"],
        [share["name"] for share in about["goals_shared_with_others"]],
    )
    school.client("ada").post(f"/accounts/{school.accounts['sanne']}/close")
    assert ([], []) == (rows(school, Goal), rows(school, GoalShare))
