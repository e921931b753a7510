"""What the teacher decides: who sees a lesson, who watches live, and deleting a lesson."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_, delete, select

from dashboard.accounts import consent, erasure, people
from dashboard.accounts.identity import me
from dashboard.accounts.models import Account, Goal, Share
from dashboard.accounts.roles import VIEWERS, Role
from dashboard.accounts.rules import Access, allows
from dashboard.i18n import gettext
from dashboard.parts import parts
from dashboard.store.insertion import put
from dashboard.store.models import Device, Lesson

pages = Blueprint("sharing", __name__)


@pages.get("/lessons/<lesson_id>/sharing")
@allows(Role.TEACHER, lesson=Access.OWN)
def overview(lesson: Lesson) -> str:
    """With whom a lesson is shared, and with whom it could be."""
    with parts().session() as session:
        shared = set(
            session.scalars(
                select(Share.account).where(
                    Share.device == lesson.device, Share.lesson == lesson.id
                )
            )
        )
        circle = people.circle(session, me().id, shared)
        goals = session.scalars(
            select(Goal).where(Goal.owner == me().id).order_by(Goal.id.desc())
        ).all()
    return render_template("sharing/lesson.html", lesson=lesson, circle=circle, goals=goals)


@pages.post("/lessons/<lesson_id>/sharing")
@allows(Role.TEACHER, lesson=Access.OWN)
def share(lesson: Lesson) -> ResponseReturnValue:
    account = _account()
    with parts().writing() as session, session.begin():
        shared = {"device": lesson.device, "lesson": lesson.id, "account": account.id}
        put(session, Share, {**shared, "created": parts().clock.now()})
    flash(gettext("%(name)s can see this lesson.", name=account.full_name))
    return _back(lesson)


@pages.post("/lessons/<lesson_id>/sharing/stop")
@allows(Role.TEACHER, lesson=Access.OWN)
def stop_sharing(lesson: Lesson) -> ResponseReturnValue:
    account = _account()
    with parts().writing() as session, session.begin():
        session.execute(
            delete(Share).where(
                Share.device == lesson.device,
                Share.lesson == lesson.id,
                Share.account == account.id,
            )
        )
    flash(gettext("%(name)s can no longer see this lesson.", name=account.full_name))
    return _back(lesson)


@pages.get("/lessons/<lesson_id>/delete")
@allows(Role.TEACHER, lesson=Access.OWN)
def confirm_deletion(lesson: Lesson) -> str:
    return render_template("sharing/delete.html", lesson=lesson)


@pages.post("/lessons/<lesson_id>/delete")
@allows(Role.TEACHER, lesson=Access.OWN)
def delete_lesson(lesson: Lesson) -> ResponseReturnValue:
    this = and_(Lesson.device == lesson.device, Lesson.id == lesson.id)
    with parts().writing() as session, session.begin():
        erasure.delete_lessons(session, this, parts().clock.now())
    flash(gettext("The lesson is deleted."))
    return redirect(url_for("lessons.overview"))


@pages.get("/watching")
@allows(Role.TEACHER)
def watching() -> str:
    """Who watches live, who asks to, and the switch that ends it for all."""
    person, now = me(), parts().clock.now()
    with parts().session() as session:
        shown = consent.of_teacher(session, person.id, now)
        trainers = people.with_role(session, Role.TRAINER)
    return render_template("sharing/watching.html", devices=shown, trainers=trainers)


@pages.post("/watching/<device>/allow")
@allows(Role.TEACHER)
def allow(device: str) -> ResponseReturnValue:
    account = _account(Role.TRAINER)
    with parts().writing() as session, session.begin():
        _own_device(session.get(Device, device))
        consent.allow(session, device, account.id, parts().clock.now())
    return redirect(url_for("sharing.watching"))


@pages.post("/watching/<device>/end")
@allows(Role.TEACHER)
def end(device: str) -> ResponseReturnValue:
    """Nobody watches any longer; with an account, only that one does not."""
    account = request.form.get("account", type=int)
    with parts().writing() as session, session.begin():
        _own_device(session.get(Device, device))
        consent.end(session, device, account)
    return redirect(url_for("sharing.watching"))


@pages.get("/watching/ask")
@allows(Role.TRAINER)
def teachers() -> str:
    with parts().session() as session:
        found = people.with_role(session, Role.TEACHER)
    return render_template("sharing/ask.html", teachers=found)


@pages.post("/watching/ask")
@allows(Role.TRAINER)
def ask() -> ResponseReturnValue:
    """A trainer asks a teacher; which devices there are is not said."""
    teacher = _account(Role.TEACHER)
    with parts().writing() as session, session.begin():
        consent.ask(session, teacher.id, me().id, parts().clock.now())
    flash(gettext("%(name)s can now let you watch.", name=teacher.full_name))
    return redirect(url_for("live.live"))


def _account(*roles: Role) -> Account:
    """The account in the form, which must have a role that looks at lessons."""
    wanted = request.form.get("account", type=int)
    with parts().session() as session:
        account = people.viewer(session, wanted, me().id, roles or VIEWERS)
    if account is None:
        abort(422)
    return account


def _own_device(device: Device | None) -> None:
    if device is None:
        abort(404)
    if device.owner != me().id:
        abort(403)


def _back(lesson: Lesson) -> ResponseReturnValue:
    return redirect(url_for("sharing.overview", lesson_id=lesson.id, device=lesson.device))
