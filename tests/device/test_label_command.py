"""``denkpauze label``: what goes in, what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from device.cli import cli
from device.commands.label import TextLinesError

pytestmark = pytest.mark.unit


def label(lines: str, *options: str) -> Result:
    return CliRunner().invoke(cli, ["label", *options], input=lines)


def test_tsv_has_a_header_and_one_line_for_each_utterance() -> None:
    result = label("waarom smelt ijs\npak je boek\n\n", "--language", "nl")

    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert 0 == result.exit_code
    assert ["p_question", "question", "arm", "open", "name_position"] == lines[0]
    assert 4 == len(lines)
    assert ["1", "1", "open", "none"] == lines[1][1:]
    assert ["0", "0"] == lines[2][1:3]
    assert "0" == lines[3][1]


def test_json_has_the_same_fields_and_no_header() -> None:
    result = label("what is seven times eight\n", "--language", "en", "--json")

    (row,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert {"p_question", "question", "arm", "open", "name_position"} == set(row)
    assert 1 == row["question"]
    assert 0.5 <= row["p_question"] <= 1.0


def test_capitals_and_punctuation_are_not_looked_at() -> None:
    written = label("Waarom smelt ijs?\n", "--language", "nl").stdout
    heard = label("waarom smelt ijs\n", "--language", "nl").stdout

    assert heard == written


@pytest.mark.parametrize(
    ("line", "position"),
    [
        ("sanne wat denk jij", "first"),
        ("wat is de hoofdstad van spanje sanne", "last"),
        ("wat sanne zei was precies goed", "mention"),
        ("wat is de hoofdstad van spanje", "none"),
    ],
)
def test_a_name_of_the_class_list_is_placed(tmp_path: Path, line: str, position: str) -> None:
    roster = tmp_path / "klas.txt"
    roster.write_text("Sanne\nKay\n", encoding="utf-8")

    result = label(line + "\n", "--language", "nl", "--roster", str(roster))

    assert position == result.stdout.splitlines()[1].split("\t")[4]


def test_a_name_in_front_does_not_hide_the_question(tmp_path: Path) -> None:
    roster = tmp_path / "klas.txt"
    roster.write_text("Sanne\n", encoding="utf-8")
    options = ("--language", "nl", "--roster", str(roster))

    called = label("sanne waarom smelt ijs\n", *options).stdout.splitlines()[1]
    plain = label("waarom smelt ijs\n", *options).stdout.splitlines()[1]

    assert plain.split("\t")[:4] == called.split("\t")[:4]


def test_a_request_is_no_question_and_starts_no_light() -> None:
    result = label("kun je even de deur dichtdoen\n", "--language", "nl")

    assert ["0", "0"] == result.stdout.splitlines()[1].split("\t")[1:3]


def test_a_file_is_read_like_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "lesson.txt"
    file.write_text("waarom smelt ijs\n", encoding="utf-8")

    from_file = label("", "--language", "nl", str(file)).stdout

    assert label("waarom smelt ijs\n", "--language", "nl").stdout == from_file


def test_lines_end_as_they_may() -> None:
    plain = label("waarom smelt ijs\npak je boek\n", "--language", "nl").stdout

    assert plain == label("waarom smelt ijs\r\npak je boek", "--language", "nl").stdout


def test_each_line_is_labelled_even_one_without_words() -> None:
    lines = label("\n...\n?!\n \t\n", "--language", "nl").stdout.splitlines()

    assert 5 == len(lines)
    assert ["0.0\t0\t0\tunsure\tnone"] == sorted(set(lines[1:]))


@pytest.mark.parametrize("text", [b"waarom\n\xff\xfe\x00\n", b"caf\xe9\n"])
def test_what_is_no_text_is_told_in_one_line(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "lesson.doc"
    file.write_bytes(text)

    result = label("", "--language", "nl", str(file))

    assert isinstance(result.exception, TextLinesError)
    assert "save it as UTF-8" in str(result.exception)


def test_a_mark_at_the_start_of_the_file_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "lesson.txt"
    file.write_text("waarom smelt ijs\n", encoding="utf-8-sig")

    from_file = label("", "--language", "nl", str(file)).stdout

    assert label("waarom smelt ijs\n", "--language", "nl").stdout == from_file
