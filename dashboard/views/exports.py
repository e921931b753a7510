"""Exporteren: a lesson as a file for another program."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from dashboard.accounts.roles import VIEWERS
from dashboard.accounts.rules import Access, allows
from dashboard.exports.formats import FORMATS, Context
from dashboard.exports.table import DUTCH_EXCEL, PLAIN
from dashboard.exports.tiers import Lesson as Exported
from dashboard.i18n import language
from dashboard.parts import parts
from dashboard.store import queries
from dashboard.store.models import Lesson

pages = Blueprint("exports", __name__)

#: A film may begin at most this long before the lesson, or after it.
LARGEST_OFFSET_S = 12 * 3600.0
_OFFSET = re.compile(r"([+-]?)(?:(?:(\d{1,2}):)?(\d{1,5}):)?(\d{1,6}(?:\.\d{1,3})?)", re.ASCII)


@pages.get("/lessons/<lesson_id>/export")
@allows(*VIEWERS, lesson=Access.SEE)
def overview(lesson: Lesson) -> str:
    """Formats to choose from; Excel's own way of writing follows the language of the page."""
    return _page(lesson)


@pages.get("/lessons/<lesson_id>/export/<kind>")
@allows(*VIEWERS, lesson=Access.SEE)
def download(lesson: Lesson, kind: str) -> ResponseReturnValue:
    """The file. ``?offset=`` on the film's clock, ``?style=excel`` for Dutch Excel."""
    if kind not in FORMATS:
        abort(404)
    try:
        offset_s = _offset_s(request.args.get("offset", ""))
    except ValueError:
        return _page(lesson, wrong=True), 400
    chosen = FORMATS[kind]
    name = f"denkpauze_{lesson.device}_{lesson.id}"
    with parts().session() as session:
        entries = queries.lesson_entries(session, lesson.device, lesson.id)
    context = Context(
        device=lesson.device,
        lesson_id=lesson.id,
        made=parts().clock.now().isoformat(timespec="seconds"),
        style=DUTCH_EXCEL if request.args.get("style") == "excel" else PLAIN,
    )
    text = chosen.write(Exported.of(name, entries, offset_s), context)
    return Response(
        text,
        content_type=chosen.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}{chosen.ending}"'},
    )


def _page(lesson: Lesson, *, wrong: bool = False) -> str:
    style = request.args.get("style", "excel" if language() == "nl" else "plain")
    return render_template(
        "export.html",
        lesson=lesson,
        formats=FORMATS,
        offset=request.args.get("offset", ""),
        wrong=wrong,
        excel=style == "excel",
    )


def _offset_s(asked: str) -> float:
    """Seconds from ``12``, ``1:30``, ``-0:12`` or ``1:02:03,5``.

    Raises:
        ValueError: it is no such time, or longer than ``LARGEST_OFFSET_S``.
    """
    found = _OFFSET.fullmatch(asked.strip().replace(",", ".") or "0")
    if found is None:
        raise ValueError("not a time")
    sign, hours, minutes, seconds = found.groups()
    value_s = 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds)
    if value_s > LARGEST_OFFSET_S:
        raise ValueError("too long")
    return -value_s if sign == "-" else value_s
