"""What every command gets from the ``denkpauze`` group: the settings, and where to print."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import click
from rich.console import Console

from device.settings import Settings
from device.settings_file import LoadedSettings, load_settings


@dataclass
class CommandContext:
    """Made once per start; the settings are read when a command first asks for them."""

    config: Path | None = None
    console: Console = field(default_factory=Console)

    @cached_property
    def loaded(self) -> LoadedSettings:
        """Settings with the file they came from.

        Raises:
            SettingsError: the file is missing or wrong.
        """
        return load_settings(self.config)

    @property
    def settings(self) -> Settings:
        return self.loaded.settings


pass_context = click.make_pass_decorator(CommandContext)
