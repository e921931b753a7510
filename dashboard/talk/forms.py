"""The forms of the talk."""

from __future__ import annotations

from flask_wtf import FlaskForm  # type: ignore[import-untyped] # it publishes no types
from wtforms import DecimalField, IntegerField, TextAreaField  # type: ignore[import-untyped]
from wtforms.validators import (  # type: ignore[import-untyped]
    DataRequired,
    Length,
    NumberRange,
    Optional,
)
from wtforms.widgets import TextInput  # type: ignore[import-untyped]

from dashboard.corrections import MomentField
from dashboard.i18n import lazy_gettext as _
from dashboard.talk.models import LONGEST_NOTE


class WrittenDecimalField(DecimalField):  # type: ignore[misc]
    """With a comma or a point, whatever language the browser itself speaks."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.strip().replace(",", ".") for value in valuelist])


class GuessForm(FlaskForm):  # type: ignore[misc]
    pause_s = WrittenDecimalField(
        _("How long was your think pause, mostly? (seconds)"),
        validators=[Optional(), NumberRange(min=0, max=30)],
        places=1,
        use_locale=False,
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    order_percent = IntegerField(
        _("How often did the name come after the pause? (of 100 turns)"),
        validators=[Optional(), NumberRange(min=0, max=100)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class NoteForm(FlaskForm):  # type: ignore[misc]
    text = TextAreaField(
        _("Note"),
        filters=[lambda text: (text or "").strip()],
        validators=[DataRequired(), Length(max=LONGEST_NOTE)],
        render_kw={"rows": "3"},
    )
    t = MomentField(
        _("About the moment"),
        description=_("Minutes and seconds, such as 12:07; empty: about the whole lesson"),
    )
