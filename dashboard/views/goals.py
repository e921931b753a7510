"""Leerdoelen: what a teacher practises, the lessons under it, and with whom all of it is shared."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from dashboard.accounts import people
from dashboard.accounts.forms import GoalForm
from dashboard.accounts.identity import me
from dashboard.accounts.models import Goal, GoalShare
from dashboard.accounts.roles import Role
from dashboard.accounts.rules import Access, allows
from dashboard.i18n import gettext
from dashboard.parts import parts
from dashboard.store.insertion import put
from dashboard.store.models import Lesson

pages = Blueprint("goals", __name__)


@pages.get("/goals")
@allows(Role.TEACHER)
def overview() -> str:
    return _overview(GoalForm())


@pages.post("/goals")
@allows(Role.TEACHER)
def add() -> ResponseReturnValue:
    form = GoalForm()
    if not form.validate_on_submit():
        return _overview(form), 400
    with parts().writing() as session, session.begin():
        session.add(Goal(owner=me().id, text=form.text.data, created=parts().clock.now()))
    return redirect(url_for("goals.overview"))


@pages.get("/goals/<int:goal>")
@allows(Role.TEACHER)
def detail(goal: int) -> str:
    with parts().session() as session:
        found = _own(session, goal)
        lessons = session.scalars(
            select(Lesson).where(Lesson.goal == goal).order_by(Lesson.started.desc())
        ).all()
        shared = select(GoalShare.account).where(GoalShare.goal == goal)
        circle = people.circle(session, me().id, set(session.scalars(shared)))
    return render_template("sharing/goal.html", goal=found, lessons=lessons, circle=circle)


@pages.post("/goals/<int:goal>/sharing")
@allows(Role.TEACHER)
def share(goal: int) -> ResponseReturnValue:
    with parts().writing() as session, session.begin():
        _own(session, goal)
        account = people.viewer(session, request.form.get("account", type=int), me().id)
        if account is None:
            abort(422)
        shared = {"goal": goal, "account": account.id, "created": parts().clock.now()}
        put(session, GoalShare, shared)
        name = account.full_name
    flash(gettext("%(name)s can see the lessons under this goal.", name=name))
    return redirect(url_for("goals.detail", goal=goal))


@pages.post("/goals/<int:goal>/sharing/stop")
@allows(Role.TEACHER)
def stop_sharing(goal: int) -> ResponseReturnValue:
    account = request.form.get("account", type=int)
    with parts().writing() as session, session.begin():
        _own(session, goal)
        this = (GoalShare.goal == goal, GoalShare.account == account)
        session.execute(delete(GoalShare).where(*this))
    flash(gettext("It is no longer shared by way of this goal."))
    return redirect(url_for("goals.detail", goal=goal))


@pages.post("/goals/<int:goal>/delete")
@allows(Role.TEACHER)
def remove(goal: int) -> ResponseReturnValue:
    """The lessons stay, and are no longer shared by way of it."""
    with parts().writing() as session, session.begin():
        found = _own(session, goal)
        session.execute(update(Lesson).where(Lesson.goal == goal).values(goal=None))
        session.execute(delete(GoalShare).where(GoalShare.goal == goal))
        session.delete(found)
    flash(gettext("The goal is deleted. Its lessons stay."))
    return redirect(url_for("goals.overview"))


@pages.post("/lessons/<lesson_id>/goal")
@allows(Role.TEACHER, lesson=Access.OWN)
def put_under(lesson: Lesson) -> ResponseReturnValue:
    """Put a lesson under one's own goal, or under none; who sees that goal sees the lesson."""
    goal = request.form.get("goal", 0, type=int) or None
    with parts().writing() as session, session.begin():
        if goal is not None:
            _own(session, goal)
        this = (Lesson.device == lesson.device, Lesson.id == lesson.id)
        session.execute(update(Lesson).where(*this).values(goal=goal))
    return redirect(url_for("sharing.overview", lesson_id=lesson.id, device=lesson.device))


def _own(session: Session, goal: int) -> Goal:
    found = session.get(Goal, goal)
    if found is None:
        abort(404)
    if found.owner != me().id:
        abort(403)
    return found


def _overview(form: GoalForm) -> str:
    lessons = select(func.count()).where(Lesson.goal == Goal.id).scalar_subquery()
    shared = select(func.count()).where(GoalShare.goal == Goal.id).scalar_subquery()
    statement = select(Goal, lessons, shared).where(Goal.owner == me().id).order_by(Goal.id.desc())
    with parts().session() as session:
        goals = session.execute(statement).all()
    return render_template("sharing/goals.html", form=form, goals=goals)
