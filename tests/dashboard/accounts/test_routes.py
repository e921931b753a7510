"""Every route against every role: a new page without a rule, or with a hole in it, fails here."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule as Address

from dashboard.accounts import rules
from dashboard.accounts.roles import Role
from dashboard.accounts.rules import Access, MissingRuleError, allows, open_to_everybody

pytestmark = [pytest.mark.unit, pytest.mark.slow]

#: What stands in addresses besides the lesson: nothing that exists, so that nothing happens.
SAMPLES = {
    "account": 999_999,
    "device": "nosuchdevice",
    "goal": 999_999,
    "number": 999_999,
    "secret": "nosuchsecret",
}

#: In a lesson that is Sanne's and shared with Trudy, or under a goal that is: who comes past the
#: rule, by its access.
LESSON_ACCESS = {Access.SEE: {"sanne", "trudy"}, Access.OWN: {"sanne"}}


def addresses(app: Flask) -> list[tuple[Address, str, str]]:
    """Rule, method and path of everything that can be asked for."""
    found = []
    for rule in app.url_map.iter_rules():
        values = {
            name: SAMPLES.get(name, f"nosuch{name}")
            for name in rule.arguments
            if name != "filename"
        }
        values |= {"lesson_id": "01hzdemolesson0001"} if "lesson_id" in rule.arguments else {}
        values |= {"filename": "style.css"} if "filename" in rule.arguments else {}
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        found += [(rule, method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def expected_pass(app: Flask, address: Address, name: str, role: Role) -> bool:
    rule = rules.rule_of(app, address.endpoint)
    if rule.roles is None:
        return True
    if rule.lesson is not None and name not in LESSON_ACCESS[rule.lesson]:
        return False
    return role in rule.roles


@pytest.mark.parametrize("way", ["lesson", "goal"])
def test_every_route_lets_the_right_people_pass_and_answers_403_to_all_others(
    school: object, way: str
) -> None:
    app = school.people.app
    if way == "lesson":
        school.people.share(school.script, school.accounts["trudy"])
    else:
        goal = school.people.goal(school.accounts["sanne"], school.script)
        school.people.share_goal(goal, school.accounts["trudy"])
    wrong = []
    for name, role in school.roles.items():
        client = school.client(name)
        for address, method, path in addresses(app):
            if method != "GET" and expected_pass(app, address, name, role):
                continue  # what it changes would spoil the rest; the other tests do it
            with client.open(path, method=method) as answer:
                forbidden = answer.status_code == 403
            broken = answer.status_code >= 500
            if broken or forbidden == expected_pass(app, address, name, role):
                wrong.append((name, method, path, answer.status_code))
    assert [] == wrong


def test_every_route_that_is_not_open_sends_nobody_away(school: object) -> None:
    app = school.people.app
    client = school.client(None)
    seen = []
    for address, method, path in addresses(app):
        if rules.rule_of(app, address.endpoint).roles is None:
            continue
        plain = client.open(path, method=method).status_code
        page = client.open(path, method=method, headers={"Accept": "text/html"}).status_code
        seen.append((plain, page if method == "GET" else 302))
    assert {(401, 302)} == set(seen)


def test_pages_open_to_everybody_are_few_and_known(app: Flask) -> None:
    assert {
        "static",
        "bootstrap.static",
        "account.log_in",
        "account.invitation",
        "account.enter_demo",
        "health.health",
    } == {
        address.endpoint
        for address in app.url_map.iter_rules()
        if rules.rule_of(app, address.endpoint).roles is None
    }


def test_who_leads_reaches_no_page_about_one_person(app: Flask) -> None:
    """A page added for these roles belongs in this list only if nobody can be told from it."""
    everybody = {
        "account.home",
        "account.overview",
        "account.change_password",
        "account.log_out",
        "account.log_out_everywhere",
    }
    administrator = {
        "people.overview",
        "people.invite",
        "people.renew",
        "people.confirm_closing",
        "people.close",
        "people.devices",
        "people.give_device",
    }
    assert everybody | {"school.overview"} == endpoints_of(app, Role.STEERING)
    assert everybody | administrator == endpoints_of(app, Role.ADMINISTRATOR)


def endpoints_of(app: Flask, role: Role) -> set[str]:
    """What this role may open, without what everybody may."""
    known = {
        address.endpoint: rules.rule_of(app, address.endpoint)
        for address in app.url_map.iter_rules()
    }
    return {name for name, rule in known.items() if rule.roles is not None and role in rule.roles}


def test_a_view_without_a_rule_stops_the_program() -> None:
    app = Flask("without")
    app.add_url_rule("/secret", "secret", lambda: "all of it")
    app.add_url_rule("/known", "known", open_to_everybody(lambda: "hello"))
    with pytest.raises(MissingRuleError, match=r"^the view secret needs @allows"):
        rules.install(app)


@pytest.mark.parametrize("lesson", [None, Access.SEE])
def test_a_rule_that_does_not_fit_its_address_stops_the_program(lesson: Access | None) -> None:
    app = Flask("without")
    path = "/lessons/<lesson_id>" if lesson is None else "/lessons"
    view = allows(Role.TEACHER, lesson=lesson)(lambda **_: "figures")
    app.add_url_rule(path, "figures", view)
    with pytest.raises(MissingRuleError, match="figures: "):
        rules.install(app)


@pytest.mark.parametrize("role", [Role.STEERING, Role.ADMINISTRATOR])
def test_no_rule_can_give_a_lesson_to_who_leads(role: Role) -> None:
    with pytest.raises(MissingRuleError, match="lessons are for"):
        allows(Role.TEACHER, role, lesson=Access.SEE)
