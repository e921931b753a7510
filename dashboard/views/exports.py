"""Exporteren: a lesson as a file for another program."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from dashboard.accounts.roles import VIEWERS
from dashboard.accounts.rules import Access, allows
from dashboard.exports.formats import FORMATS, Context
from dashboard.exports.table import DUTCH_EXCEL, PLAIN
from dashboard.exports.tiers import Lesson as Exported
from dashboard.i18n import language
from dashboard.lesson_time import read_moment
from dashboard.parts import parts
from dashboard.store import queries
from dashboard.store.models import Lesson

pages = Blueprint("exports", __name__)


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
        offset_s = read_moment(request.args.get("offset", "").strip() or "0")
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
