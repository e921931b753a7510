"""Make sure that a model loads, before it is loaded where it could do harm."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

from device.errors import ModelError
from device.model_store.trial import NO_GOOD

#: A Pi loads a small model in seconds; a lesson cannot wait much longer for words.
TRIAL_S = 90.0
#: In the data folder: which model folders were good when they were last tried.
MEMORY = "tried-models.json"
_KALDI_LINE = re.compile(r"^(?:ERROR|ASSERTION_FAILED) \([^)]*\) *(.*)")


def try_model(folder: Path, language: str, timeout_s: float = TRIAL_S) -> None:
    """Load the model in a process of its own and decode three seconds with it.

    Raises:
        ModelError: it cannot be used, with the reason as far as it is known.
    """
    command = [sys.executable, "-P", "-m", "device.model_store.trial", str(folder), language]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=timeout_s
        )
    except subprocess.TimeoutExpired:
        reason = f"it is not ready after {timeout_s:g} s"
    except OSError as error:
        reason = f"it cannot be tried: {error.strerror}"
    else:
        if done.returncode == 0:
            return
        reason = _reason(done)
    raise ModelError(f"the speech model {folder} cannot be used: {reason}; see `denkpauze models`")


def make_sure_it_loads(folder: Path, language: str, data_folder: Path | None) -> None:
    """Try the model, unless these very files were good before.

    Args:
        data_folder: where it is remembered; ``None``: nowhere.

    Raises:
        ModelError: it cannot be used.
    """
    memory = data_folder / MEMORY if data_folder is not None else None
    key = f"{language}:{folder.absolute()}"
    stamp = stamp_of(folder)
    tried = _remembered(memory)
    if tried.get(key) == stamp:
        return
    try_model(folder, language)
    tried[key] = stamp
    if memory is not None:
        _remember(memory, tried)


def stamp_of(folder: Path) -> str:
    """Changes when a file of the folder is added, removed, written or replaced."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = []
    for path in files:
        state = path.stat()
        found.append(f"{path.relative_to(folder)} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    matches = [_KALDI_LINE.match(line) for line in done.stderr.splitlines()]
    said = " ".join((matches[-1][1] if matches and matches[-1] else "").split())[:160]
    if done.returncode == NO_GOOD:
        told = done.stdout.strip()
        return f"{told} ({said})" if said else told
    if "bad_alloc" in done.stderr or done.returncode == -signal.SIGKILL:
        return "there is too little memory for it"
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        return f"Vosk breaks down on it ({said or name})"
    return f"it cannot be tried ({done.stderr.strip().splitlines()[-1:]})"


def _remembered(memory: Path | None) -> dict[str, str]:
    """What was tried; nothing when that cannot be read: then it is tried again."""
    if memory is None:
        return {}
    try:
        content = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _remember(memory: Path, tried: dict[str, str]) -> None:
    """A disk that is full costs a second at the next start, not this lesson."""
    part = memory.with_name(memory.name + ".part")
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(tried, indent=1), encoding="utf-8")
        part.replace(memory)
    except OSError:
        return
