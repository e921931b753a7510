"""``denkpauze dpia``: the sheet for a data-protection impact assessment."""

from __future__ import annotations

import click

from device.commands.context import CommandContext, pass_context
from device.dpia import sheet

#: What ingest does when it is told nothing else.
RETENTION_DAYS = 365


@click.command("dpia")
@click.option(
    "--retention-days",
    type=click.IntRange(min=1),
    default=RETENTION_DAYS,
    show_default=True,
    help="After how many days the dashboard deletes lessons; as ingest is told.",
)
@pass_context
def command(context: CommandContext, retention_days: int) -> None:
    """Print a sheet for the school's DPIA, in Dutch, from the settings that apply.

    Print een blad voor de DPIA van de school, uit de instellingen die gelden (Markdown).
    """
    path = context.loaded.path
    source = f"`{path.name}`" if path else "geen bestand: de standaardinstellingen"
    click.echo(sheet(context.settings, source, retention_days), nl=False)
