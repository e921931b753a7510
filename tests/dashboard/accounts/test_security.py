"""Cookies, CSRF, limits, the secret key, and what travels compressed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from people import PASSWORD, People

from dashboard import security
from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.errors import ArgumentError
from dashboard.settings import Settings

pytestmark = [pytest.mark.unit, pytest.mark.slow]

NAME_AND_PASSWORD = {"name": "sanne", "password": PASSWORD}


@pytest.fixture
def app(database: str, clock: object) -> Iterator[Flask]:
    made = create_app(Settings(database=database), clock)
    yield made
    made.extensions["dashboard"].close()


@pytest.fixture
def public(database: str, clock: object) -> Iterator[Flask]:
    """As behind a web server with TLS."""
    settings = Settings(database=database, hosts=("denkpauze.school",), secure=True)
    made = create_app(settings, clock)
    yield made
    made.extensions["dashboard"].close()


def token(page: str) -> str:
    return re.findall(r'name="csrf_token" type="hidden" value="([^"]+)"', page)[0]


def test_nothing_is_changed_without_the_token_of_the_page(app: Flask) -> None:
    people = People(app)
    people.account(Role.TEACHER, "sanne", PASSWORD)
    client = people.client(None)
    assert 400 == client.post("/login", data=NAME_AND_PASSWORD).status_code
    right = token(client.get("/login").text)
    assert 302 == client.post("/login", data=NAME_AND_PASSWORD | {"csrf_token": right}).status_code
    assert 400 == client.post("/logout").status_code
    # the token of before the log-in is worth nothing after it
    assert 400 == client.post("/logout", data={"csrf_token": right}).status_code


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(app: Flask) -> None:
    cookie = app.test_client().get("/login").headers["Set-Cookie"]
    assert cookie.startswith("denkpauze=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} == set(cookie.split("; ")[1:])


def test_behind_tls_the_cookie_never_travels_in_the_clear(public: Flask) -> None:
    answer = public.test_client().get("/login", base_url="https://denkpauze.school")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-denkpauze=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} == set(cookie.split("; ")[1:])
    assert security.TRANSPORT_SECURITY == answer.headers["Strict-Transport-Security"]


def test_too_many_failed_attempts_for_one_name_are_refused_and_other_names_are_not(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    people = People(app)
    people.account(Role.TEACHER, "sanne", PASSWORD)
    people.account(Role.TEACHER, "joris", PASSWORD)
    passwords = people.parts.passwords
    monkeypatch.setattr(
        type(passwords), "matches", lambda _, known, given: bool(known) and given == PASSWORD
    )
    client = people.client(None)

    def attempt(name: str, password: str) -> int:
        return client.post("/login", data={"name": name, "password": password}).status_code

    assert [401] * 8 == [attempt("Sanne", "geraden wachtwoord") for _ in range(8)]
    assert (429, 302) == (attempt("sanne", PASSWORD), attempt("joris", PASSWORD))


def test_good_log_ins_are_not_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    people = People(app)
    people.account(Role.TEACHER, "sanne", PASSWORD)
    monkeypatch.setattr(type(people.parts.passwords), "matches", lambda *_: True)
    answers = [people.client(None).post("/login", data=NAME_AND_PASSWORD) for _ in range(40)]
    assert {302} == {answer.status_code for answer in answers}


def test_the_key_is_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = security.secret_key(path)
    assert (64, 0o600, made) == (len(made), path.stat().st_mode & 0o777, security.secret_key(path))
    assert [path] == list(tmp_path.iterdir())


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    security.secret_key(path)
    path.chmod(0o640)
    with pytest.raises(ArgumentError, match="chmod 600"):
        security.secret_key(path)


def test_a_key_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="cannot use the secret key") as caught:
        security.secret_key(tmp_path / "missing" / "key")
    assert "\n" not in str(caught.value)


def test_a_cookie_signed_with_another_key_is_nobody(app: Flask) -> None:
    people = People(app)
    client = people.client(people.account(Role.TEACHER, "sanne"))
    assert 200 == client.get("/lessons").status_code
    app.secret_key = "another"
    assert 401 == client.get("/lessons").status_code


def test_the_style_sheet_travels_compressed_and_only_once(app: Flask) -> None:
    path = "/bootstrap/static/css/bootstrap.min.css"
    client = app.test_client()
    accept = {"Accept-Encoding": "gzip"}
    with client.get(path) as plain, client.get(path, headers=accept) as small:
        assert plain.data == gzip.decompress(small.data)
        assert ("gzip", True) == (small.headers["Content-Encoding"], len(small.data) < 40_000)
        assert "Accept-Encoding" in small.headers["Vary"]
        tag = small.headers["ETag"]
    with client.get(path, headers=accept | {"If-None-Match": tag}) as again:
        assert (304, b"") == (again.status_code, again.data)


def test_a_form_that_is_too_large_is_refused(app: Flask) -> None:
    client = app.test_client()
    body = {"name": "x" * (security.LARGEST_FORM_BYTES + 1), "password": "y"}
    assert 413 == client.post("/login", data=body).status_code
