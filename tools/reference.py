"""Write ``docs/settings.md`` and ``docs/commands.md`` from the program itself (``make docs``)."""

from __future__ import annotations

import inspect
import typing
from enum import Enum
from pathlib import Path

import click
from pydantic.fields import FieldInfo

from device.cli import cli
from device.commands import COMMANDS
from device.settings import sections
from device.toml_text import toml_value

DOCS = Path(__file__).resolve().parent.parent / "docs"

SETTINGS_HEAD = """\
# Settings

One TOML file. The first of these that is there is used: the file after `--config`, the file
named by `DENKPAUZE_CONFIG`, `/etc/denkpauze/denkpauze.toml`,
`~/.config/denkpauze/denkpauze.toml`. Without a file the defaults apply. Relative paths count
from the folder of the file. `config/denkpauze.example.toml` is a file to start from;
`denkpauze show-config` shows what applies and where it came from, passwords masked.

The file carries `version = 1`. An unknown key or a value out of range is an error, with the file,
the section and the key.

This page is made by `make docs`.
"""

COMMANDS_HEAD = """\
# Commands

The exit status is 0 when all went well, 1 after an error, 2 when the command line was wrong and
130 after Ctrl-C. An error is one line on stderr; `DENKPAUZE_TRACE=1` shows where it came from.

This page is made by `make docs`.
"""


def settings_page() -> str:
    """Every setting with its default and what it means."""
    parts = [SETTINGS_HEAD]
    for name, kind in sections().items():
        rows = [
            f"| `{key}` | {_kind(field)} | {_default(field)} | {field.description} |"
            for key, field in kind.model_fields.items()
        ]
        head = ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
        doc = (kind.__doc__ or "").strip()
        parts.append("\n".join([f"## `[{name}]`", "", doc, "", *head, *rows]) + "\n")
    return "\n".join(parts)


def _kind(field: FieldInfo) -> str:
    """The kind of value in a reader's words."""
    annotation = field.annotation
    options = typing.get_args(annotation)
    if type(None) in options:
        annotation = next(option for option in options if option is not type(None))
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) is typing.Literal:
        return " or ".join(f"`{option}`" for option in typing.get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f"`{option.value}`" for option in annotation)
    names = {bool: "switch", int: "whole number", float: "number", Path: "path"}
    return names.get(annotation, "text") if isinstance(annotation, type) else "text"


def _default(field: FieldInfo) -> str:
    default = field.get_default()
    return "–" if default is None else f"`{toml_value(default)}`"


def commands_page() -> str:
    """Every command with its arguments and options."""
    parts = [COMMANDS_HEAD, _section("denkpauze", cli)]
    group = click.Context(cli, info_name="denkpauze")
    for name in COMMANDS:
        command = cli.get_command(group, name)
        if command is None:
            raise LookupError(f"no command {name}")
        parts.append(_section(f"denkpauze {name}", command))
        if isinstance(command, click.Group):
            for inner in command.commands.values():
                parts.append(_section(f"denkpauze {name} {inner.name}", inner))
    return "\n".join(parts)


def _section(title: str, command: click.Command) -> str:
    # the names of the help option come from the group, as they do when the program runs
    context = click.Context(command, info_name=title, **cli.context_settings)
    usage = " ".join([title, *command.collect_usage_pieces(context)])
    records = [option.get_help_record(context) for option in command.get_params(context)]
    options = [f"- `{record[0]}`: {record[1]}".removesuffix(": ") for record in records if record]
    paragraphs = [
        f"## `{title}`",
        f"`{usage}`",
        inspect.cleandoc(command.help or ""),
        "\n".join(options),
    ]
    return "\n\n".join(paragraphs) + "\n"


def main() -> None:
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
