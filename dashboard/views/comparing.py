"""Vergelijken: a lesson beside the baseline or another lesson of the same teacher."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, render_template, request
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from dashboard.accounts import policy
from dashboard.accounts.identity import me
from dashboard.accounts.roles import VIEWERS
from dashboard.accounts.rules import Access, allows
from dashboard.comparing import HEIGHT, WIDTH, Side, Visit, rows, trend
from dashboard.parts import parts
from dashboard.store import queries
from dashboard.store.models import Lesson
from dashboard.talk.models import Guess
from dashboard.views import talk
from lesson.thresholds import TARGET_S

pages = Blueprint("comparing", __name__)

#: As many visits as a year of coaching has.
MOST_VISITS = 16


@pages.get("/lessons/<lesson_id>/compare")
@allows(*VIEWERS, lesson=Access.SEE)
def overview(lesson: Lesson) -> str:
    """``?with=`` another lesson as ``device/id``; else the baseline. Never another teacher's."""
    with parts().session() as session:
        others = _others(session, lesson)
        other = _chosen(others, request.args.get("with"))
        guess = session.get(Guess, (lesson.device, lesson.id))
        visits = sorted([*others[: MOST_VISITS - 1], lesson], key=lambda each: each.started)
        sides = {
            (each.device, each.id): Side(queries.lesson_entries(session, each.device, each.id))
            for each in (*visits, *([other] if other is not None else ()))
        }

    def side(each: Lesson) -> Side:
        return sides[each.device, each.id]

    comparison = None
    first = second = lesson
    if other is not None:
        first, second = sorted((lesson, other), key=lambda each: each.started)
        comparison = rows(side(first), side(second))
    line = [_visit(number, each, side(each)) for number, each in enumerate(visits, start=1)]
    return render_template(
        "compare.html",
        lesson=lesson,
        guess_is_due=talk.guess_is_due(lesson, guess, side(lesson).episodes),
        others=others,
        other=other,
        first=first,
        second=second,
        rows=comparison,
        visits=list(zip(visits, line, strict=True)),
        trend=trend(line, lesson.target_s or TARGET_S),
        width=WIDTH,
        height=HEIGHT,
        target_s=lesson.target_s or TARGET_S,
    )


def _others(session: Session, lesson: Lesson) -> Sequence[Lesson]:
    """Lessons of the same teacher that this account may see, the newest first."""
    same = and_(
        policy.seen_by(me().id),
        Lesson.owner == lesson.owner,
        (Lesson.device != lesson.device) | (Lesson.id != lesson.id),
    )
    statement = select(Lesson).where(same).order_by(Lesson.started.desc(), Lesson.id)
    return session.scalars(statement.limit(200)).all()


def _chosen(others: Sequence[Lesson], asked: str | None) -> Lesson | None:
    """The lesson asked for; else the first baseline, else the first lesson there is."""
    if asked:
        for other in others:
            if f"{other.device}/{other.id}" == asked:
                return other
        abort(404)
    baselines = [other for other in others if other.mode == "silent"]
    return (baselines or others)[-1] if others else None


def _visit(number: int, lesson: Lesson, side: Side) -> Visit:
    return Visit(number, lesson.mode == "silent", side.summary.pauses.denkpauze_gross.median_s)
