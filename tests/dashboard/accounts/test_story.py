"""The whole story of accounts in a real browser, from the first link to a deleted lesson."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lesson_events import a_lesson
from people import PASSWORD
from sqlalchemy import Engine

from dashboard.clock import SystemClock
from dashboard.inbox import Accepted
from dashboard.store.writer import store

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parents[2] / "vendor" / "axe-core" / "axe.min.js"
TIMEOUT_MS = 30_000


class Browser:
    """One browser window of one person; ``problems`` gathers what its console complains of."""

    def __init__(self, context: object, address: str) -> None:
        self.address = address
        self.page = context.new_page()
        self.page.set_default_timeout(TIMEOUT_MS)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: object) -> None:
        # a page that is refused is part of the story; Chromium calls that an error
        if message.type == "error" and "status of 403" not in message.text:
            self.problems.append(message.text)

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

    def reads(self, text: str) -> None:
        playwright.expect(self.page.locator("body")).to_contain_text(text, timeout=TIMEOUT_MS)

    def accept(self, link: str, name: str) -> None:
        """Make an account with an invitation."""
        self.page.goto(link)
        self.fill(full_name=name.title(), name=name, password=PASSWORD, again=PASSWORD)
        self.press("Account maken")
        self.page.wait_for_url(re.compile(r"^(?!.*invitation)"))

    def violations(self) -> list[tuple[str, str]]:
        """What axe finds wrong with the page as it is now."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document)")
        assert found["passes"], "axe looked at nothing"
        return [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt install chromium")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def first_link(start: Callable, database: str, tmp_path: Path, wait_until: Callable) -> str:
    """The link that the terminal shows at the first start."""
    start("dashboard", "--database", database, "--port", "0")
    log = tmp_path / "dashboard.log"
    wait_until(lambda: "/invitation/" in log.read_text(), "the link is printed")
    return re.findall(r"http://\S+/invitation/\S+", log.read_text())[0]


@pytest.fixture
def window(chromium: object, first_link: str) -> Iterator[Callable[..., Browser]]:
    contexts = []
    address = first_link.partition("/invitation/")[0]

    def open_window(**options: object) -> Browser:
        wanted = {"locale": "nl-NL", "viewport": {"width": 1024, "height": 768}, "bypass_csp": True}
        contexts.append(chromium.new_context(**{**wanted, **options}))
        return Browser(contexts[-1], address)

    yield open_window
    for context in contexts:
        context.close()


def invite(administrator: Browser, name: str, role: str) -> str:
    administrator.open("/accounts")
    administrator.fill(full_name=name)
    administrator.page.get_by_label("Rol", exact=True).select_option(role)
    administrator.press("Link maken")
    return administrator.page.locator("#link").inner_text()


def test_from_the_first_link_to_a_deleted_lesson(
    window: Callable[..., Browser], first_link: str, engine: Engine
) -> None:
    administrator = window(bypass_csp=False)
    administrator.accept(first_link, "ada")
    sanne, trudy = window(bypass_csp=False), window(bypass_csp=False)
    sanne.accept(invite(administrator, "Sanne", "teacher"), "sanne")
    trudy.accept(invite(administrator, "Trudy", "trainer"), "trudy")

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
    window: Callable[..., Browser], first_link: str, engine: Engine
) -> None:
    administrator, sanne, trudy = window(), window(), window()
    administrator.accept(first_link, "ada")
    sanne.accept(invite(administrator, "Sanne", "teacher"), "sanne")
    trudy.accept(invite(administrator, "Trudy", "trainer"), "trudy")
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
          const answer = await fetch('/live/stream');
          const reader = answer.body.getReader();
          await reader.read();
          window.open_stream = (async () => {
            while (!(await reader.read()).done);
            return performance.timeOrigin + performance.now();
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
    assert 0 == trudy.page.locator("#median").count()
    assert 403 == trudy.open("/?device=lokaal-12")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_accounts(
    window: Callable[..., Browser], first_link: str, engine: Engine, colours: str
) -> None:
    options = {"color_scheme": colours, "reduced_motion": "reduce"}
    administrator, sanne, trudy, stef = (window(**options) for _ in range(4))
    stef.page.goto(first_link)
    found = {"invitation": stef.violations()}
    administrator.accept(first_link, "ada")
    sanne.accept(invite(administrator, "Sanne", "teacher"), "sanne")
    found["link"] = administrator.violations()
    trudy.accept(invite(administrator, "Trudy", "trainer"), "trudy")
    stef.accept(invite(administrator, "Stef", "steering"), "stef")
    script = a_lesson().ended(2400)
    store(engine, [Accepted(e.device, e) for e in script.envelopes], SystemClock().now())
    administrator.open("/devices")
    administrator.page.get_by_label("Leraar van lokaal-12", exact=True).select_option("Sanne")
    administrator.page.get_by_label("Ook de lessen die nog van niemand zijn").check()
    administrator.press("Leraar van lokaal-12 bewaren")
    trudy.open("/watching/ask")
    trudy.press("Vraag Sanne om te mogen meekijken")
    sanne.open("/watching")
    found["asked"] = sanne.violations()
    sanne.press("Toestaan dat Trudy meekijkt")
    lesson = f"/lessons/{script.lesson}"
    pages = {
        administrator: ("/accounts", "/devices", "/accounts/2/close", lesson),
        sanne: (
            "/account",
            "/watching",
            lesson,
            f"{lesson}/sharing",
            f"{lesson}/delete",
            "/account/lessons/delete",
        ),
        trudy: ("/", "/watching/ask", "/account"),
        stef: ("/school", "/nosuchpage"),
        window(**options): ("/login", "/invitation/over"),
    }
    for browser, paths in pages.items():
        for path in paths:
            browser.open(path)
            found[path] = browser.violations()
    assert {} == {path: wrong for path, wrong in found.items() if wrong}, json.dumps(
        found, indent=1
    )


def test_accounts_work_by_keyboard_and_fit_a_phone(
    window: Callable[..., Browser], first_link: str
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
