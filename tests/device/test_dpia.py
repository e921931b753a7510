"""The DPIA sheet says what the settings make true, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from device import dpia
from device.cli import cli
from device.settings import Settings

pytestmark = pytest.mark.unit


def sheet(**sections: dict[str, object]) -> str:
    return dpia.sheet(Settings.model_validate(sections), "`denkpauze.toml`", 200)


def test_every_kind_of_event_is_explained() -> None:
    kinds = {kind.model_fields["kind"].default for kind in dpia.kinds()}
    assert kinds == set(dpia.KINDS)


def test_every_field_that_is_kept_is_named() -> None:
    text = sheet()
    fields = {field for kind in dpia.kinds() for field in kind.model_fields} - {"kind"}
    assert set() == {field for field in fields if f"`{field}`" not in text}


def test_without_a_broker_nothing_leaves_and_nothing_is_said_of_a_dashboard() -> None:
    text = sheet()
    assert "| cijfers naar een broker | nee, niets verlaat het apparaat |" in text
    assert "database van het dashboard" not in text


def test_with_a_broker_the_sheet_names_it_and_the_days() -> None:
    text = sheet(mqtt={"enabled": True, "host": "mqtt.school.example"})
    assert "| cijfers naar een broker | naar `mqtt.school.example` |" in text
    assert "| dezelfde cijfers | database van het dashboard | 200 dagen |" in text


@pytest.mark.parametrize(("switched_on", "said"), [(False, "nee"), (True, "ja: ")])
def test_home_assistant_is_on_the_sheet_as_it_is_set(switched_on: bool, said: str) -> None:
    text = sheet(mqtt={"enabled": True, "home_assistant": switched_on})
    assert f"| zichtbaar in Home Assistant | {said}" in text


def test_a_password_is_never_printed() -> None:
    secret = {"username": "lokaal-12", "password": "kersenboom"}
    assert "kersenboom" not in sheet(mqtt={"enabled": True, **secret})


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({}, 0),
        ({"mqtt": {"enabled": True}}, 0),
        ({"mqtt": {"enabled": True, "host": "127.0.0.1"}}, 0),
        ({"mqtt": {"enabled": True, "host": "10.0.0.7"}}, 2),
        ({"mqtt": {"enabled": True, "host": "10.0.0.7", "tls_ca": "ca.pem"}}, 1),
        ({"mqtt": {"enabled": False, "host": "10.0.0.7"}}, 0),
        ({"outputs": {"light": False, "buttons": False}}, 2),
    ],
)
def test_what_asks_for_attention_follows_from_the_settings(
    sections: dict[str, object], expected: int
) -> None:
    assert expected == len(dpia.warnings(Settings.model_validate(sections)))


def test_names_are_on_the_sheet_only_with_a_class_list() -> None:
    assert "| namen |" not in sheet()
    assert "| namen |" in sheet(lesson={"roster": "/klas.txt"})


def test_the_command_reads_the_settings_that_apply(tmp_path: Path) -> None:
    path = tmp_path / "denkpauze.toml"
    path.write_text('version = 1\n[device]\nid = "lokaal-12"\n', encoding="utf-8")
    result = CliRunner().invoke(cli, ["--config", str(path), "dpia"])
    assert "| apparaat | `lokaal-12` |" in result.output
    assert "| bewaartermijn dashboard | – |" in result.output
