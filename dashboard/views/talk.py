"""What people add to a lesson in the talk: the guess, notes, and fragments to see again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.accounts.identity import me
from dashboard.accounts.models import Account
from dashboard.accounts.roles import VIEWERS, Role
from dashboard.accounts.rules import Access, allows
from dashboard.i18n import gettext
from dashboard.parts import parts
from dashboard.store import by_hand
from dashboard.store.models import Lesson
from dashboard.talk.forms import GuessForm, NoteForm
from dashboard.talk.models import Guess, Note
from lesson.episode import Episode
from lesson.events import Mark

pages = Blueprint("talk", __name__)


def guess_is_due(lesson: Lesson, guess: Guess | None, episodes: Sequence[Episode]) -> bool:
    """Whether the teacher is asked for a guess before any figure of the lesson is shown."""
    return lesson.owner == me().id and guess is None and bool(episodes)


def notes_of(session: Session, lesson: Lesson) -> list[tuple[Note, str]]:
    """All notes about a lesson with their writers' names: by moment, the general ones last."""
    statement = (
        select(Note, Account.full_name)
        .join(Account, Account.id == Note.account)
        .where(Note.device == lesson.device, Note.lesson == lesson.id)
        .order_by(Note.t.asc().nulls_last(), Note.id)
    )
    return [(note, name) for note, name in session.execute(statement)]


@pages.post("/lessons/<lesson_id>/guess")
@allows(Role.TEACHER, lesson=Access.OWN)
def guess(lesson: Lesson) -> ResponseReturnValue:
    """What the teacher expects; an empty guess is one too. The first one stays."""
    form = GuessForm()
    if not form.validate_on_submit():
        flash(gettext("Write seconds up to 30 and turns up to 100, or leave both empty."))
        return redirect(_back(lesson))
    percent = form.order_percent.data
    with parts().writing() as session, session.begin():
        if session.get(Guess, (lesson.device, lesson.id)) is None:
            session.add(
                Guess(
                    device=lesson.device,
                    lesson=lesson.id,
                    pause_s=None if form.pause_s.data is None else float(form.pause_s.data),
                    order_share=None if percent is None else percent / 100,
                    created=parts().clock.now(),
                )
            )
    return redirect(_back(lesson, "figures"))


@pages.post("/lessons/<lesson_id>/notes")
@allows(*VIEWERS, lesson=Access.SEE)
def add_note(lesson: Lesson) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        problems = [str(text) for errors in form.errors.values() for text in errors]
        flash(" ".join(problems))
        return redirect(_back(lesson, "notes"))
    with parts().writing() as session, session.begin():
        session.add(
            Note(
                device=lesson.device,
                lesson=lesson.id,
                account=me().id,
                t=form.t.data,
                text=form.text.data,
                created=parts().clock.now(),
            )
        )
    return redirect(_back(lesson, "notes"))


@pages.post("/lessons/<lesson_id>/notes/<int:number>/delete")
@allows(*VIEWERS, lesson=Access.SEE)
def delete_note(lesson: Lesson, number: int) -> ResponseReturnValue:
    """One's own; the owner of the lesson may delete any."""
    with parts().writing() as session, session.begin():
        note = session.get(Note, number)
        if note is None or (note.device, note.lesson) != (lesson.device, lesson.id):
            abort(404)
        if me().id not in (note.account, lesson.owner):
            abort(403)
        session.delete(note)
    return redirect(_back(lesson, "notes"))


@pages.post("/lessons/<lesson_id>/fragments")
@allows(*VIEWERS, lesson=Access.SEE)
def mark(lesson: Lesson) -> ResponseReturnValue:
    """Mark a moment to see again; it goes into the exports as a fragment."""
    at_s = request.form.get("t", type=float)
    if at_s is None or not 0 <= at_s <= lesson.last_t:
        abort(400)
    by = "teacher" if me().role == Role.TEACHER else "trainer"
    with parts().writing() as session, session.begin():
        by_hand.append(session, lesson, Mark(t=at_s, by=by), me().id, parts().clock.now())
    flash(gettext("Marked as a fragment."))
    return redirect(_back(lesson, "questions"))


def _back(lesson: Lesson, part: str | None = None) -> str:
    return url_for("lessons.look_back", lesson_id=lesson.id, device=lesson.device, _anchor=part)
