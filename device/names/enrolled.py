"""What the recogniser made of each name when the list was read aloud, kept on the device.

One file for each speech model in the data folder, readable by its owner only. Words made by one
model mean nothing to another, also not to a later one of the same name: the file says by its
acoustic model which one made them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from device.errors import NamesError
from device.roster import plain

VERSION = 1


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What was learnt from a reading.

    Attributes:
        made_by: ``model_mark`` of the model that made the words; empty when nothing was read.
        words: by plain name.
    """

    made_by: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)


def names_folder(data_folder: Path) -> Path:
    """Where readings are kept."""
    return data_folder / "names"


def enrolled_path(data_folder: Path, model_name: str) -> Path:
    """Where the words of a model are kept."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", model_name)
    return names_folder(data_folder) / f"{safe}.json"


def model_mark(model: Path) -> str:
    """Tells a model's network from any other, also from one of the same name.

    Raises:
        NamesError: the network cannot be read.
    """
    network = next((p for p in (model / "am/final.mdl", model / "final.mdl") if p.is_file()), None)
    if network is None:
        raise NamesError(f"{model} holds no network")
    try:
        with network.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError as error:
        raise NamesError(f"{network} cannot be read: {error.strerror}") from error


def read_enrolled(path: Path) -> Enrolled:
    """What is kept for a model; empty when no list was read aloud.

    Raises:
        NamesError: the file is damaged.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Enrolled()
    except (OSError, ValueError) as error:
        raise NamesError(f"{path} cannot be read: remove it and read the list again") from error
    names = stored.get("names") if isinstance(stored, dict) else None
    if not isinstance(names, dict) or stored.get("version") != VERSION:
        raise NamesError(f"{path} is of another kind: remove it and read the list again")
    words = {
        str(name): tuple(str(words) for words in heard)
        for name, heard in names.items()
        if isinstance(heard, list)
    }
    return Enrolled(str(stored.get("made_by", "")), words)


def write_enrolled(path: Path, made_by: str, heard: Mapping[str, tuple[str, ...]]) -> None:
    """Keep the words of these names; what the same model made of others stays.

    Raises:
        NamesError: the folder cannot be written.
    """
    try:
        known = read_enrolled(path)
    except NamesError:
        known = Enrolled()  # a damaged file is replaced by what is read now
    before = known.words if known.made_by == made_by else {}
    _write(path, Enrolled(made_by, {**before, **heard}))


def forget(data_folder: Path, name: str | None = None) -> int:
    """Remove what was learnt of a name, by whatever model; of all names when none is given.

    Returns:
        In how many readings there was something to remove.

    Raises:
        NamesError: a file cannot be removed, or is damaged so that nobody knows what it holds.
    """
    found = 0
    for path in sorted(names_folder(data_folder).glob("*.json")):
        if name is None:
            _remove(path)
            found += 1
            continue
        known = read_enrolled(path)
        if plain(name) in known.words:
            left = {other: words for other, words in known.words.items() if other != plain(name)}
            _write(path, Enrolled(known.made_by, left))
            found += 1
    return found


def _write(path: Path, enrolled: Enrolled) -> None:
    """An empty reading leaves no file behind."""
    names = {name: list(words) for name, words in enrolled.words.items() if words}
    if not names:
        _remove(path)
        return
    stored = {"version": VERSION, "made_by": enrolled.made_by, "names": names}
    text = json.dumps(stored, ensure_ascii=False, indent=1)
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


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise NamesError(f"{path} cannot be removed: {error.strerror}") from error
