"""The live page in a real browser, fed through broker, ingest and database."""

from __future__ import annotations

import queue
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from chromium import TIMEOUT_MS, complaints, playwright
from lesson_events import LessonScript, a_lesson
from mosquitto import Mosquitto
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from proxy import Proxy

from lesson import topics
from lesson.events import CueMode
from lesson.wire import Command, CommandDone, DeviceStatus, LiveState

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DEVICE = "lokaal-12"


class Room:
    """A device that publishes, and the pages that show it."""

    def __init__(self, broker: Mosquitto, link: str, browser: object) -> None:
        self.address = link.partition("/demo/")[0] + "/"
        self._link = link
        self.broker = broker
        self._browser = browser
        self._contexts: list = []
        self._device = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._device.reconnect_delay_set(1, 1)
        self._device.connect(broker.host, broker.port)
        self._device.loop_start()

    def context(self, **options: object) -> object:
        context = self._browser.new_context(
            **{"locale": "nl-NL", "viewport": {"width": 1280, "height": 800}, **options}
        )
        self._contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        context.request.get(self._link)  # logs the whole context in
        return context

    def page(self, path: str = "", **options: object) -> object:
        page = self.context(**options).new_page()
        page.problems = complaints(page)
        page.goto(self.address + path, wait_until="domcontentloaded")
        return page

    def status(self, state: str = "ready", lesson: str | None = "01hzdemolesson0001") -> None:
        status = DeviceStatus(state=state, boot="00000000000000a1", lesson=lesson)
        self._device.publish(topics.status(DEVICE), status.model_dump_json(), 1, retain=True)

    def live(self, phase: str, think_s: float | None = None, **more: object) -> None:
        live = LiveState(
            lesson="01hzdemolesson0001",
            t=9,
            phase=phase,
            think_s=think_s,
            target_s=more.pop("target_s", 3),
            **more,
        )
        self._device.publish(topics.live(DEVICE), live.model_dump_json(), 1)

    def lesson(self, script: LessonScript) -> None:
        for envelope in script.envelopes:
            topic = topics.event(envelope.device, envelope.lesson)
            self._device.publish(topic, envelope.to_json(), 1)

    def obey(self, result: str = "done") -> queue.SimpleQueue[Command]:
        """Answer commands from now on, with this; they come out of the queue."""
        commands: queue.SimpleQueue[Command] = queue.SimpleQueue()

        def take(client: Client, _userdata: object, message: MQTTMessage) -> None:
            command = Command.model_validate_json(message.payload)
            done = CommandDone(id=command.id, result=result)
            client.publish(topics.command_done(DEVICE), done.model_dump_json(), 1)
            commands.put(command)

        self._device.on_message = take
        self._device.subscribe(topics.command(DEVICE), 1)
        return commands

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        self._device.disconnect()
        self._device.loop_stop()


@pytest.fixture
def room(chromium: object, mosquitto: Mosquitto, site: Callable[..., str]) -> Iterator[Room]:
    made = Room(mosquitto, site("--demo", DEVICE), chromium)
    yield made
    made.close()


def shows(page: object, selector: str, text: str) -> None:
    """Wait until the element says this."""
    playwright.expect(page.locator(selector)).to_have_text(text, timeout=TIMEOUT_MS)


def pause_shown_s(page: object) -> float:
    return float(page.locator("#length").inner_text().replace(",", ".").removesuffix(" s"))


def bar_width(page: object) -> float:
    return page.locator("#fill").bounding_box()["width"]


def test_a_pause_runs_on_the_page_while_it_runs_in_the_lesson(
    room: Room, wait_until: Callable
) -> None:
    page = room.page()
    shows(page, "#status", "Wacht op een apparaat")
    room.status()
    room.live("listening")
    shows(page, "#status", "Luistert")
    shows(page, "#phase", "Wacht op een vraag")
    room.live("think", 0.3)
    shows(page, "#phase", "Ze denken")
    first_s, first_width = pause_shown_s(page), bar_width(page)
    # no message in between: the page lets it run by itself
    wait_until(lambda: pause_shown_s(page) > first_s, "the length grows")
    assert bar_width(page) > first_width
    room.live("think", 3.1)
    shows(page, "#phase", "De streeftijd is bereikt")
    track = page.locator(".now .track").bounding_box()
    line = page.locator("#line").bounding_box()
    assert bar_width(page) > line["x"] - track["x"]
    room.live("named")
    shows(page, "#phase", "Beurt gegeven")
    stopped_s = pause_shown_s(page)
    room.live("answer")
    shows(page, "#phase", "Een leerling antwoordt")
    assert stopped_s == pause_shown_s(page)
    assert [] == page.problems


def test_the_line_of_another_target_is_where_it_belongs(room: Room) -> None:
    page = room.page()
    room.live("think", 3.5, target_s=4.5)
    shows(page, "#line-label", "4,5 s")
    shows(page, "#phase", "Ze denken")
    shows(page, "#phase", "De streeftijd is bereikt")


def test_figures_and_the_last_six_appear_while_the_lesson_goes_on(room: Room) -> None:
    page = room.page()
    script = a_lesson()
    room.status()
    room.live("listening")
    room.lesson(script)
    shows(page, "#median", "2,9 s")
    shows(page, "#median-note", "n = 7 · middelste helft 1,8 tot 3,4 s")
    shows(page, "#share", "50%")
    shows(page, "#share-note", "4 van 8 beurten")
    shows(page, "#name-first", "1")
    assert [
        "3,6 s Vraag – denkpauze – naam",
        "0,1 s Naam plakt aan de vraag",
        "2,9 s Vraag – denkpauze – naam",
        "4,1 s Vraag – denkpauze – naam",
        "2,2 s Vraag – naam, korte pauze",
        "– Naam eerst",
    ] == [re.sub(r"\s+", " ", text) for text in page.locator("#recent li").all_inner_texts()]


def test_two_questions_give_no_figure_in_either_language(room: Room) -> None:
    script = LessonScript().started(mode=CueMode.SILENT)
    room.lesson(script.question_pause_name(5, 3.2).question_pause_name(25, 3.4))
    room.live("listening")
    for language, note, badge in (
        ("nl", "nog te weinig vragen (n = 2)", "Nulmeting – lampje uit"),
        ("en", "too few questions so far (n = 2)", "Baseline – light off"),
    ):
        page = room.page(f"?lang={language}")
        shows(page, "#median-note", note)
        shows(page, "#median", "–")
        shows(page, "#mode", badge)
        assert page.locator("#mode").is_visible()


def test_a_tap_reaches_the_device_and_its_answer_the_page(room: Room, wait_until: Callable) -> None:
    room.lesson(a_lesson())
    room.status()
    room.live("listening")
    page = room.page()
    shows(page, "#median", "2,9 s")
    commands = room.obey()
    page.locator("#note").fill("Mooie stilte")
    page.get_by_role("button", name="Fragment merken").click()
    shows(page, "#answer", "Fragment gemerkt")
    assert "" == page.locator("#note").input_value()
    assert "fragment" == commands.get(timeout=20).order.label
    page.get_by_role("button", name="Signaal dempen").click()
    shows(page, "#answer", "Signaal gedempt; het meten gaat door")
    assert commands.get(timeout=20).order.muted
    room.live("listening", cues_muted=True)
    shows(page, "#mute", "Signaal aan")
    page.get_by_role("button", name="Halve seconde langer").click()
    shows(page, "#answer", "Signaal na 3,5 s vanaf de volgende vraag")
    assert 3.5 == commands.get(timeout=20).order.target_s
    room.obey("not_allowed")
    page.get_by_role("button", name="Bewust naam eerst").click()
    shows(page, "#answer", "Het apparaat staat het niet toe")
    page.goto(f"{room.address}lessons/{a_lesson().lesson}", wait_until="domcontentloaded")
    playwright.expect(page.locator(".notes")).to_contain_text("Mooie stilte")
    assert [] == page.problems


def test_a_device_that_does_not_answer_is_said_after_a_while(room: Room) -> None:
    room.lesson(a_lesson())
    room.status()
    room.live("listening")
    page = room.page()
    page.get_by_role("button", name="Fragment merken").click()
    shows(page, "#answer", "Versturen …")
    shows(page, "#answer", "Het apparaat antwoordde niet: er is niets veranderd")


def test_the_ring_is_full_at_the_target(room: Room) -> None:
    page = room.page()
    room.live("think", 3.4)
    shows(page, "#phase", "De streeftijd is bereikt")
    assert "100.00 100" == page.locator("#ring").get_attribute("stroke-dasharray")


def test_each_state_of_the_device_is_said_in_words(room: Room) -> None:
    page = room.page()
    room.status()
    room.live("listening", muted=True)
    shows(page, "#status", "Gepauzeerd")
    room.live("listening", microphone="trouble")
    shows(page, "#status", "Microfoon controleren")
    room.live("listening")
    shows(page, "#status", "Luistert")
    room.status("lost")
    shows(page, "#status", "Verbinding weg – apparaat meet door")


def test_a_broker_that_is_gone_is_said_and_forgotten_when_it_is_back(room: Room) -> None:
    page = room.page()
    room.status()
    room.live("listening")
    shows(page, "#status", "Luistert")
    room.broker.kill()
    shows(page, "#status", "Verbinding weg – apparaat meet door")
    room.broker.start()
    shows(page, "#status", "Luistert")


def test_a_network_that_swallows_everything_is_said_and_left_behind(room: Room) -> None:
    room.status()
    room.live("listening")
    with Proxy(urlsplit(room.address).port) as network:
        page = room.context().new_page()
        page.clock.install()
        page.goto(f"http://127.0.0.1:{network.port}/", wait_until="domcontentloaded")
        shows(page, "#status", "Luistert")
        network.set("hole")
        page.clock.fast_forward(16_000)  # nobody says that the connection is dead
        shows(page, "#status", "Verbinding weg – apparaat meet door")
        network.set("pass")
        page.clock.fast_forward(16_000)
        shows(page, "#status", "Luistert")


def test_many_tabs_share_one_connection_and_all_run(room: Room) -> None:
    context = room.context()
    pages = [context.new_page() for _ in range(8)]
    for page in pages:
        page.goto(room.address, wait_until="domcontentloaded")
    room.live("think", 0.4)
    for page in pages:
        shows(page, "#phase", "Ze denken")
    pages[0].close()
    room.live("named")
    for page in pages[1:]:
        shows(page, "#phase", "Beurt gegeven")


def test_a_tab_that_comes_later_starts_with_the_state_of_now(room: Room) -> None:
    context = room.context()
    first = context.new_page()
    first.goto(room.address, wait_until="domcontentloaded")
    room.live("named")
    shows(first, "#phase", "Beurt gegeven")
    second = context.new_page()
    second.goto(room.address, wait_until="domcontentloaded")
    shows(second, "#phase", "Beurt gegeven")


def test_everything_can_be_reached_by_keyboard(room: Room) -> None:
    page = room.page()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent"))
    assert [
        "Naar de inhoud",
        "Meekijken",
        "Lessen",
        "Leerdoelen",
        "Wie kijkt mee",
        "English",
    ] == reached
    page.keyboard.press("Enter")
    shows(page, "h1", "Watch live")


def test_the_strip_of_a_lesson_is_stepped_through_by_keys_and_zoomed(room: Room) -> None:
    script = a_lesson()
    room.status()
    room.lesson(script.ended(2400))
    room.live("listening")
    page = room.page()
    shows(page, "#median", "2,9 s")
    page.goto(f"{room.address}lessons/{script.lesson}", wait_until="domcontentloaded")
    page.get_by_role("button", name="Volgende gebeurtenis").wait_for()
    region = page.locator("[data-timeline] .scroll")
    region.focus()
    said = []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        said.append(page.locator(".said-here").inner_text())
    assert 3 == len(set(said))
    assert all(re.match(r"\d+:\d\d · ", text) for text in said)
    before = page.locator(".strip").bounding_box()["width"]
    page.keyboard.press("+")
    assert pytest.approx(2 * before, rel=0.01) == page.locator(".strip").bounding_box()["width"]
    page.get_by_role("button", name="Hele les").click()
    assert pytest.approx(before, rel=0.01) == page.locator(".strip").bounding_box()["width"]
    page.locator(".strip .pause").first.hover()
    playwright.expect(page.locator(".said-here")).to_contain_text("pauze van")
    assert [] == page.problems


def test_less_motion_moves_in_steps_and_still_shows_the_pause(
    room: Room, wait_until: Callable
) -> None:
    page = room.page(reduced_motion="reduce")
    room.live("think", 0.3)
    shows(page, "#phase", "Ze denken")
    first = bar_width(page)
    wait_until(lambda: bar_width(page) > first, "the bar grows")
    seen = page.evaluate(
        """async () => {
          const began = performance.now(), places = new Set();
          for (let frame = 0; frame < 60; frame += 1) {
            await new Promise(requestAnimationFrame);
            places.add(document.getElementById("fill").style.transform);
          }
          const passed_s = (performance.now() - began) / 1000;
          return [places.size, passed_s, document.getAnimations().length];
        }"""
    )
    places, passed_s, animations = seen
    assert places <= passed_s / 0.5 + 2  # twice a second, not at every frame
    assert 0 == animations


LOWEST = """() => Math.max(...[...document.querySelectorAll("#recent li, .target")]
  .map(part => part.getBoundingClientRect().bottom))"""


def test_the_page_fits_a_tablet_and_no_screen_scrolls_sideways(room: Room) -> None:
    room.lesson(a_lesson())
    room.live("listening")
    for width, height in ((1280, 800), (1024, 768), (768, 1024), (390, 844)):
        page = room.page(viewport={"width": width, "height": height})
        shows(page, "#median", "2,9 s")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width > height:  # held flat, everything is in sight
            assert page.evaluate(LOWEST) <= height
