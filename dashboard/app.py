"""The web application: settings in, pages out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, render_template
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from dashboard import i18n
from dashboard.clock import Clock, SystemClock
from dashboard.live import LiveHub
from dashboard.settings import Settings
from dashboard.snapshot import SnapshotReader
from dashboard.store.database import open_database
from dashboard.views import lessons, live

#: Only our own files; nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the views share; found in ``app.extensions["dashboard"]``."""

    engine: Engine
    hub: LiveHub
    clock: Clock
    settings: Settings

    def session(self) -> Session:
        return Session(self.engine)

    def close(self) -> None:
        self.hub.close()
        self.engine.dispose()


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Build the application.

    Raises:
        dashboard.errors.DatabaseError: the database cannot be opened.
    """
    clock = clock or SystemClock()
    engine = open_database(settings.database)
    reader = SnapshotReader(engine, clock)
    hub = LiveHub(reader.read, clock, tick_s=settings.tick_s, viewers=settings.viewers)
    app = Flask(__name__)
    app.config["TRUSTED_HOSTS"] = list(settings.hosts) or None
    app.extensions["dashboard"] = Parts(engine, hub, clock, settings)
    i18n.install(app, settings.timezone)
    app.register_blueprint(live.pages)
    app.register_blueprint(lessons.pages)
    app.register_error_handler(HTTPException, _error_page)
    app.after_request(_secure)
    return app


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _error_page(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400 or error.code == 400:
        return error  # a host name that is not ours must not reach the translations
    return render_template("error.html", code=error.code), error.code
