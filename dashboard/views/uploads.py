"""Les toevoegen: a lesson that `denkpauze analyse` made of a film, or an export of another site."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm  # type: ignore[import-untyped] # it publishes no types
from flask_wtf.file import FileField, FileRequired  # type: ignore[import-untyped]
from wtforms.fields import DateTimeLocalField  # type: ignore[import-untyped]
from wtforms.validators import Optional  # type: ignore[import-untyped]

from dashboard.accounts.identity import me
from dashboard.accounts.roles import Role
from dashboard.accounts.rules import allows
from dashboard.i18n import gettext
from dashboard.i18n import lazy_gettext as _
from dashboard.parts import parts
from dashboard.uploads import LARGEST_FILE_BYTES, UnusableFileError, take_in

pages = Blueprint("uploads", __name__)


class UploadForm(FlaskForm):  # type: ignore[misc]
    file = FileField(
        _("File"),
        description=_("A file that ends in .lesson.json, or .json of an export"),
        validators=[FileRequired(_("Choose a file"))],
        render_kw={"accept": ".json,application/json"},
    )
    began = DateTimeLocalField(
        _("When the lesson was"),
        description=_("Empty: as the file says"),
        validators=[Optional()],
    )


@pages.url_value_preprocessor
def _allow_a_lesson(_endpoint: str | None, _values: object) -> None:
    """Larger than a form and far smaller than a film; in time for the check of the form's token."""
    request.max_content_length = LARGEST_FILE_BYTES


@pages.route("/lessons/add", methods=["GET", "POST"])
@allows(Role.TEACHER)
def add() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("upload.html", form=form), 400 if form.errors else 200
    content = form.file.data.read(LARGEST_FILE_BYTES + 1)
    began = form.began.data
    if began is not None:
        began = began.replace(tzinfo=ZoneInfo(parts().settings.timezone))
    try:
        with parts().writing() as session, session.begin():
            uploaded = take_in(session, content, me().id, began, parts().clock.now())
    except UnusableFileError as error:
        form.file.errors = [gettext("This is no lesson of Denkpauze (%(reason)s).", reason=error)]
        return render_template("upload.html", form=form), 400
    flash(gettext("The lesson is here.") if uploaded.new else gettext("This lesson was here."))
    return redirect(url_for("lessons.look_back", lesson_id=uploaded.lesson, device=uploaded.device))
