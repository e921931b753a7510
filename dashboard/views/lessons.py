"""Lessen and Terugkijken: which lessons there are, and one lesson question by question."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from dashboard import health, words
from dashboard.accounts import policy
from dashboard.accounts.identity import me
from dashboard.accounts.models import Goal
from dashboard.accounts.roles import VIEWERS
from dashboard.accounts.rules import Access, allows
from dashboard.charts import charts_of, talk_over_time
from dashboard.parts import parts
from dashboard.review import review_of
from dashboard.store import queries
from dashboard.store.models import Lesson
from dashboard.talk.forms import GuessForm, NoteForm
from dashboard.talk.models import Guess
from dashboard.talk.opening import question_for_the_talk, strength
from dashboard.timeline import HEIGHT, timeline
from dashboard.views import talk
from lesson.corrections import apply_corrections
from lesson.events import Mark

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
    page = _pictured(lesson)
    return render_template(
        "lesson.html",
        **page,
        owned=owned,
        guess_form=GuessForm() if page["guess_is_due"] else None,
        note_form=NoteForm(formdata=None),
    )


@pages.get("/lessons/<lesson_id>/print")
@allows(*VIEWERS, lesson=Access.SEE)
def one_page(lesson: Lesson) -> str:
    """The lesson on one A4. The teacher's own guess comes before figures here too."""
    return render_template("print.html", **_pictured(lesson))


def _pictured(lesson: Lesson) -> dict[str, Any]:
    """All that the pages about one lesson show of it."""
    with parts().session() as session:
        entries = queries.lesson_entries(session, lesson.device, lesson.id)
        guess = session.get(Guess, (lesson.device, lesson.id))
        notes = talk.notes_of(session, lesson)
        goal = session.get(Goal, lesson.goal) if lesson.goal is not None else None
    review = review_of(entries)
    events = apply_corrections(entries).events
    troubles = health.stretches(events, lesson.last_t)
    return {
        "lesson": lesson,
        "figures": review,
        "timeline": timeline(review.episodes, lesson.last_t, events, troubles),
        "height": HEIGHT,
        "charts": charts_of(review.summary, review.episodes),
        "talk_lines": talk_over_time(entries, lesson.last_t),
        "health": health.lines(troubles),
        "model": health.model_line(lesson.recogniser),
        "strength": strength(review.episodes, review.summary.target_s),
        "question": question_for_the_talk(review.summary) if review.episodes else None,
        "guess": guess,
        "guess_is_due": talk.guess_is_due(lesson, guess, review.episodes),
        "goal": goal,
        "notes": notes,
        "marks": [event for event in events if isinstance(event, Mark)],
        "mark_words": words.MARKS,
    }
