"""The forms of accounts. Labels are translated when they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm  # type: ignore[import-untyped] # it publishes no types
from wtforms import BooleanField, PasswordField, SelectField, StringField  # type: ignore[import-untyped]
from wtforms.fields import SelectChoice  # type: ignore[import-untyped]
from wtforms.validators import (  # type: ignore[import-untyped]
    DataRequired,
    EqualTo,
    InputRequired,
    Length,
    Regexp,
    ValidationError,
)

from dashboard.accounts.models import Account
from dashboard.accounts.passwords import LONGEST, SHORTEST
from dashboard.accounts.roles import NAMES
from dashboard.i18n import gettext
from dashboard.i18n import lazy_gettext as _

NAME_PATTERN = r"^[a-z0-9][a-z0-9._@-]*$"


def _lower(text: str | None) -> str:
    return (text or "").strip().lower()


def _strip(text: str | None) -> str:
    return (text or "").strip()


class LogInForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _("Log-in name"),
        filters=[_lower],
        validators=[InputRequired(), Length(max=40)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A password, twice."""

    password = PasswordField(
        _("New password"),
        description=_("At least 12 characters; a sentence is easy to remember."),
        validators=[InputRequired(), Length(min=SHORTEST, max=LONGEST)],
        render_kw={"autocomplete": "new-password", "minlength": str(SHORTEST)},
    )
    again = PasswordField(
        _("The same password again"),
        validators=[EqualTo("password", message=_("The passwords are not the same."))],
        render_kw={"autocomplete": "new-password"},
    )


class NewAccountForm(NewPasswordForm):
    """What an invited person fills in."""

    name = StringField(
        _("Log-in name"),
        description=_("Lower-case letters, digits, dot, dash or at sign."),
        filters=[_lower],
        validators=[
            InputRequired(),
            Length(min=3, max=40),
            Regexp(
                NAME_PATTERN,
                message=_("Use lower-case letters, digits, dot, dash or at sign only."),
            ),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    full_name = StringField(
        _("Your name, as others see it"),
        filters=[_strip],
        validators=[DataRequired(), Length(max=60)],
        render_kw={"autocomplete": "name"},
    )

    field_order = ("full_name", "name", "password", "again")

    def validate_password(self, field: PasswordField) -> None:
        name = self.name.data or ""
        if name and name in field.data.lower():
            raise ValidationError(gettext("The password must not hold the log-in name."))


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        _("Password now"),
        validators=[InputRequired(), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class InviteForm(FlaskForm):  # type: ignore[misc]
    full_name = StringField(
        _("For whom"), filters=[_strip], validators=[DataRequired(), Length(max=60)]
    )
    role = SelectField(
        _("Role"), choices=[SelectChoice(role.value, name) for role, name in NAMES.items()]
    )


class GoalForm(FlaskForm):  # type: ignore[misc]
    text = StringField(
        _("What do you want to practise?"),
        description=_("In your own words, such as: three seconds before I call a name"),
        filters=[_strip],
        validators=[DataRequired(), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )


def teachers_and_nobody(teachers: Sequence[Account]) -> list[SelectChoice]:
    return [SelectChoice(0, gettext("nobody"))] + [
        SelectChoice(teacher.id, teacher.full_name) for teacher in teachers
    ]


class DeviceForm(FlaskForm):  # type: ignore[misc]
    """Whose lessons a device measures from now on; 0: nobody's."""

    owner = SelectField(_("Teacher"), coerce=int)
    earlier = BooleanField(_("Also the lessons that belong to nobody yet"))
