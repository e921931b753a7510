"""``denkpauze models``: which speech model is used for each language."""

from __future__ import annotations

import click
from rich.table import Table

from device.commands.context import CommandContext, pass_context
from device.models import find_model

LANGUAGES = ("nl", "en")


@click.command("models")
@pass_context
def command(context: CommandContext) -> None:
    """Show the speech model in use for each language, and what it can hear."""
    table = Table(title="Speech models", title_justify="left")
    for heading in ("Language", "Model", "Kind", "Words", "Hears", "Folder"):
        table.add_column(
            heading, overflow="fold", justify="right" if heading == "Words" else "left"
        )
    settings = context.settings
    for language in LANGUAGES:
        # the path of the settings belongs to the language of the lesson
        named = settings.recogniser.model_path if language == settings.device.language else None
        model = find_model(language, named)
        if model is None:
            table.add_row(language, "none", "-", "-", "nothing: pauses only, no questions", "-")
            continue
        words = "not stated" if model.words is None else f"{model.words}"
        table.add_row(language, model.name, model.kind, words, model.hears, str(model.path))
    context.console.print(table)
