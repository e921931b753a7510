"""What the recogniser made of each name when the list was read aloud, kept on the device.

One file for each speech model in the data folder, readable by its owner only. Words made by one
model mean nothing to another.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from device.errors import NamesError

VERSION = 1


def enrolled_path(data_folder: Path, model_name: str) -> Path:
    """Where the words of a model are kept."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", model_name)
    return data_folder / "names" / f"{safe}.json"


def read_enrolled(path: Path) -> dict[str, tuple[str, ...]]:
    """Words by plain name; empty when no list was read aloud.

    Raises:
        NamesError: the file is damaged.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise NamesError(f"{path} cannot be read: remove it and read the list again") from error
    names = stored.get("names") if isinstance(stored, dict) else None
    if not isinstance(names, dict) or stored.get("version") != VERSION:
        raise NamesError(f"{path} is of another kind: remove it and read the list again")
    return {
        str(name): tuple(str(words) for words in heard)
        for name, heard in names.items()
        if isinstance(heard, list)
    }


def write_enrolled(path: Path, heard: Mapping[str, tuple[str, ...]]) -> None:
    """Keep the words of these names; what is known of others stays.

    Raises:
        NamesError: the folder cannot be written.
    """
    try:
        known = read_enrolled(path)
    except NamesError:
        known = {}  # a damaged file is replaced by what is read now
    names = {name: list(words) for name, words in {**known, **heard}.items() if words}
    text = json.dumps({"version": VERSION, "names": names}, ensure_ascii=False, indent=1)
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        beside.replace(path)
    except OSError as error:
        raise NamesError(f"{path} cannot be written: {error.strerror}") from error
