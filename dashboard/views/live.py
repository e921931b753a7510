"""Meekijken: the lesson as it runs, for one glance from two metres away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from dashboard import commands, health, words
from dashboard.accounts import policy
from dashboard.accounts.identity import Person, me
from dashboard.accounts.roles import VIEWERS, Role
from dashboard.accounts.rules import allows
from dashboard.command_form import CommandForm
from dashboard.live import TooManyViewersError
from dashboard.parts import parts
from dashboard.store.models import Device, Lesson
from dashboard.talk.models import Note

pages = Blueprint("live", __name__)

_DEVICE = re.compile(r"[a-z0-9-]{1,32}")


@pages.get("/")
@allows(*VIEWERS)
def live() -> str:
    person = me()
    devices = _devices(person)
    device = _device_asked_for(devices)
    return render_template(
        "live.html",
        device=device,
        devices=sorted(devices),
        words=_words(device),
        model=_model_line(device),
        may_ask=person.role is Role.TRAINER,
    )


@pages.get("/live/stream")
@allows(*VIEWERS)
def stream() -> Response:
    """Server-sent events, the whole state in each; without ``device`` one that may be watched.

    The stream ends when its viewer may not watch any longer. 204: there is nothing to watch yet.
    """
    person, hub = me(), parts().hub
    device = _device_asked_for(_devices(person))
    if device is None:
        return Response(status=204)
    try:
        viewer = hub.join(device, (person.login, device))
    except TooManyViewersError:
        return Response(status=503, headers={"Retry-After": "10"})
    response = Response(
        viewer.frames(parts().settings.heartbeat_s),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
    response.call_on_close(lambda: hub.leave(viewer))
    return response


@pages.post("/live/command")
@allows(*VIEWERS)
def command() -> ResponseReturnValue:
    """One tap: have the device do something, and keep the note that goes with a mark here.

    409: no lesson runs. The answer of the device comes with the stream, under the id given here.
    """
    person, form = me(), CommandForm()
    if not form.validate_on_submit():
        abort(400)
    device = _device_asked_for(_devices(person))
    if device is None:
        abort(404)
    now = parts().clock.now()
    with parts().writing() as session, session.begin():
        lesson = commands.running_lesson(session, device)
        if lesson is None:
            return jsonify(problem=str(words.LIVE_TEXTS["no_lesson"])), 409
        try:
            identifier = commands.send(session, lesson, form.order(), now)
        except ValidationError:
            abort(400)
        if form.note.data and form.kind.data == "mark":
            at_s = round(commands.position_s(session, lesson, now), 1)
            session.add(_note(lesson, person, at_s, form.note.data, now))
    return jsonify(id=identifier), 202


def _note(lesson: Lesson, person: Person, at_s: float, text: str, now: datetime) -> Note:
    return Note(
        device=lesson.device, lesson=lesson.id, account=person.id, t=at_s, text=text, created=now
    )


def _model_line(device: str | None) -> str:
    with parts().session() as session:
        row = session.get(Device, device) if device is not None else None
    return health.model_line(row.recogniser if row is not None else None)


def _devices(person: Person) -> Sequence[str]:
    with parts().session() as session:
        return policy.devices_to_watch(session, person.id, parts().clock.now())


def _device_asked_for(devices: Sequence[str]) -> str | None:
    """The device in the address, or the one of these that changed last."""
    device = request.args.get("device")
    if not device:
        return devices[0] if devices else None
    if not _DEVICE.fullmatch(device):
        abort(404)
    if device not in devices:
        abort(403)
    return device


def _words(device: str | None) -> dict[str, Any]:
    """What the page's script writes, in the page's language; it fills in what is in braces."""
    return {
        "device": device,
        "stream": url_for("live.stream", device=device),
        "command": url_for("live.command", device=device),
        "statuses": {code: str(text) for code, text in words.STATUSES.items()},
        "phases": {code: str(text) for code, text in words.PHASES.items()},
        "orders": {code.value: str(text) for code, text in words.ORDERS.items()},
        "health": {code: str(text) for code, text in words.HEALTH.items()},
        "texts": {name: str(text) for name, text in words.LIVE_TEXTS.items()},
    }
