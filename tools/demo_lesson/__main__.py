"""Render the demo lesson: ``python -m tools.demo_lesson render --out device/data/demo``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tools.demo_lesson.render import Renderer, write_flac
from tools.demo_lesson.script import SCRIPT, load
from tools.demo_lesson.truth import truth
from tools.demo_lesson.voice import Synthesizer


@click.group()
def main() -> None:
    """Build the demo lesson."""


@main.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--script", "path", type=click.Path(exists=True, path_type=Path), default=SCRIPT)
@click.option("--seconds", type=click.FloatRange(min=1), help="Render only the beginning.")
def render(out: Path, path: Path, seconds: float | None) -> None:
    """Render the script to OUT: sound, truth and class list."""
    script = load(path)
    with Synthesizer() as synthesizer:
        rendering = Renderer(script, synthesizer).render(seconds)
    out.mkdir(parents=True, exist_ok=True)
    scene = script.lesson.scene
    write_flac(out / f"{scene}.flac", rendering.samples)
    data = json.dumps(truth(script, rendering), ensure_ascii=False, indent=1)
    (out / f"{scene}.json").write_text(data + "\n", encoding="utf-8")
    (out / "klas.txt").write_text("\n".join(script.roster.names) + "\n", encoding="utf-8")
    click.echo(f"{scene}: {rendering.duration_s:.1f} s, {rendering.synthesizer}")


if __name__ == "__main__":
    main()
