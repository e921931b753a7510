"""``python -m tools.questions train`` and ``… report``."""

from __future__ import annotations

from pathlib import Path

import click

from tools.questions.build import Options, build, read_corpus
from tools.questions.page import write_page

_language = click.option("--language", type=click.Choice(["nl", "en"]), required=True)
_folder = click.Path(exists=True, file_okay=False, path_type=Path)
_data = click.option("--data", type=_folder, required=True, help="Tables of docs/data.md.")
_scenes = click.option("--scenes", type=_folder, help="Test lessons, kept out of the training.")
_without = click.option("--without", help="Sources that begin so are test material only.")


@click.group()
def main() -> None:
    """Train and measure the question scorer."""


@main.command()
@_language
@_data
@_scenes
@_without
@click.option("--passes", default=6, show_default=True, help="Times each sentence is shown.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def train(
    language: str, data: Path, scenes: Path | None, without: str | None, passes: int, out: Path
) -> None:
    """Train the weights of one language and write them to OUT."""
    options = Options(language, data, scenes, passes, without)
    network = build(options, read_corpus(options), click.echo)
    network.save(out)
    click.echo(f"{out}: {out.stat().st_size / 1000:.0f} kB")


@main.command()
@_data
@_scenes
def report(data: Path, scenes: Path | None) -> None:
    """Measure the weights of the device and write the figures into docs/questions.md."""
    write_page(data, scenes)


if __name__ == "__main__":
    main()
