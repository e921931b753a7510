"""A real Chromium for the tests, and what one person does in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.bench import live_page

playwright = pytest.importorskip("playwright.sync_api")

AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
TIMEOUT_MS = 30_000
#: a browser waits three seconds before it tries a stream again, and machines are busy
PATIENCE_MS = 20_000
TABLET = {"width": 1024, "height": 768}
#: pages that are refused are part of some stories; Chromium calls that an error
REFUSED = re.compile(r"status of 4\d\d")


@contextmanager
def launched() -> Iterator[object]:
    """The browser; the test is skipped where there is none."""
    if live_page.chromium() is None:
        pytest.skip("Chromium is not installed: apt install chromium")
    with live_page.launched() as browser:
        yield browser


def complaints(page: object) -> list[str]:
    """What the console of a page complains of from now on, refused pages left out."""
    found: list[str] = []

    def note(message: object) -> None:
        if message.type == "error" and not REFUSED.search(message.text):
            found.append(message.text)

    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", note)
    return found


def violations(page: object, *rules: str) -> list[tuple[str, str]]:
    """Rule and first piece of the page for all that axe finds wrong with it as it is now.

    Without ``rules`` by all of its rules.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text())
    options = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found = page.evaluate("options => axe.run(document, options)", options)
    assert found["passes"], "axe looked at nothing"
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]]


class Window:
    """One browser of one person; ``problems`` gathers what its console complains of."""

    def __init__(self, browser: object, address: str, **options: object) -> None:
        self.address = address
        wanted = {"locale": "nl-NL", "viewport": TABLET, **options}
        self.context = browser.new_context(**wanted)
        self.context.set_default_timeout(TIMEOUT_MS)
        self.page = self.context.new_page()
        self.problems = complaints(self.page)

    def open(self, path: str) -> int:
        return self.page.goto(self.address + path, wait_until="domcontentloaded").status

    def press(self, name: str) -> None:
        """A button or a link, by what a screen reader says."""
        both = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        both.first.click()

    def fill(self, **fields: str) -> None:
        for field, value in fields.items():
            self.page.locator(f'[name="{field}"]').fill(value)

    def reads(self, text: str, selector: str = "body") -> None:
        found = playwright.expect(self.page.locator(selector))
        found.to_contain_text(text, timeout=PATIENCE_MS)

    def log_in(self, name: str, password: str) -> None:
        self.open("/login")
        self.fill(name=name, password=password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(re.compile(r"^(?!.*login)"))

    def close(self) -> None:
        self.context.close()
