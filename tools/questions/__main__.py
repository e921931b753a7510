"""``python -m tools.questions train`` and ``… evaluate``."""

from __future__ import annotations

from pathlib import Path

import click

from device.detect.questions import QuestionScorer
from device.detect.trained_questions import TrainedQuestions, weights_path
from tools.questions.build import Options, build, read_corpus, rules_of
from tools.questions.corpus import test_material
from tools.questions.evaluation import report, report_focus, report_lines
from tools.questions.focus import read_focus

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
@click.option("--passes", default=8, show_default=True, help="Times each sentence is shown.")
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
@_language
@_data
@_scenes
@_without
@click.option("--weights", type=click.Path(path_type=Path), help="Default: those in the device.")
def evaluate(
    language: str, data: Path, scenes: Path | None, without: str | None, weights: Path | None
) -> None:
    """Print figures of the rules and of the trained scorer on sentences held out by their hash."""
    options = Options(language, data, scenes, without=without)
    rules = rules_of(language)
    trained = TrainedQuestions(language, rules, weights or weights_path(language))
    scorers: dict[str, QuestionScorer] = {"rules": rules, "trained": trained}
    for line in report(read_corpus(options).test, scorers):
        click.echo(line)
    for line in report_lines(data / "utterances_dev.jsonl", language, scorers):
        click.echo(line)
    for line in report_focus(read_focus(data, language, test_material(data, scenes)), scorers):
        click.echo(line)


if __name__ == "__main__":
    main()
