"""Fetch a model and put it where ``find_model`` looks: whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from device.clock import Clock
from device.errors import ModelError
from device.model_store.catalogue import LICENCE_PAGES, OfficialModel
from device.model_store.download import Patience, Watcher, download
from device.model_store.loading import try_model
from device.model_store.tuning import OPTIONS_FILE, ORIGINAL_SUFFIX, tune
from device.model_store.unpack import unpack
from device.models import missing_parts

#: Where a fetched model goes, the first of the usual folders.
MODELS_FOLDER = Path("~/.cache/vosk")
#: Work in progress; its name is no model's, so that nothing half-done is ever found.
WORK_FOLDER = ".fetching"
#: Beside the model: where it came from, and what exactly was fetched.
RECORD = "model.json"
#: An archive and the model that comes out of it, against the archive alone.
ROOM = 3.5
_LICENCE_NAMES = ("licence", "license", "copying", "notice")


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that was fetched, and what was done with it.

    Attributes:
        changed_options: decoding options that were set for a Pi; empty when the maker's stayed.
        recorded_before: whether its hash was known beforehand.
    """

    folder: Path
    sha256: str
    size_bytes: int
    changed_options: dict[str, str]
    recorded_before: bool


def fetch(
    model: OfficialModel,
    clock: Clock,
    folder: Path | None = None,
    watcher: Watcher = Watcher(),  # noqa: B008 - frozen
    on_stage: Callable[[str], None] = lambda _stage: None,
    patience: Patience = Patience(),  # noqa: B008 - frozen
) -> Installed:
    """Download, check, unpack, tune, try and install a model.

    Args:
        folder: where models are kept; ``MODELS_FOLDER`` unless said otherwise.
        on_stage: told what is done after the download, in a few words.

    Raises:
        UnreachableError: the network or the server failed; what was fetched is kept.
        ModelError: anything else; nothing is left behind, and what was installed before stays.
    """
    folder = (folder or MODELS_FOLDER).expanduser()
    work = folder / WORK_FOLDER
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"the folder {work} cannot be made: {error.strerror}") from None
    with _alone(work, model.name):
        part = work / f"{model.name}.zip.part"
        _make_room(folder, model, part)
        sha256 = download(model.source, part, model.size_bounds, clock, watcher, patience)
        if model.sha256 not in (None, sha256):
            part.unlink()
            raise ModelError(
                f"{model.source} is not the file that is known as {model.name}: its SHA-256 is "
                f"{sha256}, not {model.sha256}. Nothing was installed"
            )
        fresh = work / f"{model.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            installed = _prepare(model, part, fresh, sha256, clock.now(), on_stage)
        except ModelError as error:
            raise ModelError(f"{model.name}: {error}. Nothing was installed") from None
        finally:
            part.unlink(missing_ok=True)
        _put(fresh, folder / model.name, work / f"{model.name}.old")
    return Installed(
        folder / model.name,
        sha256,
        installed.size_bytes,
        installed.changed_options,
        model.sha256 is not None,
    )


def record_of(folder: Path) -> dict[str, object]:
    """What was recorded when a model was fetched; empty when it was not fetched by us."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def is_installed(model: OfficialModel, folder: Path | None = None) -> bool:
    """Whether the model's folder is there, with all that a model needs."""
    place = (folder or MODELS_FOLDER).expanduser() / model.name
    return place.is_dir() and not missing_parts(place)


@dataclass(frozen=True, slots=True)
class _Prepared:
    size_bytes: int
    changed_options: dict[str, str]


def _prepare(
    model: OfficialModel,
    part: Path,
    fresh: Path,
    sha256: str,
    now: datetime,
    on_stage: Callable[[str], None],
) -> _Prepared:
    """Unpack, check, tune and try; ``fresh`` is gone again when that fails."""
    on_stage("unpacking")
    size_bytes = unpack(part, fresh)
    try:
        if missing := missing_parts(fresh):
            raise ModelError(f"the archive holds no Vosk model: no {', no '.join(missing)}")
        _keep_licence(model, fresh)
        on_stage("trying it out")
        changed = _tuned_if_it_loads(fresh, model.language)
        record = {
            "name": model.name,
            "language": model.language,
            "licence": model.licence,
            "source": model.source,
            "sha256": sha256,
            "archive_bytes": part.stat().st_size,
            "fetched": now.isoformat(timespec="seconds"),
            "changed_options": changed,
        }
        text = json.dumps(record, indent=1) + "\n"
        (fresh / RECORD).write_text(text, encoding="utf-8")
    except ModelError:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    except (OSError, UnicodeDecodeError) as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise ModelError(f"it cannot be made ready ({error})") from None
    return _Prepared(size_bytes, changed)


def _tuned_if_it_loads(fresh: Path, language: str) -> dict[str, str]:
    """Our options; the maker's again when Vosk does not take ours."""
    changed = tune(fresh)
    try:
        try_model(fresh, language)
    except ModelError:
        if not changed:
            raise
        path = fresh / OPTIONS_FILE
        path.with_name(path.name + ORIGINAL_SUFFIX).replace(path)
        try_model(fresh, language)
        return {}
    return changed


def _keep_licence(model: OfficialModel, fresh: Path) -> None:
    """A model never lies about without its licence, even if its archive has none."""
    if any(path.name.lower().startswith(_LICENCE_NAMES) for path in fresh.iterdir()):
        return
    text = f"{model.name}\nLicence: {model.licence}\n{LICENCE_PAGES.get(model.licence, '')}\n"
    if model.conditions:
        text += f"It asks: {model.conditions}.\n"
    text += f"Fetched from {model.source}, whose archive holds no licence file of its own.\n"
    (fresh / "LICENCE.txt").write_text(text, encoding="utf-8")


@contextmanager
def _alone(work: Path, name: str) -> Iterator[None]:
    """Only one process fetches this model; the lock ends with the process, however it ends."""
    with (work / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ModelError(f"{name} is being fetched already, by another process") from None
        yield


def _make_room(folder: Path, model: OfficialModel, part: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    needed = round(ROOM * model.size_bytes) - have
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelError(
            f"{model.name} needs {needed / 1e6:.0f} MB in {folder}, {free / 1e6:.0f} MB are free"
        )


def _put(fresh: Path, place: Path, old: Path) -> None:
    """Exchange by renaming, so that there is never half a model in the place."""
    try:
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        fresh.rename(place)
        descriptor = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if old.exists() and not place.exists():
            old.rename(place)
        raise ModelError(f"{place} cannot be put in place: {error.strerror}") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
