"""Every page there is, in both languages, by day and by night, on a tablet and on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from chromium import complaints, violations
from sqlalchemy.orm import Session

from dashboard.accounts.models import Goal
from dashboard.talk.models import Note
from tools.bench.dashboard.gallery import (
    LANGUAGES,
    PAGES,
    VIEWPORTS,
    Gallery,
    gallery,
    missing,
)
from tools.bench.dashboard.school import DEVICE, LATEST

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Each language with each colour, each colour on each screen, each screen in each language.
#: The first is judged by all rules, the others by those that hang on looks.
LOOKS = {
    "nl": (("tablet", "light"), ("phone", "dark")),
    "en": (("phone", "light"), ("tablet", "dark")),
}
#: a page enlarged four times on a desktop, or a small phone
NARROWEST = 320
RULES_OF_LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")


@pytest.fixture(scope="module")
def shown() -> Iterator[Gallery]:
    """Short lessons: a page with many rows is no other page."""
    with gallery(questions=9, earlier=2) as made:
        yield made


def test_every_address_that_answers_with_a_page_is_looked_at(shown: Gallery) -> None:
    assert set() == missing(shown.app)


REACHED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea")]
  .filter(part => part.type !== "hidden" && part.checkVisibility() && !part.disabled)
  .filter(part => {
    part.focus();
    const look = getComputedStyle(part);
    const seen = look.outlineStyle !== "none" || look.boxShadow !== "none";
    return part.tabIndex < 0 || document.activeElement !== part || !seen;
  })
  .map(part => part.outerHTML.slice(0, 100))"""


#: What is lower than a thumb is wide; a box to tick is as large as the line it stands in.
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea")]
  .filter(part => part.type !== "hidden" && part.checkVisibility() && part.className !== "skip")
  .filter(part => (part.closest(".form-check") ?? part).getBoundingClientRect().height < 43.5)
  .map(part => "small: " + part.outerHTML.slice(0, 100))"""


def out_of_reach(window: object) -> list[str]:
    """What can be worked with the mouse and not with keys, or without being seen to be chosen."""
    window.keyboard.press("Tab")  # the browser shows where one is to who uses keys
    found: list[str] = window.evaluate(REACHED)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_barrier_an_error_a_sideways_scroll_or_a_target_too_small_for_a_thumb(
    chromium: object, shown: Gallery, language: str
) -> None:
    found: dict[str, object] = {}
    for person in dict.fromkeys(page.person for page in PAGES):
        context = chromium.new_context(
            locale=LANGUAGES[language], reduced_motion="reduce", bypass_csp=True
        )
        shown.enter(context, person)
        window = context.new_page()
        problems = complaints(window)
        for page in (each for each in PAGES if each.person == person):
            shown.open(window, page, language)
            if language == "nl" and (lost := out_of_reach(window)):
                found[f"{page.name}, keyboard"] = lost
            for viewport, colours in LOOKS[language]:
                width, height = VIEWPORTS[viewport]
                window.set_viewport_size({"width": width, "height": height})
                window.emulate_media(color_scheme=colours)
                wide = window.evaluate("document.documentElement.scrollWidth") > width
                first = (language, viewport, colours) == ("nl", "tablet", "light")
                rules = () if first else RULES_OF_LOOKS
                wrong = violations(window, *rules) + problems + ["scrolls sideways"] * wide
                wrong += window.evaluate(TOO_SMALL)
                if wrong:
                    found[f"{page.name}, {viewport}, {colours}"] = wrong
                problems.clear()
            window.set_viewport_size({"width": NARROWEST, "height": 640})
            if window.evaluate("document.documentElement.scrollWidth") > NARROWEST:
                found[f"{page.name}, {NARROWEST} pixels"] = "scrolls sideways"
        context.close()
    assert {} == found, json.dumps(found, indent=1)


@pytest.mark.parametrize("viewport", ["tablet", "phone"])
def test_bars_of_one_chart_are_drawn_to_one_scale(
    chromium: object, shown: Gallery, viewport: str
) -> None:
    width, height = VIEWPORTS[viewport]
    context = chromium.new_context(viewport={"width": width, "height": height})
    shown.enter(context, "sanne")
    window = context.new_page()
    shown.open(window, next(page for page in PAGES if page.name == "review"), "nl")
    widths = window.evaluate(
        """() => [...document.querySelectorAll(".chart:not(.talk)")].map(chart =>
          [...chart.querySelectorAll("svg")].map(bar => bar.getBoundingClientRect().width))"""
    )
    context.close()
    assert 4 == len(widths)
    assert all(max(chart) - min(chart) < 1 for chart in widths), widths


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_lesson_with_much_written_about_it_is_printed_on_one_page(
    chromium: object, language: str
) -> None:
    with gallery(earlier=0) as shown:
        printed = _printed(chromium, shown, language)
    assert 1 == len(re.findall(rb"/Type\s*/Page\b", printed))


def _printed(chromium: object, shown: Gallery, language: str) -> bytes:
    now, long = shown.school.clock.now(), "Wat daar gebeurde is het terugzien waard. " * 20
    with Session(shown.school.engine) as session, session.begin():
        session.get_one(Goal, 1).text = "Drie seconden stilte. " * 9
        for number in range(12):
            session.add(
                Note(
                    device=DEVICE,
                    lesson=LATEST.lesson,
                    account=shown.school.numbers["trudy"],
                    t=60.0 * number,
                    text=long,
                    created=now,
                )
            )
    context = chromium.new_context(locale=LANGUAGES[language])
    shown.enter(context, "sanne")
    window = context.new_page()
    shown.open(window, next(page for page in PAGES if page.name == "print"), language)
    text = window.locator("main").inner_text()
    assert re.search(r"en nog \d+ notities bij|and \d+ notes more under", text)
    assert re.search(r"Alle 47 vragen|All 47 questions", text)
    printed: bytes = window.pdf(prefer_css_page_size=True)
    context.close()
    return printed
