"""The administrator's pages: accounts, invitations, and whose lessons a device measures."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from dashboard.accounts import erasure, people, policy
from dashboard.accounts.forms import DeviceForm, InviteForm, teachers_and_nobody
from dashboard.accounts.identity import me
from dashboard.accounts.models import Account
from dashboard.accounts.roles import NAMES, Role
from dashboard.accounts.rules import allows
from dashboard.i18n import gettext
from dashboard.inbox import UPLOADS
from dashboard.parts import parts
from dashboard.store.models import Device, Lesson

pages = Blueprint("people", __name__)


@pages.get("/accounts")
@allows(Role.ADMINISTRATOR)
def overview() -> str:
    return _overview(InviteForm())


@pages.post("/accounts/invite")
@allows(Role.ADMINISTRATOR)
def invite() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate_on_submit():
        return _overview(form)
    role = Role(form.role.data)
    with parts().writing() as session, session.begin():
        secret = people.invite(session, role, form.full_name.data, parts().clock.now())
    return _link(secret, form.full_name.data, NAMES[role])


@pages.post("/accounts/<int:account>/renew")
@allows(Role.ADMINISTRATOR)
def renew(account: int) -> ResponseReturnValue:
    """A link with which somebody chooses a new password."""
    with parts().writing() as session, session.begin():
        found = session.get(Account, account) or abort(404)
        secret = people.renew(session, found, parts().clock.now())
        name, role = found.full_name, NAMES[Role(found.role)]
    return _link(secret, name, role)


@pages.get("/accounts/<int:account>/close")
@allows(Role.ADMINISTRATOR)
def confirm_closing(account: int) -> str:
    with parts().session() as session:
        found = session.get(Account, account) or abort(404)
    return render_template("people/close.html", account=found, role=NAMES[Role(found.role)])


@pages.post("/accounts/<int:account>/close")
@allows(Role.ADMINISTRATOR)
def close(account: int) -> ResponseReturnValue:
    """End an account; the lessons that belong to it are deleted with it."""
    if account == me().id:
        flash(gettext("You cannot close your own account."))
        return redirect(url_for("people.overview"))
    with parts().writing() as session, session.begin():
        found = session.get(Account, account) or abort(404)
        name = found.full_name
        erasure.delete_lessons(session, policy.owned_by(account), parts().clock.now())
        people.close(session, account)
    flash(gettext("The account of %(name)s is closed.", name=name))
    return redirect(url_for("people.overview"))


@pages.get("/devices")
@allows(Role.ADMINISTRATOR)
def devices() -> str:
    with parts().session() as session:
        teachers = people.with_role(session, Role.TEACHER)
        found = session.scalars(
            select(Device).where(Device.id != UPLOADS).order_by(Device.id)
        ).all()
        counted = (
            select(Lesson.device, func.count())
            .where(Lesson.owner.is_(None))
            .group_by(Lesson.device)
        )
        nobodys = dict(session.execute(counted).all())
    return render_template(
        "people/devices.html",
        devices=[
            (device, _device_form(device, teachers), nobodys.get(device.id, 0)) for device in found
        ],
    )


@pages.post("/devices/<device>")
@allows(Role.ADMINISTRATOR)
def give_device(device: str) -> ResponseReturnValue:
    with parts().writing() as session, session.begin():
        found = session.get(Device, device) or abort(404)
        form = _device_form(found, people.with_role(session, Role.TEACHER))
        if not form.validate_on_submit():
            abort(422)
        people.give_device(session, found, form.owner.data or None, earlier=form.earlier.data)
    flash(gettext("Device %(device)s is kept.", device=device))
    return redirect(url_for("people.devices"))


def _overview(form: InviteForm) -> str:
    with parts().session() as session:
        accounts = people.with_role(session, *Role)
    return render_template(
        "people/overview.html",
        form=form,
        accounts=[(account, NAMES[Role(account.role)]) for account in accounts],
    )


def _link(secret: str, name: str, role: object) -> str:
    address = url_for("account.invitation", secret=secret, _external=True)
    return render_template(
        "people/link.html", address=address, name=name, role=role, days=people.INVITED_FOR.days
    )


def _device_form(device: Device, teachers: Sequence[Account]) -> DeviceForm:
    form = DeviceForm(owner=device.owner or 0, prefix=f"{device.id}-")
    form.owner.choices = teachers_and_nobody(teachers)
    return form
