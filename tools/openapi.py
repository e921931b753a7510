"""Write ``docs/openapi.yaml``, what the dashboard says to programs, from its routes and models.

    python -m tools.openapi

Everything else that the dashboard answers is a page for people.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from werkzeug.routing import Rule

from dashboard.app import create_app
from dashboard.command_form import LONGEST_LIVE_NOTE, CommandForm
from dashboard.exports.formats import FORMATS
from dashboard.parts import EXTENSION
from dashboard.settings import Settings
from lesson.lesson_file import LessonFile

PAGE = Path(__file__).resolve().parent.parent / "docs" / "openapi.yaml"
#: The routes that answer programs, and the one method of each.
ROUTES = {
    "health.health": "get",
    "live.stream": "get",
    "live.command": "post",
    "exports.download": "get",
}
Json = dict[str, Any]


def document() -> Json:
    """The whole description, OpenAPI 3.1."""
    with tempfile.TemporaryDirectory(prefix="denkpauze-openapi-") as folder:
        app = create_app(Settings(database=f"sqlite:///{folder}/dashboard.sqlite3"))
        paths = _paths(app)
        app.extensions[EXTENSION].close()
    schema = LessonFile.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = schema.pop("$defs")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Denkpauze dashboard",
            "version": "1",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": (
                "The addresses that answer programs. Whoever may open a page may ask these, and "
                "nobody else: 401 without a log-in, 403 with the wrong one. A POST carries the "
                "token of the page in X-CSRFToken."
            ),
        },
        "security": [{"cookie": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"cookie": {"type": "apiKey", "in": "cookie", "name": "denkpauze"}},
            "schemas": {**parts, "LessonFile": schema, **_own_schemas()},
        },
    }


def _paths(app: Flask) -> Json:
    described = {
        "health.health": _health(),
        "live.stream": _stream(),
        "live.command": _command(),
        "exports.download": _download(),
    }
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ROUTES:
            found[_address(rule)] = {
                ROUTES[rule.endpoint]: {
                    "operationId": rule.endpoint.replace(".", "_"),
                    **described[rule.endpoint],
                }
            }
    return dict(sorted(found.items()))


def _address(rule: Rule) -> str:
    return rule.rule.replace("<", "{").replace(">", "}")


def _health() -> Json:
    return {
        "summary": "Whether the server answers at all.",
        "security": [],
        "responses": {"204": {"description": "It does."}},
    }


def _stream() -> Json:
    return {
        "summary": "The live page as server-sent events, the whole state in each.",
        "parameters": [_device("The device to watch; else the one whose status changed last.")],
        "responses": {
            "200": {
                "description": "The data of each message is a LivePage; events named `beat` are "
                "signs of life, and `end` is the last one when its viewer may watch no longer.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            "204": {"description": "There is nothing to watch yet."},
            "503": {"description": "All places are taken; try again after `Retry-After`."},
            **_refusals(401, 403, 404),
        },
    }


def _command() -> Json:
    kinds = [str(choice) for choice in CommandForm.kind.kwargs["choices"]]
    form = {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"type": "string", "enum": kinds},
            "target_s": {
                "type": "number",
                "minimum": 2,
                "maximum": 10,
                "description": "Seconds; needed for `target`.",
            },
            "note": {"type": "string", "maxLength": LONGEST_LIVE_NOTE},
        },
    }
    return {
        "summary": "Have the device do something; its answer comes with the stream, by this id.",
        "parameters": [
            _device("The device; else the one whose status changed last."),
            {"name": "X-CSRFToken", "in": "header", "required": True, "schema": {"type": "string"}},
        ],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": form}},
        },
        "responses": {
            "202": _json("It is on its way.", "Sent"),
            "409": _json("No lesson runs.", "Problem"),
            **_refusals(400, 401, 403, 404),
        },
    }


def _download() -> Json:
    text = {"schema": {"type": "string"}}
    kinds = {chosen.media_type.partition(";")[0]: text for chosen in FORMATS.values()}
    kinds["application/json"] = {"schema": {"$ref": "#/components/schemas/LessonFile"}}
    return {
        "summary": "A lesson as a file. `json` is what another Denkpauze takes in.",
        "parameters": [
            _in_path("lesson_id", {"type": "string"}),
            _in_path("kind", {"type": "string", "enum": list(FORMATS)}),
            _device("Where two devices used the same id."),
            {
                "name": "offset",
                "in": "query",
                "schema": {"type": "string", "pattern": r"^-?[0-9]{1,3}:[0-5][0-9]$"},
                "description": "Where the lesson begins in the film, such as `1:30` or `-0:12`.",
            },
            {"name": "style", "in": "query", "schema": {"enum": ["excel", "plain"]}},
        ],
        "responses": {
            "200": {"description": "The file.", "content": dict(sorted(kinds.items()))},
            **_refusals(400, 401, 403, 404),
        },
    }


def _own_schemas() -> Json:
    return {
        "Sent": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string", "pattern": "^[0-9a-f]{16}$"}},
            "additionalProperties": False,
        },
        "Problem": {
            "type": "object",
            "required": ["problem"],
            "properties": {"problem": {"type": "string"}},
            "additionalProperties": False,
        },
        "LivePage": {
            "type": "object",
            "required": ["device", "status", "phase", "running", "target_s", "done", "lesson"],
            "properties": {
                "device": {"type": "string"},
                "status": {"type": "string"},
                "phase": {"type": "string"},
                "running": {"type": "boolean"},
                "at": {"type": ["string", "null"]},
                "target_s": {"type": "number"},
                "cues_muted": {"type": "boolean"},
                "lesson_runs": {"type": "boolean"},
                "done": {"type": "object", "additionalProperties": {"type": "string"}},
                "lesson": {"type": ["object", "null"]},
                "age_s": {"type": ["number", "null"]},
                "think_s": {"type": ["number", "null"]},
            },
        },
    }


def _device(text: str) -> Json:
    schema = {"type": "string", "pattern": "^[a-z0-9-]{1,32}$"}
    return {"name": "device", "in": "query", "schema": schema, "description": text}


def _in_path(name: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _json(text: str, name: str) -> Json:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _refusals(*codes: int) -> Json:
    texts = {
        400: "What was sent cannot be used.",
        401: "Not logged in.",
        403: "Not for this account.",
        404: "There is no such thing.",
    }
    page = {"text/html": {"schema": {"type": "string"}}}
    return {str(code): {"description": texts[code], "content": page} for code in codes}


def main() -> None:
    text = "# Made from the routes and models by `make docs`; not to be edited.\n"
    text += yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=100)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
