"""Synthesisers beside espeak-ng, none of which tells when its sounds begin.

flite, festival, RHVoice and SVOX Pico (``pico2wave``) bring people's voices. Left out are voices
whose licence forbids derived works, and all that were made from a held-out speaker: RHVoice's
``slt``, and its ``alan``, who is flite's ``awb``.
"""

from __future__ import annotations

import random
import subprocess
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import numpy as np

from tools.speech.augmentation import SAMPLE_RATE, Samples
from tools.speech.recordings import read_samples
from tools.speech.text import Script

SHARD_UTTERANCES = 250
PITCH_HZ = (75, 150)  # voices made of diphones listen to it; altered speakers go further
DURATION_STRETCH = (0.75, 1.3)
FESTIVAL_VOICES = {"ked": "voice_ked_diphone", "kal": "voice_kal_diphone"}
RHVOICE_VOICES = {"bdl", "clb"}
PICO_VOICES = {"pico-us": "en-US", "pico-gb": "en-GB"}
PERCENT_SLOWEST_FASTEST = (80, 135)
PERCENT_LOWEST_HIGHEST = (80, 125)
PACKAGES = {"RHVoice-test": "rhvoice rhvoice-english", "pico2wave": "libttspico-utils"}
SILENCE_S = (0.05, 0.5)


class VoiceError(RuntimeError):
    """A synthesiser is missing, or refused a voice."""


def speak_flite(text: str, voice: str, file: Path, draw: random.Random) -> None:
    """``text`` into ``file``, at a random speed and height of voice."""
    settings = {
        "duration_stretch": draw.uniform(*DURATION_STRETCH),
        "int_f0_target_mean": draw.uniform(*PITCH_HZ),
    }
    options = [part for name, value in settings.items() for part in ("--setf", f"{name}={value}")]
    _run(["flite", "-voice", voice, *options, "-t", text, "-o", str(file)])


def speak_rhvoice(text: str, voice: str, file: Path, draw: random.Random) -> None:
    """As ``speak_flite``, by RHVoice, whose voices were made from hours of a person."""
    rate, pitch = (
        str(draw.randint(*span)) for span in (PERCENT_SLOWEST_FASTEST, PERCENT_LOWEST_HIGHEST)
    )
    _run(["RHVoice-test", "-p", voice, "-r", rate, "-t", pitch, "-o", str(file)], text)


def speak_pico(text: str, voice: str, file: Path, draw: random.Random) -> None:
    """As ``speak_flite``, by SVOX Pico."""
    rate, pitch = draw.randint(*PERCENT_SLOWEST_FASTEST), draw.randint(*PERCENT_LOWEST_HIGHEST)
    marked = f'<pitch level="{pitch}"><speed level="{rate}">{escape(text)}</speed></pitch>'
    _run(["pico2wave", "-l", PICO_VOICES[voice], "-w", str(file), marked])


def speak(text: str, voice: str, file: Path, draw: random.Random) -> None:
    """``text`` into ``file`` by whichever program has the voice; festival's are not among them."""
    if voice in RHVOICE_VOICES:
        speak_rhvoice(text, voice, file, draw)
    elif voice in PICO_VOICES:
        speak_pico(text, voice, file, draw)
    else:
        speak_flite(text, voice, file, draw)


def speak_festival(lines: list[tuple[str, str, Path]], draw: random.Random) -> None:
    """All ``(text, voice, file)`` in one run: festival starts for longer than it speaks."""
    if not lines:
        return
    commands = []
    for text, voice, file in lines:
        pitch = draw.uniform(*PITCH_HZ)
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        quoted = plain.replace("\\", " ").replace('"', " ")
        commands.append(
            f"({FESTIVAL_VOICES[voice]})\n"
            f"(Parameter.set 'Duration_Stretch {draw.uniform(*DURATION_STRETCH):.3f})\n"
            f"(set! int_lr_params '((target_f0_mean {pitch:.0f}) (target_f0_std {pitch / 8:.0f})"
            " (model_f0_mean 170) (model_f0_std 34)))\n"
            f'(utt.save.wave (utt.synth (Utterance Text "{quoted}")) "{file}" \'riff)\n'
        )
    script = lines[0][2].with_suffix(".scm")
    script.write_text("".join(commands), encoding="ascii")
    _run(["festival", "-b", str(script)])


def _run(command: list[str], text: str = "") -> None:
    """Run it with ``text`` as its input, or raise VoiceError with the program's own words."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, input=text)
    except FileNotFoundError as error:
        package = PACKAGES.get(command[0], command[0])
        raise VoiceError(f"{command[0]} not found: apt install {package}") from error
    except subprocess.CalledProcessError as error:
        raise VoiceError(f"{' '.join(command[:3])}: {error.stderr.strip()}") from error


def synthesise_shard(
    lines: list[str], voices: tuple[str, ...], seed: int, number: int, threads: int
) -> list[Samples]:
    """How each line sounds at 16 kHz, in order, digital silence around it.

    Raises:
        VoiceError: a synthesiser is not installed, or does not know the voice.
    """
    draws = [random.Random(f"{seed} {number} {place}") for place in range(len(lines))]
    chosen = [draw.choice(voices) for draw in draws]
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{place}.wav" for place in range(len(lines))]
        rows = list(zip(lines, chosen, files, draws, strict=True))
        speak_festival(
            [(text, voice, file) for text, voice, file, _ in rows if voice in FESTIVAL_VOICES],
            random.Random(f"{seed} {number}"),
        )
        with ThreadPoolExecutor(threads) as pool:
            jobs = [pool.submit(speak, *row) for row in rows if row[1] not in FESTIVAL_VOICES]
            for job in jobs:
                job.result()
        return [_padded(read_samples(file), draw) for _, _, file, draw in rows]


def _padded(samples: Samples, draw: random.Random) -> Samples:
    before, after = (
        np.zeros(int(draw.uniform(*SILENCE_S) * SAMPLE_RATE), np.float32) for _ in range(2)
    )
    return np.concatenate([before, samples, after])


def synthesise(
    scripts: list[Script], voices: tuple[str, ...], seed: int, folder: Path, threads: int
) -> Iterator[int]:
    """Make all files of speech that are not there yet; yields how many scripts are done."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [script.spoken for script in scripts]
    for number, first in enumerate(range(0, len(lines), SHARD_UTTERANCES)):
        chunk = lines[first : first + SHARD_UTTERANCES]
        file = folder / f"voices_{number:03d}.npz"
        if not file.exists():
            sounds = synthesise_shard(chunk, voices, seed, number, threads)
            part = file.with_suffix(".part.npz")
            np.savez(
                part,
                texts=np.array(chunk),
                lengths=np.array([len(sound) for sound in sounds]),
                samples=np.clip(np.concatenate(sounds), -32768, 32767).astype(np.int16),
            )
            part.rename(file)
        yield first + len(chunk)


def read_voices(folder: Path, limit: int | None = None) -> Iterator[tuple[str, Samples]]:
    """Text and sound of the first ``limit`` utterances that ``synthesise`` wrote."""
    count = 0
    for file in sorted(folder.glob("voices_???.npz")):
        with np.load(file) as content:
            ends = np.cumsum(content["lengths"])
            sounds = np.split(content["samples"], ends[:-1])
            for text, sound in zip(content["texts"], sounds, strict=True):
                if limit is not None and count >= limit:
                    return
                count += 1
                yield str(text), sound.astype(np.float32)
