"""Who asks: log-ins kept on the server, found by the secret in the browser's signed cookie."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import (  # type: ignore[import-untyped] # it publishes no types
    LoginManager,
    UserMixin,
    current_user,
    login_user,
)
from sqlalchemy import select

from dashboard.accounts.models import Account, Login
from dashboard.accounts.roles import Role
from dashboard.parts import parts

#: A school day: who forgot to log out of a shared tablet is logged out the next morning.
LOGIN_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Person(UserMixin):  # type: ignore[misc]
    """The account behind a request."""

    id: int
    full_name: str
    role: Role
    secret: str

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.secret

    @property
    def login(self) -> str:
        """The digest under which this log-in is stored."""
        return digest(self.secret)


def new_secret() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret. It is random, so it needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def install(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # a tablet changes its address; log-ins end on the server
    manager.user_loader(_person)
    manager.unauthorized_handler(_ask_to_log_in)


def login_manager() -> LoginManager:
    return current_app.login_manager  # type: ignore[attr-defined]


def somebody() -> Person | None:
    """Who asks; ``None``: not logged in."""
    return cast(Person, current_user) if current_user.is_authenticated else None


def me() -> Person:
    """Who asks, in a view that is not open to everybody."""
    person = somebody()
    if person is None:
        abort(401)
    return person


def log_in(account: Account) -> None:
    """Make a new log-in and put it in a session that starts empty."""
    secret, now = new_secret(), parts().clock.now()
    with parts().writing() as transaction, transaction.begin():
        transaction.add(
            Login(digest=digest(secret), account=account.id, created=now, expires=now + LOGIN_FOR)
        )
    session.clear()
    login_user(Person(account.id, account.full_name, Role(account.role), secret))


def _person(secret: str) -> Person | None:
    statement = (
        select(Account)
        .join(Login, Login.account == Account.id)
        .where(Login.digest == digest(secret), Login.expires > parts().clock.now())
    )
    with parts().session() as asked:
        account = asked.scalars(statement).first()
    if account is None:
        return None
    return Person(account.id, account.full_name, Role(account.role), secret)


def _ask_to_log_in() -> ResponseReturnValue:
    wanted = {kind for kind, _ in request.accept_mimetypes}
    if request.method != "GET" or "text/html" not in wanted:
        abort(401)
    return redirect(url_for("account.log_in", next=request.full_path.rstrip("?")))
