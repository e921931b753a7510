"""What the dashboard answers to programs: as described, whatever is asked."""

from __future__ import annotations

import http.client
import inspect
import re
from collections.abc import Iterator

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tools import openapi
from tools.bench.dashboard.gallery import Gallery, gallery
from tools.bench.dashboard.school import DEVICE, LATEST, cookie

pytestmark = [pytest.mark.process, pytest.mark.slow]

EXAMPLES = 30
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def shown() -> Iterator[Gallery]:
    with gallery(questions=9, earlier=0) as made:
        made.school.speak()
        yield made


def described() -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(openapi.PAGE.read_text(encoding="utf-8"))
    return found


def test_the_description_is_made_from_the_routes() -> None:
    assert openapi.document() == described(), "run: make docs"


def test_every_address_that_answers_with_json_is_described(shown: Gallery) -> None:
    """A view that makes JSON says so in its source; the pages for people never do."""
    views = shown.app.view_functions
    makes = {
        name
        for name, view in views.items()
        if re.search(r"jsonify|text/event-stream|media_type", inspect.getsource(view))
    }
    assert {"live.command", "live.stream", "exports.download"} <= makes
    assert makes - {"static", "bootstrap.static"} <= set(openapi.ROUTES)


@pytest.mark.parametrize("person", ["sanne", "tim", "ada", None])
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/live/command", "POST"),
        ("/lessons/{lesson_id}/export/{kind}", "GET"),
        ("/health", "GET"),
    ],
)
def test_whatever_is_asked_is_answered_as_described(
    shown: Gallery, person: str | None, path: str, method: str
) -> None:
    operation = schemathesis.openapi.from_dict(described())[path][method]
    headers = entrance(shown, person)
    seen: set[int] = set()

    @seed(15)
    @settings(
        max_examples=EXAMPLES if person == "sanne" else 5,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        if person == "sanne" and "lesson_id" in case.path_parameters:
            case.path_parameters["lesson_id"] = LATEST.lesson
        answer = case.call_and_validate(base_url=shown.address, headers=headers, checks=CHECKS)
        seen.add(answer.status_code)

    ask()
    assert person != "sanne" or seen & {200, 202, 204}, f"nothing was ever done: {seen}"


def entrance(shown: Gallery, person: str | None) -> dict[str, str]:
    """The headers with which somebody asks: the way in, and the token of a page."""
    if person is None:
        return {"X-CSRFToken": "none"}
    way = cookie(shown.app, shown.school.login(person))
    connection = http.client.HTTPConnection(shown.address.removeprefix("http://"), timeout=30)
    connection.request("GET", "/account", headers={"Cookie": f"{way['name']}={way['value']}"})
    answer = connection.getresponse()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', answer.read().decode())
    session = answer.headers["Set-Cookie"].split(";")[0]
    connection.close()
    assert token is not None
    return {"X-CSRFToken": token[1], "Cookie": session}


def test_the_stream_carries_what_is_described(shown: Gallery) -> None:
    """Endless, so it is not among the addresses above."""
    shown.school.speak()
    connection = http.client.HTTPConnection(shown.address.removeprefix("http://"), timeout=30)
    connection.request("GET", f"/live/stream?device={DEVICE}", headers=entrance(shown, "sanne"))
    answer = connection.getresponse()
    lines = iter(answer.readline, b"")
    state = yaml.safe_load(next(line for line in lines if line.startswith(b"data: "))[6:])
    connection.close()
    known = described()["components"]["schemas"]["LivePage"]
    assert set(known["required"]) <= set(state) <= set(known["properties"])
