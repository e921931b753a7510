"""The class list read aloud into the microphone, through the sound server and PortAudio."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from installed import wait_until
from pulse import MIC_SOURCE, Pulse
from spoken_names import in_soft_noise, spoken

pytestmark = [
    pytest.mark.audio,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="apt install espeak-ng"),
]

VOICE = "nl+robosoft5"
NAMES = ("Fatima", "Sanne", "Bram")
TIMEOUT_S = 60


def play(pulse: Pulse, folder: Path, name: str, sound: np.ndarray) -> None:
    path = folder / f"{name}.raw"
    path.write_bytes(sound.astype("<i2").tobytes())
    pulse.play(path)


def test_each_name_is_asked_for_heard_and_followed_by_the_next(
    pulse: Pulse, tmp_path: Path
) -> None:
    class_list = tmp_path / "klas.txt"
    class_list.write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    settings = tmp_path / "denkpauze.toml"
    settings.write_text(
        f'version = 1\n[device]\ndata_folder = "{tmp_path / "data"}"\n'
        f'[microphone]\ncard = "pulse:{MIC_SOURCE}"\n',
        encoding="utf-8",
    )
    hiss = np.random.default_rng(2).normal(0, 20, 2 * TIMEOUT_S * 16_000).round()
    play(pulse, tmp_path, "hiss", hiss)
    output = tmp_path / "output.txt"
    command = [sys.executable, "-m", "device.cli", "--config", settings, "enrol"]
    environment = {**os.environ, **pulse.environment, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    environment.pop("VOSK_MODEL_PATH", None)
    environment["HOME"] = str(tmp_path)
    with output.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--roster", class_list], stdout=log, stderr=log, env=environment
        )
        try:
            for number, name in enumerate(NAMES, 1):
                prompt = f"{number} van {len(NAMES)}: {name}"
                wait_until(lambda prompt=prompt: prompt in output.read_text(), prompt, TIMEOUT_S)
                wait_until(
                    lambda: pulse.control("list", "short", "source-outputs") != "",
                    "sound is taken",
                )
                play(pulse, tmp_path, name, in_soft_noise([spoken(tmp_path, VOICE, name)], 0.5))
            status = process.wait(TIMEOUT_S)
        finally:
            process.kill()
            process.wait()
    printed = output.read_text()
    assert (0, True) == (status, "3 van 3 namen te horen" in printed), printed
    assert len(NAMES) == printed.count("verstaan als"), printed
