"""The ``denkpauze`` command. An error is one line that says what to do, never a traceback."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.text import Text

from device import crash
from device.commands import COMMANDS
from device.commands.context import CommandContext
from device.crash import TRACE_VARIABLE, summary
from device.errors import DenkpauzeError

EXIT_ERROR = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


class Commands(click.Group):
    """Loads a command when it is asked for, so that one does not wait for another's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(f"device.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(importlib.metadata.version("denkpauze"), message="denkpauze %(version)s")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Settings file; else DENKPAUZE_CONFIG, /etc/denkpauze, ~/.config/denkpauze.",
)
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Hears a teacher's question and times the silence before a name.

    Hoort de vraag van de leraar en meet de denkpauze vóór de beurt.
    """
    context.obj = CommandContext(config)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status: 0, 1 error, 2 usage, 130 interrupted."""
    try:
        result = cli.main(list(arguments), prog_name="denkpauze", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return EXIT_USAGE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "denkpauze"
        _complain(f"{error.format_message()} See: {path} --help")
        return EXIT_USAGE
    except click.ClickException as error:
        _complain(error.format_message())
        return EXIT_ERROR
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except DenkpauzeError as error:
        if os.environ.get(TRACE_VARIABLE):
            raise
        _complain(str(error))
        return EXIT_ERROR
    except Exception as error:
        if os.environ.get(TRACE_VARIABLE):
            raise
        _complain(
            f"something unforeseen went wrong: {summary(error)} "
            f"- for the details, which may hold names, run it again with {TRACE_VARIABLE}=1"
        )
        return EXIT_ERROR


def _complain(message: str) -> None:
    """One line on stderr, red on a terminal, however long it is."""
    line = " ".join(message.split())
    Console(stderr=True).print(Text(f"denkpauze: {line}", style="red"), soft_wrap=True)


def main() -> NoReturn:
    """The entry point of the installed command."""
    crash.install()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
