"""Speech from espeak-ng, cut to where it sounds.

Some variants of espeak-ng add an artificial echo of 130 ms, which would move the acoustic end of
a question by as much. The synthesizer therefore gets a private copy of the variants without it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.demo_lesson.script import Voice

Sound = NDArray[np.float64]

SAMPLE_RATE = 16_000
ESPEAK_RATE = 22_050
_WAVE_HEADER_BYTES = 44
#: Sound lies within this much of the loudest 10 ms: keeps a final t or f, drops room tone.
_EDGE_DB = -36.0
_ACTIVE_DB = -30.0
_FADE_SAMPLES = 48
#: A schwa held as long as a hesitating «eh».
FILLER = "[[@:@:]]"


class VoiceError(RuntimeError):
    """espeak-ng is missing or refused a voice."""


def _windows(sound: Sound) -> tuple[Sound, int, int]:
    """Mean power of 10 ms windows every 5 ms, with window and hop in samples."""
    window, hop = SAMPLE_RATE // 100, SAMPLE_RATE // 200
    total = np.concatenate(([0.0], np.cumsum(sound**2)))
    starts = np.arange(max((len(sound) - window) // hop, 1)) * hop
    ends = np.minimum(starts + window, len(sound))
    return np.maximum(total[ends] - total[starts], 0.0) / window, window, hop


def sounding_part(sound: Sound) -> tuple[int, int]:
    """First sample and end of what is heard, shape (n,) float.

    Raises:
        ValueError: the sound is empty or silent.
    """
    if not np.any(sound):
        raise ValueError("there is no sound in it")
    power, window, hop = _windows(sound)
    loud = np.flatnonzero(power >= power.max() * 10 ** (_EDGE_DB / 10))
    return int(loud[0]) * hop, min(int(loud[-1]) * hop + window, len(sound))


def active_rms(sound: Sound) -> float:
    """Root mean square over the 10 ms windows that carry sound."""
    power, _, _ = _windows(sound)
    return float(np.sqrt(power[power >= power.max() * 10 ** (_ACTIVE_DB / 10)].mean()))


def resample(sound: Sound, from_hz: int, to_hz: int) -> Sound:
    """Band-limited resampling in the frequency domain, the whole sound at once."""
    step = from_hz // np.gcd(from_hz, to_hz)
    padded = np.pad(sound, (0, -len(sound) % step + step))
    out_samples = len(padded) * to_hz // from_hz
    spectrum = np.fft.rfft(padded)[: out_samples // 2 + 1]
    return np.fft.irfft(spectrum, out_samples) * (to_hz / from_hz)


class Synthesizer:
    """espeak-ng as a context manager; the same text and voice always give the same samples."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="denkpauze-voices-")
        program = shutil.which("espeak-ng")
        if program is None:
            raise VoiceError("espeak-ng is not installed: install the package espeak-ng")
        self._program = program
        about = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        match = re.search(r":\s*(\S+)\s+Data at:\s*(\S+)", about.stdout)
        if match is None:
            raise VoiceError(f"espeak-ng tells no version and data folder: {about.stdout.strip()}")
        self.version = match[1]
        self._copy_variants(Path(match[2]))

    def __enter__(self) -> Synthesizer:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def _copy_variants(self, data: Path) -> None:
        own = Path(self._folder.name) / "espeak-ng-data"
        (own / "voices" / "!v").mkdir(parents=True)
        for folder, kept_out in ((data, "voices"), (data / "voices", "!v")):
            for entry in folder.iterdir():
                if entry.name != kept_out:
                    (own / entry.relative_to(data)).symlink_to(entry)
        for variant in (data / "voices" / "!v").iterdir():
            lines = variant.read_bytes().splitlines(keepends=True)
            kept = b"".join(line for line in lines if not line.startswith(b"echo"))
            (own / "voices" / "!v" / variant.name).write_bytes(kept)

    def say(self, voice: Voice, text: str) -> Sound:
        """Speech cut to its sounding part, 16 kHz, shape (n,), with an active level of 1.

        Raises:
            VoiceError: espeak-ng knows no such voice or says nothing.
        """
        command = [self._program, "-v", voice.voice, "-s", str(voice.words_per_minute)]
        command += ["-p", str(voice.pitch), "--stdout", text]
        environment = {**os.environ, "ESPEAK_DATA_PATH": self._folder.name}
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        raw = np.frombuffer(done.stdout[_WAVE_HEADER_BYTES:], dtype="<i2").astype(np.float64)
        if done.returncode != 0 or not np.any(raw):
            raise VoiceError(f"espeak-ng says nothing in {voice.voice} for {text!r}")
        sound = resample(raw, ESPEAK_RATE, SAMPLE_RATE)
        first, end = sounding_part(sound)
        sound = sound[first:end]
        fade = np.linspace(0.0, 1.0, _FADE_SAMPLES)
        sound[:_FADE_SAMPLES] *= fade
        sound[-_FADE_SAMPLES:] *= fade[::-1]
        return sound / active_rms(sound)
