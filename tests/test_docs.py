"""Every setting, command and topic is documented, and made pages are in step with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from device.commands import COMMANDS
from device.settings import Settings, sections
from device.settings_file import read_settings
from lesson import topics
from tools import example_config, reference

pytestmark = pytest.mark.contract

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_example_file_is_made_from_the_settings() -> None:
    assert example_config.example() == read("config/denkpauze.example.toml"), "run: make docs"


def test_the_example_file_holds_the_defaults() -> None:
    assert Settings() == read_settings(ROOT / "config" / "denkpauze.example.toml")


def test_every_line_of_the_example_file_can_be_switched_on(tmp_path: Path) -> None:
    """Take the # away before every key, apart from the password that would be there twice."""
    text = re.sub(r"(?m)^# (\w+ = )", r"\1", example_config.example())
    path = tmp_path / "denkpauze.toml"
    path.write_text(re.sub(r"(?m)^password = .*$", "", text), encoding="utf-8")
    settings = read_settings(path)
    unset = [
        f"{section}.{key}"
        for section, kind in sections().items()
        for key in kind.model_fields
        if getattr(getattr(settings, section), key) is None
    ]
    assert ["mqtt.password"] == unset


def test_the_settings_page_is_made_from_the_settings() -> None:
    assert reference.settings_page() == read("docs/settings.md"), "run: make docs"


def test_the_commands_page_is_made_from_the_commands() -> None:
    assert reference.commands_page() == read("docs/commands.md"), "run: make docs"


def test_every_setting_is_on_the_settings_page() -> None:
    page = read("docs/settings.md")
    missing = [
        f"{section}.{key}"
        for section, kind in sections().items()
        for key in kind.model_fields
        if f"| `{key}` |" not in page.split(f"## `[{section}]`")[1].split("\n## ")[0]
    ]
    assert [] == missing


def test_every_command_is_on_the_commands_page() -> None:
    page = read("docs/commands.md")
    assert [] == [name for name in COMMANDS if f"## `denkpauze {name}`" not in page]


def test_every_topic_is_in_the_contract() -> None:
    page = read("docs/asyncapi.yaml")
    made = [
        topics.status("{device}"),
        topics.info("{device}"),
        topics.event("{device}", "{lesson}"),
        topics.live("{device}"),
        topics.acknowledgement("{device}"),
        topics.command("{device}"),
        topics.command_done("{device}"),
    ]
    assert [] == [topic for topic in made if f"address: {topic}\n" not in page]


def test_every_make_target_is_in_the_readme() -> None:
    targets = re.findall(r"(?m)^([a-z]+):", read("Makefile"))
    page = read("README.md")
    assert [] == [target for target in targets if f"make {target}" not in page]


@pytest.mark.parametrize(
    "name", ["README.md", *(f"docs/{path.name}" for path in DOCS.glob("*.md"))]
)
def test_links_inside_the_repository_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#\s]+)", read(name))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [] == [link for link in local if not (folder / link).exists()]
