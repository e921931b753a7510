"""The whole story of accounts in a real browser, from the first link to a deleted lesson."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import Window
from lesson_events import a_lesson
from people import PASSWORD
from sqlalchemy import Engine

from dashboard.clock import SystemClock
from dashboard.inbox import Accepted
from dashboard.store.writer import store

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def accept(window: Window, link: str, name: str) -> None:
    """Make an account with an invitation."""
    window.page.goto(link)
    window.fill(full_name=name.title(), name=name, password=PASSWORD, again=PASSWORD)
    window.press("Account maken")
    window.page.wait_for_url(re.compile(r"^(?!.*invitation)"))


@pytest.fixture
def first_link(start: Callable, database: str, tmp_path: Path, wait_until: Callable) -> str:
    """The link that the terminal shows at the first start."""
    start("dashboard", "--database", database, "--port", "0")
    log = tmp_path / "dashboard.log"
    wait_until(lambda: "/invitation/" in log.read_text(), "the link is printed")
    return re.findall(r"http://\S+/invitation/\S+", log.read_text())[0]


@pytest.fixture
def window(chromium: object, first_link: str) -> Iterator[Callable[..., Window]]:
    opened = []

    def open_window(**options: object) -> Window:
        opened.append(Window(chromium, first_link.partition("/invitation/")[0], **options))
        return opened[-1]

    yield open_window
    for each in opened:
        each.close()


def invite(administrator: Window, name: str, role: str) -> str:
    administrator.open("/accounts")
    administrator.fill(full_name=name)
    administrator.page.get_by_label("Rol", exact=True).select_option(role)
    administrator.press("Link maken")
    return administrator.page.locator("#link").inner_text()


def test_from_the_first_link_to_a_deleted_lesson(
    window: Callable[..., Window], first_link: str, engine: Engine
) -> None:
    administrator = window(viewport={"width": 1440, "height": 900})
    accept(administrator, first_link, "ada")
    sanne, trudy = window(), window()
    accept(sanne, invite(administrator, "Sanne", "teacher"), "sanne")
    accept(trudy, invite(administrator, "Trudy", "trainer"), "trudy")

    script = a_lesson().ended(2400)
    now = SystemClock().now()
    store(engine, [Accepted(e.device, e) for e in script.envelopes], now)
    administrator.press("Apparaten")
    administrator.page.get_by_label("Leraar van lokaal-12", exact=True).select_option("Sanne")
    administrator.page.get_by_label("Ook de lessen die nog van niemand zijn").check()
    administrator.press("Leraar van lokaal-12 bewaren")
    administrator.reads("Apparaat lokaal-12 is bijgewerkt")
    path = f"/lessons/{script.lesson}"
    assert 403 == administrator.open(path)

    assert 403 == trudy.open(path)
    sanne.press("Lessen")
    sanne.page.locator("tbody a").click()
    sanne.press("Deze les delen")
    sanne.press("Delen met Trudy")
    sanne.reads("Trudy kan deze les zien.")
    assert 200 == trudy.open(path)
    trudy.reads("Denkpauze, mediaan")
    sanne.press("Niet meer delen met Trudy")
    sanne.reads("Alleen jij.")
    assert 403 == trudy.open(path)

    sanne.open(path)
    sanne.press("Deze les verwijderen")  # one tap
    sanne.press("Voorgoed verwijderen")  # and two
    sanne.reads("De les is verwijderd.")
    assert 404 == trudy.page.request.get(sanne.address + path).status
    sanne.press("Sanne")
    sanne.press("Uitloggen")
    sanne.fill(name="sanne", password=PASSWORD)
    sanne.page.keyboard.press("Enter")
    sanne.page.wait_for_url(re.compile(r"/$"))
    assert [] == administrator.problems + sanne.problems + trudy.problems


def test_a_live_stream_ends_within_a_second_of_taking_back_consent(
    window: Callable[..., Window], first_link: str, engine: Engine
) -> None:
    administrator, sanne, trudy = window(), window(), window()
    accept(administrator, first_link, "ada")
    accept(sanne, invite(administrator, "Sanne", "teacher"), "sanne")
    accept(trudy, invite(administrator, "Trudy", "trainer"), "trudy")
    script = a_lesson()
    store(engine, [Accepted(e.device, e) for e in script.envelopes], SystemClock().now())
    administrator.press("Apparaten")
    administrator.page.get_by_label("Leraar van lokaal-12", exact=True).select_option("Sanne")
    administrator.press("Leraar van lokaal-12 bewaren")
    sanne.press("Wie kijkt mee")
    sanne.press("Laat Trudy meekijken")
    trudy.open("/")
    ended = trudy.page.evaluate_handle(
        """async () => {
          const now_ms = () => performance.timeOrigin + performance.now();
          const status = document.getElementById('status');
          new MutationObserver(() => {
            if (status.dataset.status === 'ended') window.ended_ms ??= now_ms();
          }).observe(status, {attributes: true});
          const answer = await fetch('/live/stream');
          const reader = answer.body.getReader();
          await reader.read();
          window.open_stream = (async () => {
            while (!(await reader.read()).done);
            return now_ms();
          })();
        }"""
    )
    del ended
    sanne.press("Voor iedereen stoppen")
    sanne.reads("Meekijken staat uit.")
    taken_back_ms = sanne.page.evaluate("performance.timeOrigin + performance.now()")
    late_ms = trudy.page.evaluate("window.open_stream") - taken_back_ms
    assert late_ms < 1000
    trudy.reads("Meekijken is gestopt")
    assert trudy.page.evaluate("window.ended_ms") - taken_back_ms < 1000
    assert 0 == trudy.page.locator("#median").count()
    assert 403 == trudy.open("/?device=lokaal-12")


def test_accounts_work_by_keyboard_and_fit_a_phone(
    window: Callable[..., Window], first_link: str
) -> None:
    browser = window(viewport={"width": 390, "height": 844})
    browser.page.goto(first_link)
    browser.page.locator("[name=full_name]").focus()
    for text in ("Ada", "ada", PASSWORD, PASSWORD):
        browser.page.keyboard.type(text)
        browser.page.keyboard.press("Tab")
    browser.page.keyboard.press("Enter")
    browser.page.wait_for_url(re.compile(r"/accounts$"))
    for path in ("/accounts", "/devices", "/account", "/login"):
        browser.open(path)
        assert browser.page.evaluate("document.documentElement.scrollWidth") <= 390, path
