"""``python -m tools.voices``: trains the network that hears pupils in the noise of a class."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from device.audio.frames import SAMPLE_RATE
from device.detect.voices import WEIGHTS
from tools.voices.scenes import murmur, scene
from tools.voices.speakers import load_speakers
from tools.voices.training import inputs, save, train

_MURMURS = 8
_MURMUR_S = 60


@click.command()
@click.option(
    "--recordings",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder of human speech with labels.json (docs/data.md).",
)
@click.option("--scenes", "count", default=200, show_default=True, help="Scenes of 45 s.")
@click.option("--passes", default=60, show_default=True, help="Times each scene is shown.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=WEIGHTS)
def main(recordings: Path, count: int, passes: int, out: Path) -> None:
    """Make scenes, train on them, and write the weights."""
    random = np.random.default_rng(7)
    speakers = load_speakers(recordings, random)
    murmurs = [murmur(random, speakers, _MURMUR_S * SAMPLE_RATE) for _ in range(_MURMURS)]
    made = []
    for _ in range(count):
        sound, who = scene(random, speakers, murmurs)
        made.append((inputs(sound), who))
    click.echo(f"{count} scenes made")
    save(train(made, passes, click.echo), out)
    click.echo(f"{out}: {out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
