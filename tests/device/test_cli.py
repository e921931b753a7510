"""The command line within one process: what is printed, and the exit status."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from device import cli, settings_file
from device.commands import COMMANDS
from device.errors import SourceError

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def only_these_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings and no models of the machine that the tests run on."""
    monkeypatch.setattr(settings_file, "SYSTEM_FILE", tmp_path / "none.toml")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("DENKPAUZE_CONFIG", "DENKPAUZE_TRACE", "VOSK_MODEL_PATH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def failing() -> Iterator[list[BaseException]]:
    """A command ``fail`` that raises the one exception of this list."""
    raised: list[BaseException] = []

    @cli.cli.command("fail")
    def fail() -> None:
        raise raised[0]

    yield raised
    del cli.cli.commands["fail"]


def run(*arguments: object) -> int:
    return cli.run([str(argument) for argument in arguments])


def settings(folder: Path, text: str) -> Path:
    path = folder / "denkpauze.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == run("--help")
    printed = capsys.readouterr().out
    assert [] == [name for name in COMMANDS if f"\n  {name} " not in printed]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == run(name, "--help")
    assert f"Usage: denkpauze {name}" in capsys.readouterr().out


def test_without_a_command_help_is_given_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == run()
    assert "Usage: denkpauze" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("modls",), "denkpauze: No such command 'modls'"),
        (("devices", "--loud"), "denkpauze: No such option"),
        (("devices", "extra"), "denkpauze: Got unexpected extra argument (extra)"),
        (("--config",), "denkpauze: Option '--config' requires an argument."),
    ],
)
def test_a_wrong_command_line_is_one_line_with_status_2(
    arguments: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == run(*arguments)
    printed = capsys.readouterr()
    assert ("", expected, 1) == (
        printed.out,
        printed.err[: len(expected)],
        len(printed.err.splitlines()),
    )


def test_wrong_settings_are_one_line_with_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = settings(tmp_path, "[lesson]\ntarget_s = 12\n")
    assert 1 == run("--config", path, "show-config")
    expected = f"denkpauze: {path}: [lesson] target_s: 12 is out of range"
    printed = capsys.readouterr().err
    assert (expected, 1) == (printed[: len(expected)], len(printed.splitlines()))


@pytest.mark.parametrize(
    ("error", "status", "expected"),
    [
        (SourceError("no microphone:\nplug one in"), 1, "denkpauze: no microphone: plug one in\n"),
        (click.ClickException("not so"), 1, "denkpauze: not so\n"),
        (KeyboardInterrupt(), 130, "\n"),
        (
            ZeroDivisionError("oops"),
            1,
            "denkpauze: something unforeseen went wrong: ZeroDivisionError at PLACE "
            "- for the details, which may hold names, run it again with DENKPAUZE_TRACE=1\n",
        ),
    ],
)
def test_whatever_goes_wrong_is_at_most_one_line(
    failing: list[BaseException],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    expected: str,
) -> None:
    failing.append(error)
    result = run("fail")
    printed = re.sub(r"at \S+\.py:.* - for", "at PLACE - for", capsys.readouterr().err)
    assert (status, expected) == (result, printed)


def test_a_long_error_is_not_broken_over_lines(
    failing: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    failing.append(SourceError("[b]" + "x y " * 100))
    assert 1 == run("fail")
    printed = capsys.readouterr().err
    assert ("denkpauze: [b]x y", 1) == (printed[:17], len(printed.splitlines()))


def test_the_trace_is_there_on_request(
    failing: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DENKPAUZE_TRACE", "1")
    failing.append(ZeroDivisionError("oops"))
    with pytest.raises(ZeroDivisionError):
        run("fail")


def test_show_config_prints_a_settings_file_that_means_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '[lesson]\ntarget_s = 4.5\nroster = "a \\"b\\".txt"\n'
    path = settings(tmp_path, text)
    assert 0 == run("--config", path, "show-config")
    printed = capsys.readouterr().out
    again = tomllib.loads(printed)
    assert (4.5, str(tmp_path / 'a "b".txt')) == (
        again["lesson"]["target_s"],
        again["lesson"]["roster"],
    )
    again_path = tmp_path / "again.toml"
    again_path.write_text(printed, encoding="utf-8")
    assert settings_file.read_settings(path) == settings_file.read_settings(again_path)


def test_show_config_tells_the_file_from_the_default(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = settings(tmp_path, "[lesson]\ntarget_s = 3.0\n")
    assert 0 == run("--config", path, "show-config")
    lines = capsys.readouterr().out.splitlines()
    assert f"# {path}" == lines[0]
    assert {"target_s = 3.0  # file", 'mode = "cue"  # default', "# roster: not set"} <= set(lines)


def test_show_config_masks_the_password(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = settings(tmp_path, "[mqtt]\nusername = 'juf'\npassword = 'geheim-123'\n")
    assert 0 == run("--config", path, "show-config")
    printed = capsys.readouterr().out
    assert ("geheim-123" in printed, 'password = "**********"  # file' in printed) == (False, True)


def test_models_shows_what_the_active_model_hears(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / ".cache/vosk/vosk-model-small-nl-0.22"
    for part in ("am/final.mdl", "conf/mfcc.conf", "graph/HCLG.fst"):
        (model / part).parent.mkdir(parents=True, exist_ok=True)
        (model / part).touch()
    assert 0 == run("models")
    printed = capsys.readouterr().out
    shown = [text in printed for text in (model.name, "official", "everyday Dutch")]
    assert [True, True, True] == shown


def test_models_complains_of_a_folder_that_holds_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = settings(tmp_path, "[recogniser]\nmodel_path = 'nowhere'\n")
    assert 1 == run("--config", path, "models")
    assert f"[recogniser] model_path: there is no folder {tmp_path / 'nowhere'}" in (
        capsys.readouterr().err
    )


@pytest.mark.slow
def test_doctor_finds_the_blocker_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = settings(tmp_path, "[lesson]\ntarget_s = 12\n")
    assert 1 == run("--config", path, "doctor")
    printed = capsys.readouterr().out
    assert [True, True, True] == [
        text in printed for text in ("target_s: 12 is out of range", "Python", "in the way")
    ]
