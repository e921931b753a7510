"""Verbeteren: every event of a lesson can be changed, taken away or added, and that undone."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.identity import me
from dashboard.accounts.roles import VIEWERS, Role
from dashboard.accounts.rules import Access, allows
from dashboard.corrections import FORMS, KINDS, Editable, EventForm, form_for, lines
from dashboard.i18n import gettext
from dashboard.lesson_time import LONGEST_S
from dashboard.parts import parts
from dashboard.store import by_hand, queries
from dashboard.store.models import Lesson
from lesson.corrections import Standing, standings
from lesson.events import Correction

pages = Blueprint("corrections", __name__)

#: Around a question that somebody came from.
BEFORE_S = 3.0
AFTER_S = 15.0
_ATTEMPTS = 3


@pages.get("/lessons/<lesson_id>/events")
@allows(*VIEWERS, lesson=Access.SEE)
def overview(lesson: Lesson) -> str:
    """What was measured, and what people made of it.

    ``?at=`` seconds shows a part of the lesson, ``?kind=`` one kind of event.
    """
    at_s, kind = request.args.get("at", type=float), request.args.get("kind")
    found = lines(_standings(lesson))
    if kind in KINDS:
        found = [line for line in found if line.kind == kind]
    if at_s is not None and 0 <= at_s <= LONGEST_S:
        found = [line for line in found if at_s - BEFORE_S <= line.start_s <= at_s + AFTER_S]
    else:
        at_s = None
    return render_template(
        "corrections/overview.html", lesson=lesson, lines=found, kinds=KINDS, kind=kind, at=at_s
    )


@pages.route("/lessons/<lesson_id>/events/<identifier>", methods=["GET", "POST"])
@allows(*VIEWERS, lesson=Access.SEE)
def change(lesson: Lesson, identifier: str) -> ResponseReturnValue:
    """The form of one event; sending it stores a correction."""
    standing = _standing(lesson, identifier)
    event = standing.event or standing.measured
    if not isinstance(event, Editable):
        abort(404)
    form = form_for(event.kind, _by(), event)
    if form.validate_on_submit():
        wanted = form.event()
        if wanted != standing.event:
            _correct(
                lesson,
                Correction(t=event.t, action="replace", target=identifier, event=wanted, by=_by()),
            )
            flash(gettext("Changed. The figures follow at once."))
        return redirect(_list(lesson, wanted.t))
    return _form(lesson, form, event.kind, standing)


@pages.route("/lessons/<lesson_id>/events/new/<kind>", methods=["GET", "POST"])
@allows(*VIEWERS, lesson=Access.SEE)
def add(lesson: Lesson, kind: str) -> ResponseReturnValue:
    """Something that the device did not hear."""
    if kind not in FORMS:
        abort(404)
    form = form_for(kind, _by())
    if form.validate_on_submit():
        event = form.event()
        _correct(lesson, Correction(t=event.t, action="add", event=event, by=_by()))
        flash(gettext("Added. The figures follow at once."))
        return redirect(_list(lesson, event.t))
    return _form(lesson, form, kind, None)


@pages.post("/lessons/<lesson_id>/events/<identifier>/remove")
@allows(*VIEWERS, lesson=Access.SEE)
def remove(lesson: Lesson, identifier: str) -> ResponseReturnValue:
    """Take an event away. The log keeps it."""
    standing = _standing(lesson, identifier)
    event = standing.event
    if event is None:
        abort(404)
    _correct(lesson, Correction(t=event.t, action="remove", target=identifier, by=_by()))
    flash(gettext("Taken away. The figures follow at once."))
    return redirect(_list(lesson, event.t))


@pages.post("/lessons/<lesson_id>/events/<identifier>/undo")
@allows(*VIEWERS, lesson=Access.SEE)
def undo(lesson: Lesson, identifier: str) -> ResponseReturnValue:
    """Back to what held before the last correction of this event."""
    standing = _standing(lesson, identifier)
    event = standing.event or standing.measured
    if standing.correction is None or event is None:
        abort(404)
    _correct(lesson, Correction(t=event.t, action="remove", target=standing.correction, by=_by()))
    flash(gettext("Undone. The figures follow at once."))
    return redirect(_list(lesson, event.t))


def _standings(lesson: Lesson) -> list[Standing]:
    with parts().session() as session:
        return standings(queries.lesson_entries(session, lesson.device, lesson.id))


def _standing(lesson: Lesson, identifier: str) -> Standing:
    found = next((each for each in _standings(lesson) if each.identifier == identifier), None)
    if found is None:
        abort(404)
    return found


def _correct(lesson: Lesson, correction: Correction) -> None:
    """Store it; somebody who taps twice meets the unique number of the first tap."""
    for attempt in range(_ATTEMPTS):
        try:
            with parts().writing() as session, session.begin():
                by_hand.append(session, lesson, correction, me().id, parts().clock.now())
            return
        except IntegrityError:
            if attempt + 1 == _ATTEMPTS:
                raise


def _by() -> Literal["teacher", "trainer"]:
    return "teacher" if me().role == Role.TEACHER else "trainer"


def _form(
    lesson: Lesson, form: EventForm, kind: str, standing: Standing | None
) -> ResponseReturnValue:
    page = render_template(
        "corrections/event.html",
        lesson=lesson,
        form=form,
        kind=KINDS[kind],
        standing=standing,
    )
    return page, 400 if form.errors else 200


def _list(lesson: Lesson, at_s: float) -> str:
    return url_for("corrections.overview", lesson_id=lesson.id, device=lesson.device, at=at_s)
