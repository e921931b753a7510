"""The site says what the program does: pages, lights, topics and pins, in Dutch and English."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from dashboard.app import create_app
from dashboard.exports.formats import FORMATS
from dashboard.navigation import ENTRIES
from dashboard.settings import Settings as DashboardSettings
from device.feedback.buttons import Button
from device.feedback.light import BoxState
from device.settings import OutputSettings, Settings
from device.telemetry.home_assistant import announcement
from lesson import topics
from lesson.events import Signal
from lesson.wire import DeviceInfo
from tools import site_pages, wiring
from tools.site_language import language_of

pytestmark = pytest.mark.contract

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SITE = DOCS / "site"
LANGUAGES = ("nl", "en")
PAGES = sorted(str(path.relative_to(DOCS)) for path in SITE.rglob("*.md"))


def page(name: str, language: str) -> str:
    ending = ".md" if language == "nl" else f".{language}.md"
    return (SITE / f"{name}{ending}").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("site")
    return create_app(DashboardSettings(database=f"sqlite:///{folder / 'dashboard.db'}"))


def addresses(app: Flask) -> set[str]:
    """Every page that can be opened, with what varies in its address taken out."""
    rules = [r for r in app.url_map.iter_rules() if "GET" in r.methods]
    return {
        re.sub(r"<[^>]*>", "…", rule.rule)
        for rule in rules
        if rule.endpoint not in ("static", "bootstrap.static")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_dashboard_is_documented_and_no_other(app: Flask, language: str) -> None:
    cells = re.findall(r"\| `(/[^`]*)` \|", page("bladzijden", language))
    assert addresses(app) == {re.sub(r"[A-Z]{3,}", "…", cell) for cell in cells}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_navigation_is_called_by_its_name(app: Flask, language: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        labels = [str(entry.label) for entry in ENTRIES]
    text = page("bladzijden", language)
    assert [] == [label for label in labels if f"| {label} |" not in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_the_light_is_in_the_table_of_the_teacher(language: str) -> None:
    shown = set(re.findall(r"^\| \*\*[^|]*\(`(\w+)`\)", page("docent", language), re.MULTILINE))
    assert {state.value for state in BoxState} | {Signal.WAIT.value, Signal.GO.value} == shown


def test_every_button_is_in_the_table_of_the_box() -> None:
    text = (DOCS / "wiring.md").read_text(encoding="utf-8")
    assert [] == [button.value for button in Button if f"| **{button.value}** |" not in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_described(language: str) -> None:
    made = [
        function(*(f"{{{name}}}" for name in inspect.signature(function).parameters))
        for _, function in inspect.getmembers(topics, inspect.isfunction)
        if set(inspect.signature(function).parameters) <= {"device", "lesson"}
    ]
    text = page("home-assistant", language)
    assert len(made) >= 5
    assert [] == [topic for topic in made if f"| `{topic}` |" not in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_appears_in_home_assistant_is_what_is_announced(language: str) -> None:
    info = DeviceInfo(software="0.1.0", recogniser="denkpauze-nl", language="nl")
    announced = json.loads(announcement("lokaal-12", info))["components"]
    text = page("home-assistant", language)
    assert [] == [part for part in announced if f"| `{part}` |" not in text]
    assert [] == [state for state in announced["status"]["options"] if f"`{state}` (" not in text]
    switch = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert switch is not None
    assert Settings.model_validate(tomllib.loads(switch[1])).mqtt.home_assistant


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_of_the_export_is_listed(language: str) -> None:
    text = page("onderzoek", language)
    assert [] == [f.ending for f in FORMATS.values() if f"`{f.ending}`" not in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_book_is_made_from_that_of_the_export(language: str) -> None:
    assert site_pages.codebook_page(language) == page("codeboek", language), "run: make docs"


def test_the_example_of_the_dpia_sheet_is_made_from_its_command() -> None:
    assert site_pages.dpia_page() == page("privacy/dpia", "nl"), "run: make docs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wiring_is_drawn_from_the_settings(language: str) -> None:
    drawn = (SITE / f"wiring-{language}.svg").read_text(encoding="utf-8")
    assert wiring.diagram(language) == drawn, "run: make docs"


def test_every_pin_of_the_settings_is_drawn_where_the_header_has_it() -> None:
    outputs = OutputSettings(light_red_pin=26)
    pins = {key for key in OutputSettings.model_fields if key.endswith("_pin")}
    text = wiring.diagram("nl", outputs)
    assert pins == set(re.findall(r'<g id="(\w+)">', text))
    assert "GPIO 26 (37)" in text


def test_the_header_has_every_pin_once() -> None:
    places = [*wiring.HEADER.values(), *wiring.GROUND, *wiring.V3, *wiring.V5]
    assert sorted({*range(1, 41)} - {27, 28}) == sorted(places)  # 27 and 28 are for boards on top
    assert set(range(2, 28)) == set(wiring.HEADER)


@pytest.mark.parametrize("name", PAGES)
def test_links_of_the_site_lead_somewhere(name: str) -> None:
    path = DOCS / name
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [] == [link for link in local if not (path.parent / link).exists()]


@pytest.mark.parametrize("name", [name for name in PAGES if language_of(name) == "nl"])
def test_dutch_pages_use_no_word_of_judgement(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8").lower()
    assert [] == re.findall(r"\b(?:fout|fouten|score|scores|onvoldoende|norm|normen)\b", text)


@pytest.mark.parametrize("name", ["brief-ouders", "brief-leerlingen", "bord"])
def test_letters_are_written_in_short_sentences_and_words(name: str) -> None:
    """A rough check of B1: what readability formulas rest on, sentence and word length."""
    text = re.sub(r"(?m)^(?:#.*|\*[^*].*\*)$", "", page(f"privacy/{name}", "nl"))
    sentences = [s for s in re.split(r"[.?!:]\s|\n\n", text) if re.search(r"\w{2}", s)]
    lengths = [len(re.findall(r"[\w’«»-]+", sentence)) for sentence in sentences]
    words = re.findall(r"[^\W\d_]+", text)
    assert sum(lengths) / len(lengths) < 10
    assert max(lengths) <= 20
    assert len([word for word in words if len(word) > 12]) / len(words) < 0.03


def test_a_page_knows_its_language() -> None:
    assert ["nl", "en", "nl", "en", "en"] == [
        language_of(name)
        for name in (
            "index.md", "index.en.md", "site/privacy/mr.md", "site/ict.en.md", "design.md",
        )
    ]  # fmt: skip


class Loaded(HTMLParser):
    """Gathers what a browser would fetch by itself for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and values.get("rel") not in ("canonical", "alternate", "prev", "next"):
            self.addresses.add(values.get("href") or "")
        elif tag in ("script", "img", "iframe", "source", "object"):
            self.addresses.add(values.get("src") or values.get("data") or "")


@pytest.mark.slow
def test_the_site_builds_strictly_and_its_pages_load_nothing_from_elsewhere(
    tmp_path: Path,
) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (0, "") == (built.returncode, built.stderr)
    loaded = Loaded()
    for path in tmp_path.rglob("*.html"):
        loaded.feed(path.read_text(encoding="utf-8"))
    assert [] == [a for a in loaded.addresses if re.match(r"(?:https?:)?//", a)]
    assert any(address.endswith(".css") for address in loaded.addresses)
    for name in ("index.html", "site/docent.html", "site/privacy/mr.html", "design.html"):
        assert (tmp_path / name).is_file()
        assert (tmp_path / "en" / name).is_file()
