"""A school in a database, for the bench and the tests: people, lessons, and a way in for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dashboard.accounts.identity import digest, new_secret
from dashboard.accounts.models import Account, Goal, GoalShare, Invitation, Login, Share, Watch
from dashboard.accounts.roles import Role
from dashboard.clock import SystemClock
from dashboard.inbox import Accepted
from dashboard.store import by_hand
from dashboard.store.models import Device, Lesson
from dashboard.store.writer import store, store_receiver_state
from dashboard.talk.models import Guess, Note
from lesson.events import Correction, CueMode
from lesson.wire import DeviceInfo, DeviceStatus, LiveState
from tools.bench.dashboard import long_lesson

DEVICE = "lokaal-12"
#: in this order they have the numbers 1, 2, …
PEOPLE = (
    ("sanne", "Sanne de Vries", Role.TEACHER),
    ("joris", "Joris Bakker", Role.TEACHER),
    ("trudy", "Trudy Smit", Role.TRAINER),
    ("tim", "Tim Visser", Role.TRAINER),
    ("stef", "Stef Meijer", Role.STEERING),
    ("ada", "Ada Hendriks", Role.ADMINISTRATOR),
)
#: teachers with one short lesson each: with Sanne enough for the steering group to see a figure
COLLEAGUES = ("Bram Kok", "Fatima el Amrani", "Lotte Mulder", "Yusuf Demir")
GOAL = "Drie seconden stilte voor ik een naam noem"
LATEST = long_lesson.Lesson()
#: seconds of a typical think pause in the visits before it; the first is the baseline
EARLIER = (1.1, 1.3, 1.6, 1.7, 2.1, 2.2)
NOTES = (
    (412.0, "Mooie stilte hier: drie kinderen staken daarna pas hun vinger op."),
    (1631.0, "Zullen we dit stukje samen terugzien?"),
    (None, "Volgende keer letten op vragen die elkaar opvolgen."),
)


class School:
    """Six people; Sanne has some visits, shared with Trudy; a trainer asks to watch.

    Args:
        questions: in each lesson.
        earlier: visits before the latest one.
    """

    def __init__(self, engine: Engine, questions: int, earlier: int = len(EARLIER)) -> None:
        self.engine = engine
        self.latest = replace(LATEST, questions=questions)
        self._earlier = earlier
        self.clock = SystemClock()
        self.numbers = {name: at for at, (name, _, _) in enumerate(PEOPLE, start=1)}

    def fill(self) -> None:
        """Everything that a page may show."""
        now = self.clock.now()
        self.people(now)
        lessons = self.visits()
        others = [
            long_lesson.Lesson(
                device=f"gang-{number}", boot=f"{number:08x}000000c1", seed=number, questions=9
            )
            for number in range(len(COLLEAGUES))
        ]
        for lesson in (*lessons, *others):
            store(self.engine, [Accepted(e.device, e) for e in lesson.envelopes()], now)
        with Session(self.engine) as session, session.begin():
            self._talk(session, lessons, now)
        info = DeviceInfo(software="0.1.0", recogniser="vosk-model-small-nl-0.22", language="nl")
        store(self.engine, [Accepted(DEVICE, info)], now)

    def people(self, now: datetime) -> None:
        """The accounts, and Sanne's device. No password opens them: only ``login`` does."""
        with Session(self.engine) as session, session.begin():
            for name, full_name, role in PEOPLE:
                session.add(
                    Account(
                        name=name,
                        full_name=full_name,
                        role=role.value,
                        password_hash="-",
                        created=now,
                    )
                )
                session.flush()
            for number, full_name in enumerate(COLLEAGUES):
                colleague = Account(
                    name=full_name.lower().replace(" ", "-"),
                    full_name=full_name,
                    role=Role.TEACHER.value,
                    password_hash="-",
                    created=now,
                )
                session.add(colleague)
                session.flush()
                session.add(Device(id=f"gang-{number}", first_seen=now, owner=colleague.id))
            owner = self.numbers["sanne"]
            session.add(Device(id=DEVICE, first_seen=now, owner=owner))
            session.add(Device(id="lokaal-14", first_seen=now))

    def visits(self) -> Sequence[long_lesson.Lesson]:
        """From the baseline to the latest lesson."""
        found = [
            long_lesson.Lesson(
                lesson=f"01hzvisit{number:09d}",
                boot=f"{number:08x}000000f1",
                start=long_lesson.START - timedelta(weeks=len(EARLIER) - number),
                mode=CueMode.SILENT if number == 0 else CueMode.CUE,
                pause_s=pause_s,
                seed=number,
                questions=self.latest.questions,
            )
            for number, pause_s in enumerate(EARLIER[: self._earlier])
        ]
        return [*found, self.latest]

    def login(self, name: str, lifetime: timedelta = timedelta(hours=12)) -> str:
        """A new log-in; the secret that a cookie carries."""
        return self.logins([self.numbers[name]], lifetime)[0]

    def logins(self, accounts: Sequence[int], lifetime: timedelta) -> list[str]:
        """One for each of these accounts."""
        now = self.clock.now()
        secrets = [new_secret() for _ in accounts]
        with Session(self.engine) as session, session.begin():
            for account, secret in zip(accounts, secrets, strict=True):
                session.add(
                    Login(
                        digest=digest(secret), account=account, created=now, expires=now + lifetime
                    )
                )
        return secrets

    def invitation(self) -> str:
        """The secret of a link for a new teacher."""
        secret, now = new_secret(), self.clock.now()
        with Session(self.engine) as session, session.begin():
            session.add(
                Invitation(
                    digest=digest(secret),
                    role=Role.TEACHER.value,
                    full_name="Noor Jansen",
                    created=now,
                    expires=now + timedelta(days=7),
                )
            )
        return secret

    def speak(self, think_s: float = 1.4) -> None:
        """A pause runs in the latest lesson at this moment."""
        now = self.clock.now()
        store_receiver_state(self.engine, connected=True, now=now, retention_days=365)
        status = DeviceStatus(state="ready", boot=LATEST.boot, lesson=LATEST.lesson)
        live = LiveState(lesson=LATEST.lesson, t=2990, phase="think", think_s=think_s, target_s=3)
        store(self.engine, [Accepted(DEVICE, status), Accepted(DEVICE, live)], now)

    def _talk(self, session: Session, lessons: Sequence[long_lesson.Lesson], now: datetime) -> None:
        sanne, trudy = self.numbers["sanne"], self.numbers["trudy"]
        goal = Goal(owner=sanne, text=GOAL, created=now)
        session.add(goal)
        session.flush()
        session.add(GoalShare(goal=goal.id, account=trudy, created=now))
        for each in lessons:
            key = {"device": each.device, "lesson": each.lesson}
            session.add(Share(**key, account=trudy, created=now))
            session.add(Guess(**key, pause_s=3.0, order_share=0.7, created=now))
            session.get_one(Lesson, (each.device, each.lesson)).goal = goal.id
        for t, text in NOTES:
            session.add(
                Note(
                    device=DEVICE, lesson=LATEST.lesson, account=trudy, t=t, text=text, created=now
                )
            )
        session.add(
            Watch(device=DEVICE, account=trudy, asked=now, allowed_until=now + timedelta(hours=3))
        )
        session.add(Watch(device=DEVICE, account=self.numbers["tim"], asked=now))
        wrong = next(e for e in self.latest.envelopes() if e.event.kind == "question")
        stored = session.get_one(Lesson, (DEVICE, LATEST.lesson))
        correction = Correction(t=wrong.event.t, action="remove", target=wrong.id, by="teacher")
        by_hand.append(session, stored, correction, sanne, now)


def cookie(app: Flask, secret: str) -> dict[str, str]:
    """Name and value of the cookie with which a browser is logged in."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return {
        "name": app.config["SESSION_COOKIE_NAME"],
        "value": serializer.dumps({"_user_id": secret, "_fresh": True}),
    }
