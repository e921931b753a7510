"""Meekijken: the lesson as it runs, for one glance from two metres away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from dashboard import words
from dashboard.accounts import policy
from dashboard.accounts.identity import Person, me
from dashboard.accounts.roles import VIEWERS, Role
from dashboard.accounts.rules import allows
from dashboard.live import TooManyViewersError
from dashboard.parts import parts

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
        "stream": url_for("live.stream", device=device),
        "statuses": {code: str(text) for code, text in words.STATUSES.items()},
        "phases": {code: str(text) for code, text in words.PHASES.items()},
        "orders": {code.value: str(text) for code, text in words.ORDERS.items()},
        "texts": {name: str(text) for name, text in words.LIVE_TEXTS.items()},
    }
