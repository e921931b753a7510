"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from lesson.events import CueMode

language_option = click.option(
    "--language", type=click.Choice(["nl", "en"]), help="Language of the lesson."
)
roster_option = click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Class list: text with one name a line, or a table in CSV.",
)
mode_option = click.option(
    "--mode",
    type=click.Choice([mode.value for mode in CueMode]),
    callback=lambda _context, _option, value: None if value is None else CueMode(value),
    help="cue: decide signals; silent: measure only (nulmeting).",
)
