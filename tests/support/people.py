"""People for the tests of the dashboard: accounts, and test clients that are logged in."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from lesson_events import LessonScript

from dashboard.accounts.identity import digest, new_secret
from dashboard.accounts.models import Account, Goal, GoalShare, Login, Share
from dashboard.accounts.roles import Role
from dashboard.inbox import Accepted
from dashboard.parts import EXTENSION, Parts
from dashboard.store.models import Device, Lesson
from dashboard.store.writer import store
from dashboard.talk.models import Guess

PASSWORD = "een lange zin als wachtwoord"


class People:
    """Makes accounts in the database of an application, and clients for them.

    No password is hashed unless a test asks for one: that takes a tenth of a second each time.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.parts: Parts = app.extensions[EXTENSION]

    def account(self, role: Role, name: str, password: str | None = None) -> int:
        """A new account with this log-in name; its number."""
        passwords = self.parts.passwords
        row = Account(
            name=name,
            full_name=name.title(),
            role=role.value,
            password_hash=passwords.make_hash(password) if password else "none",
            created=self.parts.clock.now(),
        )
        with self.parts.writing() as session, session.begin():
            session.add(row)
            session.flush()
            return row.id

    def client(self, account: int | None) -> FlaskClient:
        """A browser in which this account is logged in, or nobody."""
        client = self.app.test_client()
        if account is not None:
            secret, now = new_secret(), self.parts.clock.now()
            login = Login(
                digest=digest(secret), account=account, created=now, expires=now + timedelta(days=1)
            )
            with self.parts.writing() as session, session.begin():
                session.add(login)
            with client.session_transaction() as cookie:
                cookie["_user_id"] = secret
                cookie["_fresh"] = True
        return client

    def lesson(self, script: LessonScript, owner: int | None) -> None:
        """Store a lesson on a device that belongs to this account from now on."""
        now = self.parts.clock.now()
        with self.parts.writing() as session, session.begin():
            device = session.get(Device, script.device)
            if device is None:
                session.add(Device(id=script.device, first_seen=now, owner=owner))
            else:
                device.owner = owner
        with self.parts.writing() as session:
            engine = session.get_bind()
        store(engine, [Accepted(e.device, e) for e in script.envelopes], now)

    def skip_guess(self, script: LessonScript) -> None:
        """The teacher wants the figures at once."""
        with self.parts.writing() as session, session.begin():
            session.merge(
                Guess(device=script.device, lesson=script.lesson, created=self.parts.clock.now())
            )

    def share(self, script: LessonScript, account: int) -> None:
        share = Share(
            device=script.device,
            lesson=script.lesson,
            account=account,
            created=self.parts.clock.now(),
        )
        with self.parts.writing() as session, session.begin():
            session.add(share)

    def goal(self, owner: int, *scripts: LessonScript) -> int:
        """A goal of this teacher with these lessons under it; its number."""
        now = self.parts.clock.now()
        with self.parts.writing() as session, session.begin():
            goal = Goal(owner=owner, text="Drie seconden voor een naam", created=now)
            session.add(goal)
            session.flush()
            for script in scripts:
                session.get_one(Lesson, (script.device, script.lesson)).goal = goal.id
            return goal.id

    def share_goal(self, goal: int, account: int) -> None:
        share = GoalShare(goal=goal, account=account, created=self.parts.clock.now())
        with self.parts.writing() as session, session.begin():
            session.add(share)

    def lessons(self) -> list[str]:
        """Ids of the lessons that there are."""
        with self.parts.session() as session:
            return [lesson.id for lesson in session.query(Lesson).order_by(Lesson.id)]
