"""``denkpauze show-config``: the settings that apply, as a settings file."""

from __future__ import annotations

import click
from rich.text import Text

from device.commands.context import CommandContext, pass_context
from device.settings import sections
from device.toml_text import toml_value


@click.command("show-config")
@pass_context
def command(context: CommandContext) -> None:
    """Show the settings that apply, and whether the file or the default gave them.

    Prints a valid settings file; a password is masked.
    """
    loaded = context.loaded
    source = loaded.path if loaded.path else "no settings file: these are the defaults"
    lines = [f"# {source}", f"version = {loaded.settings.version}"]
    for name, section in sections().items():
        lines += ["", f"[{name}]"]
        values = getattr(loaded.settings, name)
        for key in section.model_fields:
            value = getattr(values, key)
            origin = "file" if loaded.is_set(name, key) else "default"
            if value is None:
                lines.append(f"# {key}: not set")
            else:
                lines.append(f"{key} = {toml_value(value)}  # {origin}")
    context.console.print(Text("\n".join(lines)), soft_wrap=True)
