"""What every answer carries and every request passes: headers, cookies, CSRF, limits, the key."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped] # it publishes no types
from sqlalchemy import make_url

from dashboard.errors import ArgumentError
from dashboard.settings import Settings

#: Only our own files; nothing inline, nothing from elsewhere. Bootstrap draws the arrow of a
#: choice and the tick of a box as pictures inside its style sheet: ``data:`` is for those.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
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
#: Only behind TLS: a browser then never tries without again.
TRANSPORT_SECURITY = "max-age=31536000"

#: A failed log-in counts, a good one does not: a whole school may share one address.
FAILURES_PER_ADDRESS = "30 per 10 minutes"
FAILURES_PER_NAME = "8 per 10 minutes"
#: Forms are small; pages that take files set their own limit.
LARGEST_FORM_BYTES = 256 * 1024


def install(app: Flask, settings: Settings) -> None:
    """Cookies, CSRF protection and headers. Call it after the rules are installed.

    Raises:
        ArgumentError: the secret key cannot be read, written or kept to ourselves.
    """
    app.config.update(
        SECRET_KEY=secret_key(settings.secret_file or default_secret_file(settings.database)),
        SESSION_COOKIE_NAME="__Host-denkpauze" if settings.secure else "denkpauze",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_PATH="/",
        TRUSTED_HOSTS=list(settings.hosts) or None,
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the log-in: a page may stay open for a lesson
        WTF_CSRF_SSL_STRICT=settings.secure,
        RATELIMIT_ENABLED=True,
    )
    CSRFProtect(app)
    app.after_request(_headers)


def limit_guessing(app: Flask, endpoint: str) -> None:
    """Refuse with 429 after too many failed (401) posts for one address or one name."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    view: Any = app.view_functions[endpoint]
    for limit, key in ((FAILURES_PER_ADDRESS, get_remote_address), (FAILURES_PER_NAME, _name)):
        view = limiter.limit(limit, key_func=key, methods=["POST"], deduct_when=_failed)(view)
    app.view_functions[endpoint] = view


def default_secret_file(database: str) -> Path:
    """Beside a database that is a file, else in the folder where the program was started."""
    address = make_url(database)
    if address.get_backend_name() == "sqlite" and address.database:
        return Path(address.database).with_suffix(".key")
    return Path("denkpauze-dashboard.key")


def secret_key(path: Path) -> str:
    """The key that signs cookies; made on the first start, readable by this user only.

    Raises:
        ArgumentError: it cannot be read or written, or others can read it.
    """
    try:
        if not path.exists():
            _make_key(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ArgumentError(f"others can read the secret key {path}: run chmod 600 {path}")
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentError(
            f"cannot use the secret key {path}: {error}; choose another --secret-file"
        ) from error


def _make_key(path: Path) -> None:
    """Whole or not at all, and only once, however many processes start together."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first
    finally:
        draft.unlink()


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", TRANSPORT_SECURITY)
    static = request.endpoint is not None and request.endpoint.endswith("static")
    if not static or response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _failed(response: Response) -> bool:
    return response.status_code == 401


def _name() -> str:
    asked: Request = request
    return asked.form.get("name", "").strip().casefold()[:40] or get_remote_address()
