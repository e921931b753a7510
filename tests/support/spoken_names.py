"""Names spoken by espeak-ng, by variants that no model was trained on and no lesson speaks with."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from device.audio.frames import SAMPLE_RATE, Block, Samples
from device.audio.recording import Recording

VOICES = ("nl+robosoft3", "nl+robosoft5", "nl+Tweaky")
NOISE = 20.0


def spoken(folder: Path, voice: str, text: str) -> Samples:
    """One utterance at 16 kHz, without noise or silence around it."""
    path = folder / "spoken.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", path, text], check=True)
    with Recording(path) as recording:
        sound = np.concatenate([i.samples for i in recording.items() if isinstance(i, Block)])
    return (0.3 * sound).astype(np.int16)


def in_soft_noise(pieces: Iterable[Samples], gap_s: float) -> Samples:
    """Utterances one after another, with so much soft noise before and after each."""
    gap = np.zeros(round(gap_s * SAMPLE_RATE), np.int16)
    sound = np.concatenate([gap, *(part for piece in pieces for part in (piece, gap))])
    noise = np.random.default_rng(1).normal(0, NOISE, len(sound))
    return np.asarray(np.rint(sound + noise), np.int16)


def write_wav(path: Path, samples: Samples) -> Path:
    """16 kHz mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())
    return path
