"""Lessen and Terugkijken: which lessons there are, and one lesson question by question."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from dashboard.accounts import policy
from dashboard.accounts.identity import me
from dashboard.accounts.roles import VIEWERS
from dashboard.accounts.rules import Access, allows
from dashboard.parts import parts
from dashboard.review import review_of
from dashboard.store import queries
from dashboard.store.models import Lesson
from dashboard.timeline import timeline

pages = Blueprint("lessons", __name__)

LESSONS_PER_PAGE = 30
LAST_PAGE = 10_000


@pages.get("/lessons")
@allows(*VIEWERS)
def overview() -> str:
    number = request.args.get("page", 1, type=int)
    if not 1 <= number <= LAST_PAGE:
        abort(404)
    with parts().session() as session:
        page = queries.lessons(
            session,
            among=policy.seen_by(me().id),
            limit=LESSONS_PER_PAGE,
            skip=(number - 1) * LESSONS_PER_PAGE,
        )
        return render_template("lessons.html", page=page, number=number)


@pages.get("/lessons/<lesson_id>")
@allows(*VIEWERS, lesson=Access.SEE)
def look_back(lesson: Lesson) -> str:
    """One lesson; ``?device=`` where two devices used the same id."""
    with parts().session() as session:
        entries = queries.lesson_entries(session, lesson.device, lesson.id)
    review = review_of(entries)
    return render_template(
        "lesson.html",
        lesson=lesson,
        figures=review,
        timeline=timeline(review.episodes, lesson.last_t),
        owned=lesson.owner == me().id,
    )
