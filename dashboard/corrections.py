"""What can be corrected in a lesson, as forms ask for it and tables show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask_wtf import FlaskForm  # type: ignore[import-untyped] # it publishes no types
from wtforms import BooleanField, Field, SelectField, StringField  # type: ignore[import-untyped]
from wtforms.fields import SelectChoice  # type: ignore[import-untyped]
from wtforms.validators import InputRequired, Regexp, ValidationError  # type: ignore[import-untyped]

from dashboard import words
from dashboard.i18n import Words, decimal_sign, gettext, seconds
from dashboard.i18n import lazy_gettext as _
from dashboard.lesson_time import read_moment, write_moment
from lesson.corrections import Standing
from lesson.events import (
    ARMING_FORMS,
    Ender,
    Feedback,
    Focus,
    Mark,
    Name,
    NamePosition,
    NameRole,
    Pause,
    PauseOutcome,
    Question,
    QuestionForm,
    Source,
    Turn,
)

KINDS: Mapping[str, Words] = {
    "question": _("Question"),
    "pause": _("Think pause"),
    "name": _("Name"),
    "turn": _("Turn of speech"),
    "feedback": _("Feedback"),
    "mark": _("Marked moment"),
}
Editable = Question | Pause | Name | Turn | Feedback | Mark


@dataclass(frozen=True, slots=True)
class Line:
    """One event in the list of what can be corrected."""

    identifier: str | None
    kind: str
    start_s: float
    detail: str
    removed: bool
    #: correction to remove in order to get back what was measured
    correction: str | None


def lines(found: Iterable[Standing]) -> list[Line]:
    """Editable events with what became of them. Needs an application context."""
    result = []
    for standing in found:
        event = standing.event or standing.measured
        if not isinstance(event, Editable):
            continue
        result.append(
            Line(
                identifier=standing.identifier,
                kind=event.kind,
                start_s=event.t,
                detail=_detail(event),
                removed=standing.event is None,
                correction=standing.correction,
            )
        )
    return result


def _detail(event: Editable) -> str:
    if isinstance(event, Question):
        focus = f" · {words.FOCUSES[event.focus]}" if event.focus else ""
        return f"{words.FORMS[event.form]}{focus}"
    if isinstance(event, Pause):
        if event.outcome is not PauseOutcome.MEASURED or event.t_end is None:
            return str(words.OUTCOMES.get(event.outcome, "–"))
        ender = f" · {words.ENDERS[event.ended_by]}" if event.ended_by else ""
        return seconds(event.t_end - event.t) + ender
    if isinstance(event, Name):
        pupil = event.pupil or gettext("unknown pupil")
        return f"{pupil} · {words.ROLES[event.role]}"
    if isinstance(event, Feedback):
        specific = gettext("specific") if event.specific else gettext("general")
        positive = gettext("positive") if event.positive else gettext("negative")
        return f"{specific} · {positive}"
    if isinstance(event, Mark):
        return str(words.MARKS[event.label])
    return str(words.SOURCES[event.source])


# --- forms -------------------------------------------------------------------------------------


class MomentField(StringField):  # type: ignore[misc]
    """A moment of the lesson, written as minutes and seconds; ``data`` in seconds or ``None``."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else write_moment(self.data, decimal_sign())

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            value_s = read_moment(valuelist[0])
        except ValueError:
            value_s = -1.0
        if value_s < 0:
            raise ValueError(gettext("Write minutes and seconds, such as 12:07,4"))
        self.data = value_s


def _choices(meanings: Mapping[Any, Words]) -> list[SelectChoice]:
    return [SelectChoice(code.value, meaning) for code, meaning in meanings.items()]


_UNSURE = SelectChoice("", _("unsure"))


class EventForm(FlaskForm):  # type: ignore[misc]
    """When it was; each kind of event adds its own.

    Attributes:
        before: the event that is changed, if one is.
        by: who marks a moment.
    """

    before: Editable | None = None
    by: Literal["teacher", "trainer"] = "teacher"

    t = MomentField(_("Beginning"), validators=[InputRequired()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, then whether such an event can be."""
        if not super().validate(extra_validators):
            return False
        try:
            self.event()
        except ValueError:
            wrong = gettext("Write minutes and seconds, such as 12:07,4")
            self.t.errors = [*self.t.errors, wrong]
            return False
        return True

    def event(self) -> Editable:
        """The event that the form describes; what it does not ask for stays as it was."""
        raise NotImplementedError


class StretchForm(EventForm):
    """Something that lasts."""

    t_end = MomentField(_("End"), validators=[InputRequired()])

    def validate_t_end(self, field: Field) -> None:
        if field.data is not None and self.t.data is not None and field.data <= self.t.data:
            raise ValidationError(gettext("The end comes after the beginning"))


class QuestionFields(StretchForm):
    form = SelectField(_("Kind"), choices=_choices(words.FORMS))
    focus = SelectField(_("Focus"), choices=[_UNSURE, *_choices(words.FOCUSES)])

    def event(self) -> Question:
        form = QuestionForm(self.form.data)
        known = self.before if isinstance(self.before, Question) else None
        return Question(
            t=self.t.data,
            t_end=self.t_end.data,
            form=form,
            focus=Focus(self.focus.data) if self.focus.data else None,
            arms=form in ARMING_FORMS,
            probability=1.0,
            snr_db=known.snr_db if known else None,
            reasons=("by_hand",),
        )


class PauseFields(StretchForm):
    t_end = MomentField(_("End"), description=_("Empty: it cannot be measured"))
    ended_by = SelectField(_("Ended by"), choices=[_UNSURE, *_choices(words.ENDERS)])

    def event(self) -> Pause:
        end_s = self.t_end.data
        measured = end_s is not None
        return Pause(
            t=self.t.data,
            t_end=end_s,
            outcome=PauseOutcome.MEASURED if measured else PauseOutcome.UNMEASURED,
            ended_by=Ender(self.ended_by.data) if self.ended_by.data and measured else None,
            net_s=round(end_s - self.t.data, 3) if measured else None,
            reason="by_hand",
        )


class NameFields(StretchForm):
    pupil = StringField(
        _("Pupil"),
        description=_("Alias such as p07; empty: unknown"),
        validators=[Regexp(r"^(p[0-9]{2,3})?$", message=_("Write an alias such as p07"))],
    )
    role = SelectField(_("Why"), choices=_choices(words.ROLES))
    position = SelectField(_("Place"), choices=_choices(words.POSITIONS))

    def event(self) -> Name:
        return Name(
            t=self.t.data,
            t_end=self.t_end.data,
            pupil=self.pupil.data or None,
            role=NameRole(self.role.data),
            position=NamePosition(self.position.data),
            probability=1.0,
        )


class TurnFields(StretchForm):
    source = SelectField(_("Who"), choices=_choices(words.SOURCES))

    def event(self) -> Turn:
        length_s = round(self.t_end.data - self.t.data, 3)
        known = self.before.speech_s if isinstance(self.before, Turn) else length_s
        return Turn(
            t=self.t.data,
            t_end=self.t_end.data,
            source=Source(self.source.data),
            speech_s=min(known, length_s),
        )


class FeedbackFields(StretchForm):
    specific = BooleanField(_("Names what was done or is missing"))
    positive = BooleanField(_("Progress or praise"), default=True)

    def event(self) -> Feedback:
        return Feedback(
            t=self.t.data,
            t_end=self.t_end.data,
            specific=self.specific.data,
            positive=self.positive.data,
        )


class MarkFields(EventForm):
    label = SelectField(
        _("Kind"), choices=[SelectChoice(code, meaning) for code, meaning in words.MARKS.items()]
    )

    def event(self) -> Mark:
        by = self.before.by if isinstance(self.before, Mark) else self.by
        return Mark(t=self.t.data, by=by, label=self.label.data)


FORMS: Mapping[str, type[EventForm]] = {
    "question": QuestionFields,
    "pause": PauseFields,
    "name": NameFields,
    "turn": TurnFields,
    "feedback": FeedbackFields,
    "mark": MarkFields,
}


def form_for(
    kind: str, by: Literal["teacher", "trainer"], event: Editable | None = None
) -> EventForm:
    """The form of a kind, filled in with what was sent, or else with an event."""
    values = event.model_dump() if event is not None else {}
    times = {name: values.pop(name) for name in ("t", "t_end") if name in values}
    named = {name: "" if value is None else value for name, value in values.items()}
    form = FORMS[kind](data={**named, **times})
    form.before, form.by = event, by
    return form
