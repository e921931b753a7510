"""What the teacher decides: sharing, taking back, watching live, deleting, all one's data."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from lesson_events import LessonScript
from sqlalchemy import select

from dashboard.accounts import policy
from dashboard.accounts.identity import digest
from dashboard.accounts.models import Outgoing, Share, Watch
from dashboard.store.models import Lesson, Live, StoredEvent
from lesson.lesson_file import read_lesson_file

pytestmark = [pytest.mark.unit, pytest.mark.slow]

DEVICE = "lokaal-12"


def test_a_shared_lesson_is_seen_until_it_is_taken_back(school: object) -> None:
    teacher, trainer = school.client("sanne"), school.client("trudy")
    trudy = {"account": school.accounts["trudy"]}
    assert 403 == trainer.get(school.lesson).status_code
    teacher.post(f"{school.lesson}/sharing", data=trudy)
    assert 200 == trainer.get(school.lesson).status_code
    assert school.script.lesson in trainer.get("/lessons").text
    assert 403 == school.client("tim").get(school.lesson).status_code
    teacher.post(f"{school.lesson}/sharing/stop", data=trudy)
    assert 403 == trainer.get(school.lesson).status_code
    assert school.script.lesson not in trainer.get("/lessons").text


def test_a_page_about_a_lesson_is_never_kept_by_the_browser(school: object) -> None:
    with school.client("sanne").get(school.lesson) as answer:
        assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["stef", "ada", "sanne"])
def test_a_lesson_cannot_be_shared_with_who_leads_or_with_oneself(
    school: object, name: str
) -> None:
    account = {"account": school.accounts[name]}
    assert 422 == school.client("sanne").post(f"{school.lesson}/sharing", data=account).status_code


def test_the_lessons_stay_with_the_teacher_when_the_device_goes(school: object) -> None:
    later = LessonScript(lesson="01hzdemolesson0002", boot="00000000000000b1").started()
    school.client("ada").post(
        f"/devices/{DEVICE}", data={f"{DEVICE}-owner": school.accounts["joris"]}
    )
    school.people.lesson(later, school.accounts["joris"])
    sanne, joris = school.client("sanne"), school.client("joris")
    assert (200, 403) == (
        sanne.get(school.lesson).status_code,
        joris.get(school.lesson).status_code,
    )
    path = f"/lessons/{later.lesson}"
    assert (403, 200) == (sanne.get(path).status_code, joris.get(path).status_code)


def test_lessons_of_nobody_are_seen_by_nobody_until_the_administrator_gives_them(
    school: object,
) -> None:
    script = LessonScript(device="aula", lesson="01hzdemolesson0003", boot="00000000000000c1")
    school.people.lesson(script.started(), None)
    path = f"/lessons/{script.lesson}"
    teacher = school.client("joris")
    owner = {"aula-owner": school.accounts["joris"]}
    administrator = school.client("ada")
    assert 403 == teacher.get(path).status_code
    administrator.post("/devices/aula", data=owner)
    assert 403 == teacher.get(path).status_code
    administrator.post("/devices/aula", data=owner | {"aula-earlier": "y"})
    assert 200 == teacher.get(path).status_code


def test_watching_needs_consent_for_each_viewer_and_ends_by_itself(
    school: object, clock: object
) -> None:
    teacher, trudy, tim = (school.client(name) for name in ("sanne", "trudy", "tim"))
    watch = f"/?device={DEVICE}"
    assert (200, 403) == (teacher.get(watch).status_code, trudy.get(watch).status_code)
    trudy.post("/watching/ask", data={"account": school.accounts["sanne"]})
    assert "Trudy vraagt om mee te kijken" in teacher.get("/watching").text
    assert 403 == trudy.get(watch).status_code
    teacher.post(f"/watching/{DEVICE}/allow", data={"account": school.accounts["trudy"]})
    assert (200, 403) == (trudy.get(watch).status_code, tim.get(watch).status_code)
    clock.advance(policy.WATCH_FOR.total_seconds() + 1)
    trudy = school.client("trudy")
    assert 403 == trudy.get(watch).status_code


def test_one_tap_ends_watching_for_everybody(school: object) -> None:
    teacher = school.client("sanne")
    for name in ("trudy", "tim"):
        teacher.post(f"/watching/{DEVICE}/allow", data={"account": school.accounts[name]})
    assert 2 == viewers(school)
    teacher.post(f"/watching/{DEVICE}/end")
    assert 0 == viewers(school)


def viewers(school: object) -> int:
    parts = school.people.parts
    with parts.session() as session:
        return len(policy.viewers(session, DEVICE, parts.clock.now()))


def test_nobody_else_says_who_watches_a_device(school: object) -> None:
    account = {"account": school.accounts["trudy"]}
    assert 403 == school.client("joris").post(f"/watching/{DEVICE}/allow", data=account).status_code


def test_a_ticket_to_watch_ends_with_consent_and_with_the_log_in(school: object) -> None:
    parts = school.people.parts
    teacher = school.client("sanne")
    teacher.post(f"/watching/{DEVICE}/allow", data={"account": school.accounts["trudy"]})
    trainer = school.client("trudy")
    tickets = set()
    for client in (teacher, trainer):
        with client.session_transaction() as cookie:
            tickets.add((digest(cookie["_user_id"]), DEVICE))

    def valid() -> int:
        with parts.session() as session:
            return len(policy.still_watching(session, tickets, parts.clock.now()))

    assert 2 == valid()
    teacher.post(f"/watching/{DEVICE}/end")
    assert 1 == valid()
    teacher.post("/logout")
    assert 0 == valid()


def test_deleting_takes_two_taps_and_leaves_nothing(school: object) -> None:
    teacher, parts = school.client("sanne"), school.people.parts
    school.people.share(school.script, school.accounts["trudy"])
    with parts.writing() as session, session.begin():
        session.add(
            Live(
                device=DEVICE,
                lesson=school.script.lesson,
                phase="think",
                status_lesson=school.script.lesson,
            )
        )
    assert f'href="{school.lesson}/delete?device={DEVICE}"' in teacher.get(school.lesson).text
    confirm = teacher.get(f"{school.lesson}/delete").text
    assert f'action="{school.lesson}/delete?device={DEVICE}"' in confirm
    teacher.post(f"{school.lesson}/delete")
    assert 404 == teacher.get(school.lesson).status_code
    with parts.session() as session:
        left = [len(session.scalars(select(table)).all()) for table in (Lesson, StoredEvent, Share)]
        live = session.get(Live, DEVICE)
        waiting = session.scalars(select(Outgoing).order_by(Outgoing.number)).all()
    assert [0, 0, 0] == left
    assert (None, None) == (live.lesson, live.status_lesson)
    assert [
        (f"denkpauze/v1/{DEVICE}/lesson/{school.script.lesson}/event", "", True),
        (f"denkpauze/v1/{DEVICE}/status", "", True),
    ] == [(message.topic, message.payload, message.retain) for message in waiting]


def test_all_own_lessons_go_at_once_and_nobody_elses(school: object) -> None:
    other = LessonScript(device="aula", lesson="01hzdemolesson0009", boot="00000000000000d1")
    school.people.lesson(other.started(), school.accounts["joris"])
    teacher = school.client("sanne")
    assert 'action="/account/lessons/delete"' in teacher.get("/account/lessons/delete").text
    teacher.post("/account/lessons/delete")
    assert [other.lesson] == school.people.lessons()


def test_closing_an_account_deletes_its_lessons_and_lets_its_device_go(school: object) -> None:
    sanne = school.accounts["sanne"]
    teacher, administrator = school.client("sanne"), school.client("ada")
    teacher.post(f"/watching/{DEVICE}/allow", data={"account": school.accounts["trudy"]})
    assert "Sanne" in administrator.get(f"/accounts/{sanne}/close").text
    administrator.post(f"/accounts/{sanne}/close")
    assert [] == school.people.lessons()
    assert 401 == teacher.get("/lessons").status_code
    with school.people.parts.session() as session:
        assert [] == list(session.scalars(select(Watch)))


def export_of(school: object, name: str) -> zipfile.ZipFile:
    with school.client(name).get("/account/export") as answer:
        return zipfile.ZipFile(io.BytesIO(answer.data))


def test_all_ones_data_comes_as_csv_and_json_without_secrets(school: object) -> None:
    school.people.share(school.script, school.accounts["trudy"])
    packed = export_of(school, "sanne")
    about = json.loads(packed.read("account.json"))
    assert ("sanne", ["Trudy"]) == (
        about["account"]["name"],
        [share["name"] for share in about["shared_with_others"]],
    )
    assert not {"password_hash", "digest"} & {
        *about["account"],
        *(key for login in about["logins"] for key in login),
    }
    name = f"lessons/{DEVICE}_{school.script.lesson}"
    assert school.script.lesson == json.loads(packed.read(f"{name}.json"))["lesson"]["id"]
    file = read_lesson_file(packed.read(f"{name}.lesson.json"))
    assert [(e.id, e.event) for e in school.script.envelopes] == file.entries
    sent = [event.model_dump(mode="json") for _, event in file.entries]
    rows = list(csv.DictReader(io.StringIO(packed.read("events.csv").decode())))
    assert sent == [json.loads(row["body"]) for row in rows]
    assert 1 == len(list(csv.DictReader(io.StringIO(packed.read("lessons.csv").decode()))))


def test_the_export_of_a_trainer_holds_no_lesson_of_anybody(school: object) -> None:
    school.people.share(school.script, school.accounts["trudy"])
    packed = export_of(school, "trudy")
    assert ["account.json", "lessons.csv", "events.csv"] == packed.namelist()
    assert 1 == len(json.loads(packed.read("account.json"))["shared_with_me"])
