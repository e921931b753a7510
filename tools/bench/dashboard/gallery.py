"""Every page of the dashboard in a real Chromium: for pictures, and for whoever checks them all."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from werkzeug.serving import make_server

from dashboard.app import create_app
from dashboard.parts import EXTENSION, Parts
from dashboard.settings import Settings
from dashboard.store.database import open_database
from tools.bench.dashboard.long_lesson import QUESTIONS
from tools.bench.dashboard.school import DEVICE, EARLIER, LATEST, School, cookie
from tools.bench.lessons import ROOT
from tools.bench.live_page import launched

LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
COLOURS = ("light", "dark")
VIEWPORTS = {"tablet": (1024, 768), "phone": (390, 844), "desktop": (1440, 900)}
TIMEOUT_MS = 30_000
AXE = ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"

#: What answers a GET with something else than a page.
NOT_PAGES = {
    "static",
    "bootstrap.static",
    "account.enter_demo",
    "account.export",
    "account.home",
    "exports.download",
    "health.health",
    "live.stream",
}


@dataclass(frozen=True)
class Page:
    """A page as somebody sees it.

    Attributes:
        person: of ``tools.bench.dashboard.school``; ``None``: not logged in.
        fill: what is typed into fields by their names before ``press``, a selector, is clicked.
        ready: a selector that must be there, and its text where it must have one.
        refused: the page answers with an error on purpose.
    """

    name: str
    endpoint: str
    person: str | None
    values: Mapping[str, object] = field(default_factory=dict)
    fill: Mapping[str, str] = field(default_factory=dict)
    press: str = ""
    ready: tuple[str, str] = ("main", "")
    refused: bool = False


LESSON = {"lesson_id": LATEST.lesson, "device": DEVICE}
QUESTION = next(e.id for e in LATEST.envelopes() if e.event.kind == "question" and e.seq > 9)
SUBMIT = "main form button:not([type=button])"

PAGES = (
    Page("login", "account.log_in", None),
    Page("invitation", "account.invitation", None, {"secret": "new"}),
    Page("link-over", "account.invitation", None, {"secret": "over"}, refused=True),
    Page("live", "live.live", "sanne", {"device": DEVICE}, ready=("#median", " s")),
    Page("live-nothing", "live.live", "joris"),
    Page("lessons", "lessons.overview", "sanne"),
    Page("no-lessons", "lessons.overview", "joris"),
    Page("review", "lessons.look_back", "sanne", LESSON),
    Page("print", "lessons.one_page", "sanne", LESSON),
    Page("compare", "comparing.overview", "sanne", LESSON),
    Page("export", "exports.overview", "sanne", LESSON),
    Page("corrections", "corrections.overview", "sanne", LESSON),
    Page("correct-event", "corrections.change", "sanne", {**LESSON, "identifier": QUESTION}),
    Page("add-event", "corrections.add", "sanne", {**LESSON, "kind": "question"}, press=SUBMIT),
    Page("sharing", "sharing.overview", "sanne", LESSON),
    Page("delete-lesson", "sharing.confirm_deletion", "sanne", LESSON),
    Page("goals", "goals.overview", "sanne"),
    Page("goal", "goals.detail", "sanne", {"goal": 1}),
    Page("watching", "sharing.watching", "sanne"),
    Page("upload", "uploads.add", "sanne"),
    Page("upload-refused", "uploads.add", "sanne", press=SUBMIT, refused=True),
    Page("account", "account.overview", "sanne"),
    Page("delete-all", "account.confirm_deletion", "sanne"),
    Page("live-trainer", "live.live", "trudy", {"device": DEVICE}, ready=("#median", " s")),
    Page("ask", "sharing.teachers", "trudy"),
    Page("forbidden", "people.overview", "trudy", refused=True),
    Page("participation", "school.overview", "stef"),
    Page("accounts", "people.overview", "ada"),
    Page(
        "link",
        "people.overview",
        "ada",
        fill={"full_name": "Noor Jansen"},
        press="form[action$='/invite'] button",
        ready=("#link", "/invitation/"),
    ),
    Page("close-account", "people.confirm_closing", "ada", {"account": 2}),
    Page("devices", "people.devices", "ada"),
)


class Gallery:
    """A school whose pages are served on a free port of this machine."""

    def __init__(self, app: Flask, school: School, address: str) -> None:
        self.app = app
        self.school = school
        self.address = address
        self._secrets: dict[str, str] = {}

    def url(self, page: Page, language: str) -> str:
        values = dict(page.values)
        if values.get("secret") == "new":
            values["secret"] = self.school.invitation()
        with self.app.test_request_context():
            return self.address + url_for(page.endpoint, **values, lang=language)

    def enter(self, context: Any, person: str | None) -> None:
        """Log a browser context in."""
        if person is None:
            return
        if person not in self._secrets:
            self._secrets[person] = self.school.login(person)
        context.add_cookies([{**cookie(self.app, self._secrets[person]), "url": self.address}])

    def open(self, window: Any, page: Page, language: str) -> None:
        """Show a page in a browser page, as far as it says what it has to say."""
        if page.endpoint == "live.live":
            self.school.speak()
        window.goto(self.url(page, language), wait_until="load")
        for name, value in page.fill.items():
            window.locator(f'main [name="{name}"]').first.fill(value)
        if page.press:
            with window.expect_navigation(wait_until="load"):
                window.locator(page.press).first.click()
        selector, text = page.ready
        window.locator(selector, has_text=text).first.wait_for(timeout=TIMEOUT_MS)


@contextmanager
def gallery(questions: int = QUESTIONS, earlier: int = len(EARLIER)) -> Iterator[Gallery]:
    """The pages of a school, with a database of its own, for as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="denkpauze-pages-") as folder:
        url = f"sqlite:///{folder}/dashboard.sqlite3"
        engine = open_database(url, writing=True)
        school = School(engine, questions, earlier)
        school.fill()
        app = create_app(Settings(database=url))
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Gallery(app, school, f"http://127.0.0.1:{server.server_port}")
        finally:
            made: Parts = app.extensions[EXTENSION]
            made.hub.close()
            server.shutdown()
            thread.join()
            server.server_close()
            made.close()
            engine.dispose()


def missing(app: Flask) -> set[str]:
    """Endpoints that answer a GET and are neither among ``PAGES`` nor known to be no page."""
    shown = {page.endpoint for page in PAGES} | NOT_PAGES
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in shown
    }


@dataclass(frozen=True, slots=True)
class Taken:
    """How many pictures there are, and what axe finds wrong: picture, rule, piece of the page."""

    pictures: int
    barriers: tuple[tuple[str, str, str], ...]


def take_pictures(folder: Path) -> Taken:
    """Pictures of all pages, as ``tablet-nl-light/review.png``, each looked at by axe-core too.

    Raises:
        RuntimeError: there is no Chromium.
    """
    pictures = 0
    barriers: list[tuple[str, str, str]] = []
    with gallery() as shown, launched() as browser:
        for language, locale in LANGUAGES.items():
            for person in dict.fromkeys(page.person for page in PAGES):
                context = browser.new_context(
                    locale=locale, reduced_motion="reduce", bypass_csp=True
                )
                shown.enter(context, person)
                window = context.new_page()
                for page in (each for each in PAGES if each.person == person):
                    shown.open(window, page, language)
                    window.evaluate(AXE.read_text(encoding="utf-8"))
                    for look in _looks(window):
                        name = f"{look[0]}-{language}-{look[1]}/{page.name}"
                        window.screenshot(path=str(folder / f"{name}.png"), full_page=True)
                        pictures += 1
                        barriers += [(name, *found) for found in _barriers(window)]
                context.close()
    return Taken(pictures, tuple(barriers))


def _looks(window: Any) -> Iterator[tuple[str, str]]:
    """The window in every size and colour, one after the other."""
    for viewport, (width, height) in VIEWPORTS.items():
        for colours in COLOURS:
            window.set_viewport_size({"width": width, "height": height})
            window.emulate_media(color_scheme=colours)
            yield viewport, colours


def _barriers(window: Any) -> list[tuple[str, str]]:
    found = window.evaluate("axe.run(document)")["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
