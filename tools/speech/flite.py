"""flite: other voices than espeak-ng's, without the times of their sounds."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tools.speech.augmentation import SAMPLE_RATE, Samples, resample
from tools.speech.recordings import read_samples
from tools.speech.text import Script

FORMANT_STRETCH = (0.78, 1.15)  # below 1 is shorter and higher: towards a smaller speaker
PITCH_HZ = (75, 190)  # only voices made of diphones listen to it


class FliteError(RuntimeError):
    """flite is missing or refused a voice."""


def speak(text: str, voice: str, file: Path, draw: random.Random) -> Samples:
    """``text`` at 16 kHz, spoken at a random speed and height of voice; ``file`` is overwritten.

    Raises:
        FliteError: flite is not installed, or does not know the voice.
    """
    settings = {
        "duration_stretch": draw.uniform(0.75, 1.3),
        "int_f0_target_mean": draw.uniform(*PITCH_HZ),
    }
    options = [part for name, value in settings.items() for part in ("--setf", f"{name}={value}")]
    command = ["flite", "-voice", voice, *options, "-t", text, "-o", str(file)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise FliteError("flite not found: apt install flite") from error
    except subprocess.CalledProcessError as error:
        raise FliteError(f"flite, voice {voice!r}: {error.stderr.strip()}") from error
    samples = resample(read_samples(file), draw.uniform(*FORMANT_STRETCH))
    before, after = (
        np.zeros(int(draw.uniform(0.05, 0.5) * SAMPLE_RATE), np.float32) for _ in range(2)
    )
    return np.concatenate([before, samples, after])


def synthesise(
    scripts: list[Script], voices: tuple[str, ...], seed: int, threads: int
) -> Iterator[tuple[str, Samples]]:
    """What each script says and how it sounds, in order; silence of its own lies around it."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(threads) as pool:

        def made(number: int) -> Samples:
            draw = random.Random(seed * 1_000_003 + number)
            file = Path(folder) / f"{number}.wav"
            samples = speak(scripts[number].spoken, draw.choice(voices), file, draw)
            file.unlink()
            return samples

        yield from zip(
            (script.spoken for script in scripts),
            pool.map(made, range(len(scripts))),
            strict=True,
        )
