"""What a tap on the live page posts."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm  # type: ignore[import-untyped] # it publishes no types
from wtforms import (  # type: ignore[import-untyped]
    DecimalField,
    SelectField,
    StringField,
)
from wtforms.validators import Length, NumberRange, Optional  # type: ignore[import-untyped]

#: a tap on a tablet leaves no time for more
LONGEST_LIVE_NOTE = 200


class CommandForm(FlaskForm):  # type: ignore[misc]
    kind = SelectField(choices=["mark", "deliberate", "mute", "unmute", "target"])
    target_s = DecimalField(validators=[Optional(), NumberRange(min=2, max=10)], use_locale=False)
    note = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[Optional(), Length(max=LONGEST_LIVE_NOTE)],
    )

    def order(self) -> dict[str, Any]:
        """As in ``lesson.wire.Command``; a note is never part of it."""
        kind = self.kind.data
        if kind in ("mute", "unmute"):
            return {"kind": "mute_cues", "muted": kind == "mute"}
        if kind == "target":
            target_s = self.target_s.data
            return {"kind": "target", "target_s": None if target_s is None else float(target_s)}
        label = "fragment" if kind == "mark" else "deliberate_name_first"
        return {"kind": "mark", "label": label}
