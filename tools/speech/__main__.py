"""``python -m tools.speech build``: one command from open data to a Vosk-format model."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tools.speech.build import STAGES, Build, Options
from tools.speech.espeak import EspeakError
from tools.speech.fst import FstToolError
from tools.speech.languages import LANGUAGES
from tools.speech.voices import VoiceError

ROOT = Path(__file__).resolve().parents[2]
console = Console()


@click.group()
def main() -> None:
    """Build speech models in Vosk's format from synthetic and read speech."""


@main.command()
@click.option("--language", "code", type=click.Choice(sorted(LANGUAGES)), required=True)
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder with text/ and speech/ (docs/data.md).",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), default=None)
@click.option(
    "--lessons",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="Test lessons: left out of all training, and measured. Default: DATA/../scenes.",
)
@click.option("--stage", type=click.Choice(list(STAGES)), default=None, help="Only this stage.")
@click.option("--seed", default=Options.seed, show_default=True)
@click.option("--words", default=Options.words, show_default=True, help="Commonest words kept.")
@click.option("--utterances", default=0, help="Of espeak-ng; default: the language's own number.")
@click.option("--epochs", default=Options.epochs, show_default=True)
@click.option(
    "--refine-epochs",
    default=Options.refine_epochs,
    help="In one pass; default: the language's own passes.",
)
@click.option("--hidden", default=Options.hidden, show_default=True, help="Network width.")
@click.option("--threads", default=Options.threads, show_default=True)
def build(
    code: str,
    data: Path,
    out: Path,
    work: Path | None,
    lessons: Path | None,
    stage: str | None,
    **sizes: int,
) -> None:
    """Build, or finish building, a model. Stages that are done are not repeated."""
    if lessons is None and (data.parent / "scenes").is_dir():
        lessons = data.parent / "scenes"
    work = work or ROOT / "build" / f"speech-{code}"
    work.mkdir(parents=True, exist_ok=True)
    options = Options(processes=sizes["threads"], **sizes)
    task = Build(LANGUAGES[code], data, out, work, ROOT, lessons, options)
    _limit_threads(options.threads)
    stages = [stage] if stage else list(STAGES)
    try:
        for name in stages:
            proof = work / STAGES[name] if STAGES[name] else None
            if proof is not None and proof.exists():
                if stage is None:
                    console.print(f"[dim]{name}: done before[/dim]")
                    continue
                _forget(proof)
            _run(task, name)
    except (EspeakError, VoiceError, FstToolError, FileNotFoundError, ModuleNotFoundError) as error:
        raise click.ClickException(
            f"{error} (see docs/speech-model.md; packages: tools/speech/requirements.txt)"
        ) from error


def _limit_threads(threads: int) -> None:
    try:
        import torch
    except ModuleNotFoundError:
        return  # the stages that need it will say so
    torch.set_num_threads(threads)


def _forget(proof: Path) -> None:
    """Remove the result of a stage that is asked for again."""
    if proof.name == "complete":
        shutil.rmtree(proof.parent)
    else:
        proof.unlink()


def _run(task: Build, name: str) -> None:
    with Progress(
        TextColumn("[bold]{task.description:10}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} {task.fields[remark]}"),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        bar = progress.add_task(name, total=1, remark="")
        stage = getattr(task, name)
        stage(
            lambda done, total, remark: progress.update(
                bar, completed=done, total=max(1, total), remark=remark
            )
        )


if __name__ == "__main__":
    main()
