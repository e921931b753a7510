"""One's own account: the ways in and out, the password, all one's data, deleting all lessons."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from dashboard.accounts import demo, erasure, people, policy, portability
from dashboard.accounts.forms import ChangePasswordForm, LogInForm, NewAccountForm, NewPasswordForm
from dashboard.accounts.identity import log_in as start_login
from dashboard.accounts.identity import me, somebody
from dashboard.accounts.models import Account, Invitation
from dashboard.accounts.roles import NAMES, Role
from dashboard.accounts.rules import allows, open_to_everybody
from dashboard.i18n import gettext
from dashboard.navigation import HOME
from dashboard.parts import parts
from dashboard.store import queries
from dashboard.store.models import Lesson

pages = Blueprint("account", __name__)


@pages.get("/start")
@allows(*Role)
def home() -> ResponseReturnValue:
    """To the page where this role begins."""
    return redirect(url_for(HOME[me().role]))


@pages.route("/login", methods=["GET", "POST"])
@open_to_everybody
def log_in() -> ResponseReturnValue:
    form = LogInForm()
    if not form.validate_on_submit():
        return render_template("account/login.html", form=form, failed=False)
    with parts().session() as asked:
        account = people.authenticate(asked, parts().passwords, form.name.data, form.password.data)
    if account is None:
        return render_template("account/login.html", form=form, failed=True), 401
    start_login(account)
    return redirect(_own_address(request.args.get("next")) or url_for("account.home"))


@pages.post("/logout")
@allows(*Role)
def log_out() -> ResponseReturnValue:
    _end_login()
    flash(gettext("You are logged out."))
    return redirect(url_for("account.log_in"))


@pages.post("/logout/everywhere")
@allows(*Role)
def log_out_everywhere() -> ResponseReturnValue:
    with parts().writing() as writing, writing.begin():
        people.log_out_everywhere(writing, me().id)
    session.clear()
    flash(gettext("You are logged out on every device."))
    return redirect(url_for("account.log_in"))


@pages.route("/invitation/<secret>", methods=["GET", "POST"])
@open_to_everybody
def invitation(secret: str) -> ResponseReturnValue:
    """A link on a terminal or from the administrator: a new account, or a new password."""
    with parts().session() as asked:
        found = people.invitation(asked, secret, parts().clock.now())
    if found is None:
        return render_template("account/link_over.html"), 410
    if found.account is not None:
        return _renew(secret, found)
    form = NewAccountForm(full_name=found.full_name)
    if form.validate_on_submit() and _accept(secret, form):
        return redirect(url_for("account.home"))
    role = NAMES[Role(found.role)]
    return render_template("account/invitation.html", form=form, role=role)


@pages.get("/demo/<secret>")
@open_to_everybody
def enter_demo(secret: str) -> ResponseReturnValue:
    """Into the demonstration account, as long as this process runs."""
    account = demo.account_for(secret)
    if account is None:
        return render_template("account/link_over.html"), 410
    start_login(account)
    return redirect(_own_address(request.args.get("next")) or url_for("account.home"))


@pages.get("/account")
@allows(*Role)
def overview() -> str:
    return _overview(ChangePasswordForm())


@pages.post("/account/password")
@allows(*Role)
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    person = me()
    if not form.validate_on_submit():
        return _overview(form)
    passwords = parts().passwords
    with parts().session() as asked:
        account = asked.get_one(Account, person.id)
    if not passwords.matches(account.password_hash, form.current.data):
        form.current.errors = [gettext("This is not the password of now.")]
        return _overview(form), 401
    new = passwords.make_hash(form.password.data)
    with parts().writing() as writing, writing.begin():
        people.change_password(writing, person.id, new)
    start_login(account)
    flash(gettext("The password is changed. Other devices are logged out."))
    return redirect(url_for("account.overview"))


@pages.get("/account/export")
@allows(Role.TEACHER, Role.TRAINER)
def export() -> ResponseReturnValue:
    """Everything that is kept about who asks, as a zip of CSV and JSON (P26)."""
    with parts().session() as asked:
        file = portability.archive(asked, me().id, parts().clock.now())
    return send_file(
        file, mimetype="application/zip", as_attachment=True, download_name="denkpauze.zip"
    )


@pages.get("/account/lessons/delete")
@allows(Role.TEACHER)
def confirm_deletion() -> str:
    return render_template("account/delete_all.html", lessons=_own_lessons())


@pages.post("/account/lessons/delete")
@allows(Role.TEACHER)
def delete_lessons() -> ResponseReturnValue:
    with parts().writing() as writing, writing.begin():
        count = erasure.delete_lessons(writing, policy.owned_by(me().id), parts().clock.now())
    flash(gettext("Deleted lessons: %(count)d.", count=count))
    return redirect(url_for("account.overview"))


def _overview(form: ChangePasswordForm) -> str:
    person = me()
    with parts().session() as asked:
        receiver = queries.receiver_state(asked)
    return render_template(
        "account/overview.html",
        form=form,
        role=NAMES[person.role],
        lessons=_own_lessons(),
        retention_days=receiver.retention_days if receiver is not None else None,
        demo=demo.is_demo(person.id),
    )


def _own_lessons() -> int:
    with parts().session() as asked:
        statement = select(func.count()).select_from(Lesson).where(policy.owned_by(me().id))
        return asked.scalar(statement) or 0


def _renew(secret: str, found: Invitation) -> ResponseReturnValue:
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template("account/new_password.html", form=form, name=found.full_name)
    new = parts().passwords.make_hash(form.password.data)
    with parts().writing() as writing, writing.begin():
        used = people.use_invitation(writing, secret, parts().clock.now())
        if used is None or used[1] is None:  # used in the meantime
            abort(410)
        account = writing.get_one(Account, used[1])
        people.change_password(writing, account.id, new)
    start_login(account)
    return redirect(url_for("account.home"))


def _accept(secret: str, form: NewAccountForm) -> bool:
    """Make the account and log in; False when the log-in name is taken."""
    password_hash = parts().passwords.make_hash(form.password.data)
    chosen = people.NewPerson(form.name.data, form.full_name.data, password_hash)
    now = parts().clock.now()
    try:
        with parts().writing() as writing, writing.begin():
            used = people.use_invitation(writing, secret, now)
            if used is None:  # used in the meantime
                abort(410)
            account = people.create(writing, chosen, used[0], now)
    except people.NameTakenError:
        form.name.errors = [gettext("Somebody has this log-in name already.")]
        return False
    start_login(account)
    return True


def _end_login() -> None:
    person = somebody()
    if person is not None:
        with parts().writing() as writing, writing.begin():
            people.end_login(writing, person.login)
    session.clear()


def _own_address(address: str | None) -> str | None:
    """A path on this site, so that a link to the log-in page cannot lead elsewhere."""
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return None
    return None if any(ord(sign) < 33 or sign == "\\" for sign in address) else address
