"""The web application: settings in, pages out."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, render_template
from flask_bootstrap import Bootstrap5  # type: ignore[import-untyped] # it publishes no types
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from dashboard import compression, i18n, navigation, security
from dashboard.accounts import identity, policy, rules
from dashboard.accounts.passwords import Passwords
from dashboard.clock import Clock, SystemClock
from dashboard.commands import Announcer
from dashboard.live import LiveHub, Ticket
from dashboard.parts import EXTENSION, Parts
from dashboard.settings import Settings
from dashboard.snapshot import SnapshotReader
from dashboard.store.database import open_database, writing_engine
from dashboard.views import (
    account,
    comparing,
    corrections,
    exports,
    goals,
    health,
    lessons,
    live,
    people,
    school,
    sharing,
    talk,
    uploads,
)

#: A new page goes into one of these, or becomes one more.
BLUEPRINTS = (
    account.pages,
    comparing.pages,
    corrections.pages,
    exports.pages,
    goals.pages,
    health.pages,
    lessons.pages,
    live.pages,
    people.pages,
    school.pages,
    sharing.pages,
    talk.pages,
    uploads.pages,
)


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Build the application.

    Raises:
        dashboard.errors.DatabaseError: the database cannot be opened.
        dashboard.errors.ArgumentError: the secret key cannot be used.
        dashboard.accounts.rules.MissingRuleError: a view does not say who may open it.
    """
    clock = clock or SystemClock()
    engine = open_database(settings.database)
    reader = SnapshotReader(engine, clock)
    hub = LiveHub(
        reader.read,
        clock,
        tick_s=settings.tick_s,
        viewers=settings.viewers,
        check=lambda tickets: _still_watching(engine, clock, tickets),
        recheck_s=settings.recheck_s,
        announce=Announcer(writing_engine(engine), clock).announce,
    )
    app = Flask(__name__)
    app.extensions[EXTENSION] = Parts(engine, hub, clock, settings, Passwords())
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    i18n.install(app, settings.timezone)
    identity.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    rules.install(app)
    security.install(app, settings)
    security.limit_guessing(app, "account.log_in")
    compression.install(app)
    navigation.install(app)
    app.register_error_handler(HTTPException, _error_page)
    return app


def _still_watching(engine: Engine, clock: Clock, tickets: Collection[Ticket]) -> set[Ticket]:
    with Session(engine) as session:
        return policy.still_watching(session, tickets, clock.now())


def _error_page(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400 or error.code == 400:
        return error  # a host name that is not ours must not reach the translations
    return render_template("error.html", code=error.code), error.code
