"""The demonstration account: a teacher who owns the demo's device, let in by a link.

It exists only where the web server was started with ``--demo`` on loopback. Its link holds as
long as the process runs, so that whoever runs the demo may open it in a second browser. No
password fits it, so the link is the only way in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import select

from dashboard.accounts import people
from dashboard.accounts.identity import new_secret
from dashboard.accounts.models import Account
from dashboard.accounts.roles import Role
from dashboard.parts import parts
from dashboard.store.models import Device

NAME = "demo"
#: not the hash of anything
NO_PASSWORD = "-"  # nosec B105 # no password has this hash


@dataclass(frozen=True, slots=True)
class Entrance:
    """The secret of the link, and whom it lets in."""

    secret: str
    account: int


def open_entrance(app: Flask) -> str:
    """Make the account and its devices where they are missing; returns the path of the link."""
    with app.app_context():
        made = parts()
        with made.writing() as session, session.begin():
            account = session.scalars(select(Account).where(Account.name == NAME)).first()
            if account is None:
                chosen = people.NewPerson(NAME, "Demo", NO_PASSWORD)
                account = people.create(session, chosen, Role.TEACHER, made.clock.now())
            for name in made.settings.demo_devices:
                device = session.get(Device, name)
                if device is None:
                    device = Device(id=name, first_seen=made.clock.now())
                    session.add(device)
                people.give_device(session, device, account.id, earlier=True)
            entrance = Entrance(new_secret(), account.id)
    app.extensions["dashboard_demo"] = entrance
    return f"/demo/{entrance.secret}"


def account_for(secret: str) -> Account | None:
    """The demonstration account, for who has the link."""
    entrance = _entrance()
    if entrance is None or not secrets.compare_digest(secret.encode(), entrance.secret.encode()):
        return None
    with parts().session() as session:
        return session.get(Account, entrance.account)


def is_demo(account: int) -> bool:
    entrance = _entrance()
    return entrance is not None and entrance.account == account


def _entrance() -> Entrance | None:
    entrance: Entrance | None = current_app.extensions.get("dashboard_demo")
    return entrance
