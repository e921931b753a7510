"""Meekijken: the lesson as it runs, for one glance from two metres away."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from dashboard import words
from dashboard.live import TooManyViewersError
from dashboard.store import queries
from dashboard.views import parts

pages = Blueprint("live", __name__)

_DEVICE = re.compile(r"[a-z0-9-]{1,32}")


@pages.get("/")
def live() -> str:
    device = _device_asked_for()
    with parts().session() as session:
        devices = queries.device_ids(session)
    return render_template("live.html", device=device, devices=devices, words=_words(device))


@pages.get("/live/stream")
def stream() -> Response:
    """Server-sent events, the whole state in each; without ``device`` the current one."""
    hub = parts().hub
    try:
        viewer = hub.join(_device_asked_for())
    except TooManyViewersError:
        return Response(status=503, headers={"Retry-After": "10"})
    response = Response(
        viewer.frames(parts().settings.heartbeat_s),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
    response.call_on_close(lambda: hub.leave(viewer))
    return response


def _device_asked_for() -> str | None:
    device = request.args.get("device") or None
    if device is not None and not _DEVICE.fullmatch(device):
        abort(404)
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
