"""Which pages each role finds at the top of every page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for

from dashboard.accounts.identity import somebody
from dashboard.accounts.roles import VIEWERS, Role
from dashboard.i18n import Words
from dashboard.i18n import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the navigation.

    Attributes:
        below: argument that the addresses of the pages below it have.
    """

    endpoint: str
    label: Words
    roles: tuple[Role, ...]
    below: str = ""

    @property
    def address(self) -> str:
        return url_for(self.endpoint)

    @property
    def current(self) -> str:
        """``page``: this one is shown; ``true``: one below it is; else empty."""
        if request.endpoint == self.endpoint:
            return "page"
        known = request.url_rule.arguments if request.url_rule is not None else ()
        return "true" if self.below in known else ""


#: In the order of the page. A page that is not about one thing belongs here.
ENTRIES = (
    Entry("live.live", _("Watch live"), VIEWERS),
    Entry("lessons.overview", _("Lessons"), VIEWERS, below="lesson_id"),
    Entry("goals.overview", _("Goals"), (Role.TEACHER,), below="goal"),
    Entry("sharing.watching", _("Who watches"), (Role.TEACHER,)),
    Entry("school.overview", _("Participation"), (Role.STEERING,)),
    Entry("people.overview", _("Accounts"), (Role.ADMINISTRATOR,), below="account"),
    Entry("people.devices", _("Devices"), (Role.ADMINISTRATOR,)),
)

HOME = {
    Role.TEACHER: "live.live",
    Role.TRAINER: "live.live",
    Role.STEERING: "school.overview",
    Role.ADMINISTRATOR: "people.overview",
}


def install(app: Flask) -> None:
    app.context_processor(lambda: {"navigation": entries(), "person": somebody()})


def entries() -> tuple[Entry, ...]:
    """The pages for who asks; none for who is not logged in."""
    person = somebody()
    return tuple(e for e in ENTRIES if person is not None and person.role in e.roles)
