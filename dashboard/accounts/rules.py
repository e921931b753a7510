"""Every view carries a rule that says who may open it; a view without one stops the program.

    @pages.get("/lessons/<lesson_id>")
    @allows(*VIEWERS, lesson=Access.SEE)
    def look_back(lesson: Lesson) -> str: ...

The rule is enforced before the view runs, which gets the lesson instead of its id. Who is not
logged in is sent to the log-in page, or gets 401 where no page was asked for; the wrong role gets
403, and so does everybody to whom the lesson neither belongs nor is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar, cast

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue

from dashboard.accounts import policy
from dashboard.accounts.identity import login_manager, somebody
from dashboard.accounts.roles import VIEWERS, Role
from dashboard.errors import DashboardError
from dashboard.parts import parts
from dashboard.store.models import Lesson

#: Files without anything about anybody.
STATIC = ("static", "bootstrap.static")
LESSON_ARGUMENT = "lesson_id"

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Access(Enum):
    """What somebody may do with the lesson in the address."""

    SEE = "see"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Rule:
    """Roles that may open a view; ``None``: everybody, logged in or not."""

    roles: frozenset[Role] | None
    lesson: Access | None = None


class MissingRuleError(DashboardError):
    """A view says not, or not well, who may open it."""


def allows(*roles: Role, lesson: Access | None = None) -> Callable[[View], View]:
    """The rule of a view. ``lesson``: what is needed for the lesson in its address."""
    if not roles:
        raise MissingRuleError("allows() names no role")
    if lesson is not None and not set(roles) <= set(VIEWERS):
        raise MissingRuleError(f"lessons are for {', '.join(VIEWERS)} only")
    return _carrying(Rule(frozenset(roles), lesson))


def open_to_everybody(view: View) -> View:
    """For pages that must work before log-in."""
    return _carrying(Rule(None))(view)


def rule_of(app: Flask, endpoint: str) -> Rule:
    """The rule of a view.

    Raises:
        MissingRuleError: it has none.
    """
    if endpoint in STATIC:
        return Rule(None)
    rule = getattr(app.view_functions[endpoint], "rule", None)
    if not isinstance(rule, Rule):
        raise MissingRuleError(f"the view {endpoint} needs @allows(…) or @open_to_everybody")
    return rule


def install(app: Flask) -> None:
    """Enforce the rules of all views.

    Raises:
        MissingRuleError: names every view without a rule that fits its address.
    """
    if problems := list(_problems(app)):
        raise MissingRuleError("; ".join(problems))
    app.before_request(_enforce)


def _problems(app: Flask) -> Iterator[str]:
    for address in app.url_map.iter_rules():
        try:
            rule = rule_of(app, address.endpoint)
        except MissingRuleError as error:
            yield str(error)
            continue
        if (LESSON_ARGUMENT in address.arguments) != (rule.lesson is not None):
            yield f"{address.endpoint}: @allows(lesson=…) belongs to <{LESSON_ARGUMENT}>"


def _enforce() -> ResponseReturnValue | None:
    if request.endpoint is None:  # no such page
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule.roles is None:
        return None
    person = somebody()
    if person is None:
        return cast(ResponseReturnValue, login_manager().unauthorized())
    if person.role not in rule.roles:
        abort(403)
    if rule.lesson is not None:
        arguments = request.view_args or {}
        arguments["lesson"] = _lesson(arguments.pop(LESSON_ARGUMENT), person.id, rule.lesson)
    return None


def _lesson(identifier: str, person: int, access: Access) -> Lesson:
    """The lesson in the address; ``?device=`` where two devices used the same id."""
    wanted = (policy.seen_by if access is Access.SEE else policy.owned_by)(person)
    with parts().session() as session:
        found = policy.find_lesson(session, identifier, request.args.get("device"), wanted)
    if found is None:
        abort(404)
    if not found.permitted:
        abort(403)
    return found.lesson


def _carrying(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.rule = rule  # type: ignore[attr-defined]
        return view

    return mark
