"""A bundle as ``make bundle`` packs it: opened, checked, and nothing taken on trust."""

from __future__ import annotations

import hashlib
import re
import shutil
import tarfile
from pathlib import Path, PurePosixPath

from device.errors import SetupError

SUMS = "SHA256SUMS"
VERSION = "VERSION"
_VERSION = re.compile(r"\d+(\.\d+){1,3}([a-z0-9.+]*)")


def unpack(file: Path, folder: Path) -> str:
    """Unpack a bundle into ``folder`` and compare every file with its sum.

    Returns:
        The version.

    Raises:
        SetupError: it is no bundle, or a file is damaged, missing or too many.
    """
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                _take_out(archive, member, folder)
    except (OSError, tarfile.TarError) as error:
        raise SetupError(f"{file} is no bundle of Denkpauze: {error}") from None
    _check(file, folder)
    try:
        version = (folder / VERSION).read_text().strip()
    except OSError:
        version = ""
    if not _VERSION.fullmatch(version):
        raise SetupError(f"{file} does not say which version it is: make it again")
    return version


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """A plain file, in its place below the folder; nothing else.

    Not ``extract``: the Python of bookworm does not know its filters yet.

    Raises:
        tarfile.TarError: it would lie outside.
    """
    inside = PurePosixPath(*PurePosixPath(member.name).parts[1:])
    content = archive.extractfile(member) if member.isreg() else None
    if content is None:
        return
    if inside.is_absolute() or ".." in inside.parts:
        raise tarfile.TarError(f"{member.name} leads out of it")
    target = folder / inside
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("xb") as file:
        shutil.copyfileobj(content, file)
    target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _check(file: Path, folder: Path) -> None:
    try:
        lines = (folder / SUMS).read_text().splitlines()
    except OSError:
        raise SetupError(f"{file} is no bundle of Denkpauze: it has no {SUMS}") from None
    expected = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != SUMS
    }
    wrong = sorted(
        name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
    )
    if wrong:
        raise SetupError(f"{file} is damaged ({wrong[0]}): copy it again. Nothing was changed")
