"""Dutch first, English second: choosing the language, and writing figures in it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, request
from flask_babel import (  # type: ignore[import-untyped] # it publishes no types
    Babel,
    format_datetime,
    format_decimal,
    format_percent,
    get_locale,
)
from flask_babel import gettext as babel_gettext
from flask_babel import lazy_gettext as babel_lazy_gettext

from dashboard.lesson_time import write_moment

LANGUAGES = {"nl": "Nederlands", "en": "English"}
COOKIE = "lang"
COOKIE_AGE_S = 365 * 24 * 3600


class Words(Protocol):
    """Text that is only known once there is a page."""

    def __str__(self) -> str: ...


def gettext(message: str, **values: object) -> str:
    """The message in the language of the page, filled in."""
    return str(babel_gettext(message, **values))


def lazy_gettext(message: str) -> Words:
    """A message that is translated each time it is turned into ``str``."""
    words: Words = babel_lazy_gettext(message)
    return words


def choose_language() -> str:
    """``?lang=``, else the cookie, else what the browser asks for, else Dutch."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        g.language_chosen = asked
        return asked
    kept = request.cookies.get(COOKIE)
    if kept in LANGUAGES:
        return kept
    # best_match() would give English to a browser that asks for nl-BE before en
    wanted = (
        tag.replace("_", "-").split("-")[0].lower() for tag in request.accept_languages.values()
    )
    return next((tag for tag in wanted if tag in LANGUAGES), "nl")


def language() -> str:
    return str(getattr(get_locale(), "language", "nl"))


def seconds(value: float) -> str:
    """A length with one decimal, such as ``3,2 s``."""
    return f"{decimal(value)} s"


def decimal(value: float) -> str:
    return str(format_decimal(value, format="0.0"))


def short_decimal(value: float) -> str:
    """With a decimal only where it has one, such as ``2,7`` and ``3``."""
    return str(format_decimal(value, format="0.#"))


def decimal_sign() -> str:
    return decimal(0.5)[1]


def share(value: float) -> str:
    return str(format_percent(value))


def clock_time(value_s: float) -> str:
    """A moment in the lesson as minutes and seconds, such as ``12:07``."""
    minutes, rest = divmod(int(value_s), 60)
    return f"{minutes}:{rest:02d}"


def lesson_moment(value_s: float) -> str:
    """A moment in the lesson to a hundredth of a second, such as ``12:07,40``."""
    return write_moment(round(value_s, 2), decimal_sign(), decimals=2)


def duration(value_s: float) -> str:
    """A length in words that fit a heading."""
    minutes = round(value_s / 60)
    if minutes < 1:
        return gettext("less than a minute")
    return gettext("%(minutes)d min", minutes=minutes)


def moment(value: datetime) -> str:
    """A date and time where the school is."""
    return str(format_datetime(value, "EEE d MMM y HH:mm"))


def time_of_day(value: datetime) -> str:
    """A time where the school is, such as ``14:05``."""
    return str(format_datetime(value, "HH:mm"))


def install(app: Flask, timezone: str) -> None:
    """Add translations, filters and the language cookie to an application."""
    ZoneInfo(timezone)  # an unknown place fails at start, not in a page
    Babel(
        app,
        default_locale="nl",
        default_timezone=timezone,
        locale_selector=choose_language,
    )
    for work in (seconds, share, clock_time, lesson_moment, duration, moment, time_of_day):
        app.add_template_filter(work)
    app.add_template_global(language, "language")
    app.add_template_global(LANGUAGES, "LANGUAGES")  # type: ignore[arg-type]
    app.after_request(_keep_language)


def _keep_language(response: Response) -> Response:
    chosen = g.get("language_chosen")
    if chosen is not None:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=COOKIE_AGE_S,
            samesite="Lax",
            httponly=True,
            secure=current_app.config.get("SESSION_COOKIE_SECURE", False),
        )
    return response
