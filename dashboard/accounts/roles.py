"""The four roles. An account has one of them, for good: who has two tasks has two accounts."""

from __future__ import annotations

from enum import StrEnum

from dashboard.i18n import lazy_gettext as _


class Role(StrEnum):
    """What somebody uses the dashboard for."""

    TEACHER = "teacher"
    TRAINER = "trainer"
    STEERING = "steering"
    ADMINISTRATOR = "administrator"


#: Those who look at lessons: nobody else ever reaches a page about one person (P8).
VIEWERS = (Role.TEACHER, Role.TRAINER)

NAMES = {
    Role.TEACHER: _("teacher"),
    Role.TRAINER: _("trainer"),
    Role.STEERING: _("steering group"),
    Role.ADMINISTRATOR: _("administrator"),
}
