"""Asking PulseAudio (or PipeWire) which source this process really records from."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

#: a healthy server answers within milliseconds
ANSWER_TIMEOUT_S = 1.0


def recorded_source() -> str | None:
    """Name of the source that this process's recording stream sits on.

    The server moves a stream to another source without a word when its own disappears. ``None``
    when it cannot be told: no ``pactl``, no answer in time, or no single stream of ours.
    """
    outputs = _ask("source-outputs")
    sources = _ask("sources")
    ours = {
        output.get("source")
        for output in outputs
        if output.get("properties", {}).get("application.process.id") == str(os.getpid())
    }
    names = [str(source.get("name")) for source in sources if source.get("index") in ours]
    return names[0] if len(names) == 1 else None


def _ask(what: str) -> list[dict[str, Any]]:
    try:
        answer = subprocess.run(
            ["pactl", "--format=json", "list", what],  # nosec B607 # wherever it is installed
            capture_output=True,
            timeout=ANSWER_TIMEOUT_S,
            check=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        parsed = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return []
    return parsed if isinstance(parsed, list) else []
