"""An application, and people in each role with a lesson between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lesson_events import LessonScript, a_lesson
from people import People

from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.settings import Settings


@dataclass
class School:
    """Somebody in each role. The lesson is Sanne's, and nobody else's."""

    people: People
    script: LessonScript
    accounts: dict[str, int]
    roles: dict[str, Role]

    def client(self, name: str | None) -> FlaskClient:
        return self.people.client(self.accounts[name] if name else None)

    @property
    def lesson(self) -> str:
        return f"/lessons/{self.script.lesson}"


ROLES = {
    "sanne": Role.TEACHER,
    "joris": Role.TEACHER,
    "trudy": Role.TRAINER,
    "tim": Role.TRAINER,
    "stef": Role.STEERING,
    "ada": Role.ADMINISTRATOR,
}


@pytest.fixture
def app(database: str, clock: object) -> Iterator[Flask]:
    made = create_app(Settings(database=database), clock)
    made.config["WTF_CSRF_ENABLED"] = False  # test_security.py is about it
    yield made
    made.extensions["dashboard"].close()


@pytest.fixture
def people(app: Flask) -> People:
    return People(app)


@pytest.fixture
def school(people: People) -> School:
    accounts = {name: people.account(role, name) for name, role in ROLES.items()}
    script = a_lesson().ended(2400)
    people.lesson(script, accounts["sanne"])
    return School(people, script, accounts, ROLES)
