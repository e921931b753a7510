"""The live page in a real Chromium: what it shows, and a picture of it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOK_EVERY_S = 0.05
PAGE_TIMEOUT_MS = 30_000
#: a pause is seen to run once it has grown by this much before our eyes
GROWN_S = 1.0

_LOOK = """() => {
  const seconds = parseFloat(document.getElementById('length').textContent.replace(',', '.'));
  return {
    phase: document.getElementById('now').dataset.phase,
    seconds: Number.isNaN(seconds) ? null : seconds,
    width: document.getElementById('fill').getBoundingClientRect().width,
    episodes: document.querySelectorAll('#recent li').length,
  };
}"""


def chromium() -> str | None:
    """Path of the browser, ``None`` when there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows now.

    Attributes:
        seconds: length of the pause, ``None`` when the page shows none.
        width: of the bar, in pixels.
        episodes: how many of the latest questions are listed.
    """

    phase: str
    seconds: float | None
    width: float
    episodes: int


class LivePage:
    """An opened live page; ``problems`` gathers what its console complains of."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def look(self) -> Shown:
        return Shown(**self.page.evaluate(_LOOK))

    def running_pause(self, timeout_s: float) -> tuple[Shown, Shown]:
        """Two looks at one pause while it runs, ``GROWN_S`` apart.

        Raises:
            TimeoutError: no pause ran on the page.
        """
        deadline = time.monotonic() + timeout_s
        first: Shown | None = None
        while time.monotonic() < deadline:
            now = self.look()
            if now.phase != "think" or now.seconds is None:
                first = None
            elif first is None or first.seconds is None or now.seconds < first.seconds:
                first = now
            elif now.seconds - first.seconds >= GROWN_S:
                return first, now
            time.sleep(LOOK_EVERY_S)
        raise TimeoutError(f"no pause ran on the page in {timeout_s:.0f} s; it shows {self.look()}")

    def wait_for_episodes(self, count: int) -> None:
        """Wait until that many questions are listed; Playwright's error when it takes too long."""
        self.page.locator("#recent li").nth(count - 1).wait_for(timeout=PAGE_TIMEOUT_MS)

    def picture(self, path: Path) -> None:
        self.page.screenshot(path=str(path))


@contextmanager
def launched() -> Iterator[Any]:
    """A browser of Playwright that is closed afterwards.

    Raises:
        RuntimeError: there is no Chromium.
    """
    from playwright.sync_api import sync_playwright

    program = chromium()
    if program is None:
        raise RuntimeError("Chromium is not installed: apt install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def live_page(url: str) -> Iterator[LivePage]:
    """Open the page in a browser that is closed afterwards.

    Raises:
        RuntimeError: there is no Chromium.
    """
    with launched() as browser:
        page = browser.new_page(locale="nl-NL", viewport={"width": 1280, "height": 800})
        opened = LivePage(page)
        page.goto(url, wait_until="domcontentloaded")
        yield opened
