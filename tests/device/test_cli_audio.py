"""The ``devices`` command with a real sound server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pulse import Pulse, missing

pytestmark = [
    pytest.mark.audio,
    pytest.mark.slow,
    pytest.mark.skipif(missing() is not None, reason=f"{missing()} is not installed"),
]

COMMAND = Path(sys.executable).parent / "denkpauze"


def test_devices_lists_the_inputs_and_outputs_of_a_sound_server(tmp_path: Path) -> None:
    settings = tmp_path / "denkpauze.toml"
    settings.write_text('[microphone]\ncard = "pulse"\n', encoding="utf-8")
    with Pulse(tmp_path / "pulse") as server:
        done = subprocess.run(
            [COMMAND, "--config", str(settings), "devices"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**server.environment, "COLUMNS": "200"},
        )
    inputs, outputs = done.stdout.split("Sound outputs")
    chosen = [line for line in inputs.splitlines() if "chosen" in line]
    assert (0, 1) == (done.returncode, len(chosen))
    assert "pulse" in chosen[0]
    assert "pulse" in outputs
