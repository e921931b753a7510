"""Unpack a model's archive without trusting it."""

from __future__ import annotations

import os
import re
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from device.errors import ModelError

MOST_FILES = 2_000
#: Official archives unpack to less than four times their size.
MOST_GROWTH = 20
MOST_DEPTH = 10
MOST_NAME = 200
_ENCRYPTED = 0x1
_PIECE_BYTES = 1 << 20
_REFUSED = re.compile(r"[\x00-\x1f\x7f\\:]")


def unpack(archive: Path, folder: Path) -> int:
    """Unpack into ``folder``, which must not exist yet; the archive's single top folder, if it
    has one, is left out.

    Returns:
        The number of bytes written.

    Raises:
        ModelError: the archive is damaged, or holds what a model has no business holding. What
            was written is taken away.
    """
    folder.mkdir(parents=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _members(opened, archive)
            _make_room(folder, sum(item.file_size for item in opened.infolist()))
            return sum(_write(opened, item, folder / name) for item, name in members)
    except ModelError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ModelError(f"the archive is damaged ({error})") from None
    except (OSError, ValueError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ModelError(f"the archive cannot be unpacked ({error})") from None


def _members(opened: zipfile.ZipFile, archive: Path) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Every file with its place, after all of them were looked at."""
    items = opened.infolist()
    if len(items) > MOST_FILES:
        raise ModelError(f"the archive holds {len(items)} files, more than {MOST_FILES}: refused")
    most_bytes = MOST_GROWTH * archive.stat().st_size
    if sum(item.file_size for item in items) > most_bytes:
        raise ModelError(
            f"the archive would grow to more than {MOST_GROWTH} times its size: refused"
        )
    places = [(item, _place(item)) for item in items]
    files = [(item, place) for item, place in places if not item.is_dir()]
    if len({str(place).casefold() for _, place in files}) != len(files):
        raise ModelError("the archive holds a file twice: refused")
    tops = {place.parts[0] for _, place in files}
    if len(tops) == 1 and all(len(place.parts) > 1 for _, place in files):
        return [(item, PurePosixPath(*place.parts[1:])) for item, place in files]
    return files


def _place(item: zipfile.ZipInfo) -> PurePosixPath:
    """Where a member goes, relative to the model's folder."""
    # the name as it stands in the archive: zipfile itself cuts it off at a NUL
    name, path = item.orig_filename, PurePosixPath(item.orig_filename)
    if (
        path.is_absolute()
        or ".." in path.parts
        or not path.parts
        or _REFUSED.search(name)
        or len(name) > MOST_NAME
        or len(path.parts) > MOST_DEPTH
    ):
        raise ModelError(f"the archive holds a file named {name[:80]!r}: refused")
    kind = stat.S_IFMT(item.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ModelError(f"the archive holds {name!r}, which is no ordinary file: refused")
    if item.flag_bits & _ENCRYPTED:
        raise ModelError(f"the archive holds {name!r}, which is encrypted: refused")
    return path


def _make_room(folder: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise ModelError(
            f"{needed_bytes / 1e6:.0f} MB are needed for unpacking in {folder.parent}, "
            f"{free / 1e6:.0f} MB are free"
        )


def _write(opened: zipfile.ZipFile, item: zipfile.ZipInfo, path: Path) -> int:
    """Write one file through to the disk; never more than the archive says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with opened.open(item) as source, path.open("xb") as target:
        while piece := source.read(_PIECE_BYTES):
            written += len(piece)
            if written > item.file_size:
                raise ModelError(f"{item.filename} is longer than the archive says: refused")
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return written
