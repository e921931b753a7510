"""Ways in and out: links, passwords, log-ins that end on the server."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from people import PASSWORD, People
from sqlalchemy import select

from dashboard.accounts import people as accounts
from dashboard.accounts.models import Account, Invitation
from dashboard.accounts.roles import Role

pytestmark = [pytest.mark.unit, pytest.mark.slow]

CHOSEN = {"name": "Ada", "full_name": "Ada de Vries", "password": PASSWORD, "again": PASSWORD}


def log_in(client: FlaskClient, name: str = "sanne", password: str = PASSWORD) -> int:
    answer = client.post("/login", data={"name": name, "password": password})
    return answer.status_code


def first_link(app: Flask) -> str | None:
    made = app.extensions["dashboard"]
    with made.writing() as session, session.begin():
        secret = accounts.first_administrator(session, made.clock.now())
    return f"/invitation/{secret}" if secret else None


def test_the_first_link_makes_an_administrator_once(app: Flask, people: People) -> None:
    link, client = first_link(app), people.client(None)
    assert 200 == client.get(link).status_code
    assert "/start" == client.post(link, data=CHOSEN).location
    assert 200 == client.get("/accounts").status_code
    assert 410 == people.client(None).post(link, data=CHOSEN).status_code
    assert first_link(app) is None


def test_a_second_start_ends_the_first_link(app: Flask, people: People) -> None:
    old, new = first_link(app), first_link(app)
    client = people.client(None)
    assert (410, 200) == (client.get(old).status_code, client.get(new).status_code)


def test_an_invitation_makes_an_account_in_its_role_within_a_week(
    people: People, clock: object
) -> None:
    administrator = people.client(people.account(Role.ADMINISTRATOR, "ada"))
    links = []
    for _ in range(2):
        page = administrator.post("/accounts/invite", data={"full_name": "Tim", "role": "trainer"})
        links += re.findall(r"http://localhost(/invitation/[\w-]+)", page.text)
    visitor = people.client(None)
    assert "trainer" in visitor.get(links[0]).text
    visitor.post(links[0], data=CHOSEN | {"name": "tim"})
    assert (200, 403) == (visitor.get("/").status_code, visitor.get("/accounts").status_code)
    clock.advance(timedelta(days=8).total_seconds())
    assert 410 == people.client(None).get(links[1]).status_code


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"password": "te kort", "again": "te kort"}, "tussen 12 en 200"),
        ({"again": PASSWORD + "!"}, "niet gelijk"),
        ({"name": "a b"}, "Gebruik alleen kleine letters"),
        ({"name": "wachtwoord"}, "inlognaam mag niet"),
        ({"name": "sanne"}, "heeft deze inlognaam al"),
        ({"full_name": " "}, "vereist"),
    ],
)
def test_what_cannot_be_an_account_is_said_beside_the_field(
    app: Flask, people: People, changes: dict[str, str], message: str
) -> None:
    people.account(Role.TEACHER, "sanne")
    page = people.client(None).post(first_link(app), data=CHOSEN | changes)
    assert 200 == page.status_code
    assert message in page.text.partition("invalid-feedback")[2]
    with app.extensions["dashboard"].session() as session:
        assert ["sanne"] == list(session.scalars(select(Account.name)))


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(people: People) -> None:
    people.account(Role.TEACHER, "sanne", PASSWORD)
    client = people.client(None)
    wrong = client.post("/login", data={"name": "sanne", "password": "iets anders"})
    unknown = client.post("/login", data={"name": "nobody", "password": "iets anders"})
    assert (401, 401) == (wrong.status_code, unknown.status_code)
    assert wrong.text.replace("sanne", "…") == unknown.text.replace("nobody", "…")


def test_an_unknown_name_costs_a_check_of_the_same_cost(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = people.parts.passwords
    real = passwords.make_hash(PASSWORD)
    checked = []
    hasher = passwords._hasher
    verify = type(hasher).verify
    monkeypatch.setattr(
        type(hasher),
        "verify",
        lambda self, known, given: checked.append(known) or verify(self, known, given),
    )
    assert [False, False] == [passwords.matches(known, "iets anders") for known in (real, None)]
    assert checked[0].split("$")[:4] == checked[1].split("$")[:4]
    assert [len(part) for part in checked[0].split("$")] == [
        len(part) for part in checked[1].split("$")
    ]


def test_a_log_in_starts_an_empty_session_with_a_new_secret(people: People) -> None:
    people.account(Role.TEACHER, "sanne", PASSWORD)
    client = people.client(None)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["_user_id"] = "planted"
    assert 302 == log_in(client, " Sanne ")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "planted" != cookie["_user_id"]


def test_logging_out_ends_the_log_in_on_the_server(people: People) -> None:
    account = people.account(Role.TEACHER, "sanne")
    client = people.client(account)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    client.post("/logout")
    thief = people.client(None)
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert 401 == thief.get("/lessons").status_code


def test_a_new_password_and_logging_out_everywhere_end_all_other_log_ins(people: People) -> None:
    account = people.account(Role.TEACHER, "sanne", PASSWORD)
    here, there = people.client(account), people.client(account)
    new = "een heel andere zin"
    changed = {"current": "niet dit", "password": new, "again": new}
    assert 401 == here.post("/account/password", data=changed).status_code
    assert 302 == here.post("/account/password", data=changed | {"current": PASSWORD}).status_code
    assert (200, 401) == (here.get("/lessons").status_code, there.get("/lessons").status_code)
    again = people.client(None)
    assert (401, 302) == (log_in(again), log_in(again, password=new))
    here.post("/logout/everywhere")
    assert 401 == again.get("/lessons").status_code


def test_a_log_in_is_over_the_next_day(people: People, clock: object) -> None:
    people.account(Role.TEACHER, "sanne", PASSWORD)
    client = people.client(None)
    log_in(client)
    clock.advance(11 * 3600)
    assert 200 == client.get("/lessons").status_code
    clock.advance(2 * 3600)
    assert 401 == client.get("/lessons").status_code


def test_the_administrator_lets_somebody_choose_a_new_password(people: People) -> None:
    account = people.account(Role.TEACHER, "sanne", PASSWORD)
    administrator = people.client(people.account(Role.ADMINISTRATOR, "ada"))
    page = administrator.post(f"/accounts/{account}/renew").text
    link = re.findall(r"http://localhost(/invitation/[\w-]+)", page)[0]
    new = "een heel andere zin"
    assert 302 == people.client(None).post(link, data={"password": new, "again": new}).status_code
    assert (401, 302) == (log_in(people.client(None)), log_in(people.client(None), password=new))
    with people.parts.session() as session:
        assert [] == list(session.scalars(select(Invitation)))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/lessons?page=2", "/lessons?page=2"),
        ("//evil.example/", "/start"),
        ("/\\evil.example/", "/start"),
        ("https://evil.example/", "/start"),
        ("/\t/evil.example", "/start"),
    ],
)
def test_after_log_in_one_is_where_one_wanted_to_be_on_this_site(
    people: People, asked: str, expected: str
) -> None:
    people.account(Role.TEACHER, "sanne", PASSWORD)
    answer = people.client(None).post(
        "/login", query_string={"next": asked}, data={"name": "sanne", "password": PASSWORD}
    )
    assert expected == answer.location
