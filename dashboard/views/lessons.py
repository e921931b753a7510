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
from dashboard.talk.forms import GuessForm, NoteForm
from dashboard.talk.models import Guess
from dashboard.talk.opening import question_for_the_talk, strength
from dashboard.timeline import timeline
from dashboard.views import talk

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
    owned = lesson.owner == me().id
    with parts().session() as session:
        entries = queries.lesson_entries(session, lesson.device, lesson.id)
        guess = session.get(Guess, (lesson.device, lesson.id))
        notes = talk.notes_of(session, lesson)
    review = review_of(entries)
    return render_template(
        "lesson.html",
        lesson=lesson,
        figures=review,
        timeline=timeline(review.episodes, lesson.last_t),
        owned=owned,
        strength=strength(review.episodes, review.summary.target_s),
        question=question_for_the_talk(review.summary) if review.episodes else None,
        guess=guess,
        guess_form=GuessForm() if owned and guess is None and review.episodes else None,
        notes=notes,
        note_form=NoteForm(formdata=None),
    )
