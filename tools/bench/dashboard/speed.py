"""How soon the pages come: from the server, over the wire, and before somebody's eyes."""

from __future__ import annotations

import http.client
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dashboard.app import create_app
from dashboard.parts import EXTENSION
from dashboard.settings import Settings
from dashboard.store.database import open_database
from dashboard.store.models import Lesson
from tools.bench.dashboard.long_lesson import QUESTIONS, START
from tools.bench.dashboard.programs import Program
from tools.bench.dashboard.school import DEVICE, LATEST, School, cookie
from tools.bench.figures import Figure
from tools.bench.live_page import chromium, launched

LESSONS = 1000
REQUESTS = 60
WARM_UP = 3
PAINTS = 5
PAINTED = """() => new Promise(resolve => {
  const seen = list => list.getEntriesByName("first-contentful-paint").forEach(entry =>
    resolve(entry.startTime / 1000));
  new PerformanceObserver(seen).observe({type: "paint", buffered: true});
})"""


def speed_figures() -> dict[str, Figure]:
    """Measured on a web process of its own.

    Raises:
        RuntimeError: it did not start.
    """
    with _served() as (address, way, school):
        review = f"/lessons/{LATEST.lesson}?device={DEVICE}"
        figures = {
            "review_p95_s": _answers(address, way, review),
            "list_p95_s": _answers(address, way, "/lessons"),
        }
        if chromium() is not None:
            figures |= _in_chromium(address, way, school)
    return figures


@contextmanager
def _served() -> Iterator[tuple[str, dict[str, str], School]]:
    """A school with a thousand lessons of Sanne, her way in, and the address of its pages."""
    with tempfile.TemporaryDirectory(prefix="denkpauze-speed-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/dashboard.sqlite3"
        engine = open_database(url, writing=True)
        school = School(engine, QUESTIONS, earlier=1)
        school.fill()
        _many_lessons(engine, school.numbers["sanne"])
        app = create_app(Settings(database=url))
        way = cookie(app, school.login("sanne"))
        app.extensions[EXTENSION].close()
        arguments = ("--database", url, "--port", "0")
        with Program(folder, r"http://[0-9.:]+", "dashboard", *arguments) as web:
            yield web.said, way, school
        engine.dispose()


def _many_lessons(engine: Engine, owner: int) -> None:
    """The list shows no events, so these have none."""
    with Session(engine) as session, session.begin():
        for number in range(LESSONS - 2):
            session.add(
                Lesson(
                    device=DEVICE,
                    id=f"01hzmany{number:06d}",
                    owner=owner,
                    started=START - timedelta(days=100, hours=number),
                    mode="cue",
                    last_t=3000.0,
                    ended_reason="button",
                )
            )


def _answers(address: str, way: dict[str, str], path: str) -> Figure:
    """From the first byte asked to the last byte answered, on one connection: the 95th percent."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    headers = {"Cookie": f"{way['name']}={way['value']}", "Accept": "text/html"}
    taken = []
    for _ in range(WARM_UP + REQUESTS):
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
    connection.close()
    return Figure(float(np.percentile(taken[WARM_UP:], 95)), n=REQUESTS)


def _in_chromium(address: str, way: dict[str, str], school: School) -> dict[str, Figure]:
    """The live page with an empty cache: what it loads before the stream, and its first paint."""
    loads = []
    with launched() as browser:
        for _ in range(PAINTS):
            school.speak()
            context = browser.new_context(viewport={"width": 1024, "height": 768})
            context.add_cookies([{**way, "url": address}])
            loads.append(_load(context, f"{address}/?device={DEVICE}"))
            context.close()
    weights, paints = zip(*loads, strict=True)
    return {
        "live_page_kb": Figure(max(weights) / 1000, n=PAINTS),
        "first_paint_s": Figure(max(paints), n=PAINTS),
    }


def _load(context: Any, url: str) -> tuple[float, float]:
    """Bytes over the wire, headers among them, and seconds to the first paint with content."""
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    weight: list[float] = []
    protocol.on("Network.loadingFinished", lambda event: weight.append(event["encodedDataLength"]))
    page.goto(url, wait_until="load")
    painted = float(page.evaluate(PAINTED))
    page.locator("#median", has_text="s").wait_for()
    return sum(weight), painted
