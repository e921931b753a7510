"""The installed ``denkpauze`` command, the demo lesson, and what a lesson leaves behind."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.audio.frames import SAMPLE_RATE, Block
from device.audio.recording import Recording
from device.models import BUILT_IN_FOLDER, ENVIRONMENT_VARIABLE
from lesson.wire import Envelope

COMMAND = Path(sys.executable).parent / "denkpauze"
DEMO = Path(__file__).resolve().parents[2] / "device" / "data" / "demo"
LESSON = DEMO / "les_nl.flac"
ROSTER = DEMO / "klas.txt"

Json = dict[str, Any]


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment without settings, in which only the built-in speech models are found."""
    home.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "COLUMNS": "200",
        ENVIRONMENT_VARIABLE: str(BUILT_IN_FOLDER),
        **more,
    }


def denkpauze(
    home: Path, *arguments: str | Path, timeout_s: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
        env=environment(home),
    )


def lines(path: Path) -> list[Json]:
    """The events that ``analyse`` wrote."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def demo_truth() -> Json:
    truth: Json = json.loads((DEMO / "les_nl.json").read_text(encoding="utf-8"))
    return truth


def excerpt_truth(start_s: float, end_s: float) -> Json:
    """The truth of a part of the demo lesson, its times counted from ``start_s``."""
    truth = demo_truth()

    def inside(kind: str) -> list[Json]:
        return [
            {key: _shifted(key, value, start_s) for key, value in item.items()}
            for item in truth[kind]
            if item["start_s"] >= start_s and item["end_s"] <= end_s
        ]

    parts = {kind: inside(kind) for kind in ("questions", "names", "utterances")}
    return {**truth, "duration_s": end_s - start_s, **parts}


def _shifted(key: str, value: Any, by_s: float) -> Any:
    is_moment = key in ("start_s", "end_s", "next_speech_s") and value is not None
    return value - by_s if is_moment else value


def demo_sound(start_s: float = 0.0, end_s: float | None = None) -> NDArray[np.int16]:
    """Samples of the demo lesson or a part of it."""
    with Recording(LESSON) as recording:
        blocks = [item.samples for item in recording.items() if isinstance(item, Block)]
    end = None if end_s is None else round(end_s * SAMPLE_RATE)
    return np.concatenate(blocks)[round(start_s * SAMPLE_RATE) : end]


def write_wav(path: Path, sound: NDArray[np.int16]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


def journal(path: Path) -> list[Envelope]:
    """Everything in a device's journal in order; also while it is being written."""
    if not path.exists():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        rows = connection.execute("SELECT envelope FROM event ORDER BY boot, seq").fetchall()
    except sqlite3.OperationalError:  # its tables are not made yet
        return []
    finally:
        connection.close()
    return [Envelope.from_json(row[0]) for row in rows]


def wait_until(claim: Callable[[], bool], what: str, timeout_s: float = 60.0) -> None:
    """Poll until the claim holds; fails with ``what`` when it takes too long."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        assert time.monotonic() < deadline, f"still not so after {timeout_s:.0f} s: {what}"
        time.sleep(0.03)
