"""Change one key of a settings file, and leave every other character of it as it is."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tomllib
from pathlib import Path

from device.errors import SettingsError
from device.toml_text import toml_value

BYTE_ORDER_MARK = "\ufeff"
_HEADER = re.compile(r"^\s*\[+\s*([^\]]*?)\s*\]+\s*(#.*)?$")


def set_in_file(path: Path, section: str, key: str, value: Path | str) -> None:
    """Set ``[section] key`` in a settings file; the file is made when it is not there.

    Raises:
        SettingsError: the file cannot be read or written, or is written in a way that cannot be
            changed by line: it is left as it was.
    """
    path = path.expanduser()
    before = _read(path)
    mark = BYTE_ORDER_MARK if before.startswith(BYTE_ORDER_MARK) else ""
    before = before.removeprefix(mark)
    after = with_key(before, section, key, value)
    wanted = tomllib.loads(before)
    wanted.setdefault(section, {})[key] = str(value)
    try:
        right = tomllib.loads(after) == wanted
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        raise SettingsError(
            f"{path} cannot be changed by this command; write there under [{section}]: "
            f"{key} = {toml_value(value)}"
        )
    _write(path, mark + after)


def with_key(text: str, section: str, key: str, value: Path | str) -> str:
    """The text with the key set: in its line, else under its section, else at the end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    written = f"{key} = {toml_value(value)}"
    start = next((at for at, line in enumerate(lines) if _section(line) == section), None)
    if start is None:
        head = text if not text or text.endswith(newline) else text + newline
        blank = newline if head else ""
        return f"{head}{blank}[{section}]{newline}{written}{newline}"
    end = next(
        (at for at in range(start + 1, len(lines)) if _section(lines[at]) is not None), len(lines)
    )
    own = re.compile(rf"^\s*{re.escape(key)}\s*=\s*(?:\"[^\"\\]*\"|'[^']*')\s*(#.*)?$")
    commented = re.compile(rf"^\s*#\s*{re.escape(key)}\s*=")
    for at in range(start + 1, end):
        if match := own.match(lines[at]):
            lines[at] = f"{written}  {match[1]}" if match[1] else written
            return newline.join(lines)
    example = [at for at in range(start + 1, end) if commented.match(lines[at])]
    lines.insert((example[-1] if example else start) + 1, written)
    return newline.join(lines)


def _section(line: str) -> str | None:
    match = _HEADER.match(line)
    return match[1] if match else None


def _read(path: Path) -> str:
    if not path.exists():
        return "version = 1\n"
    try:
        # bytes, so that line ends stay as they are
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SettingsError(f"settings file {path} cannot be read: {error.strerror}") from None


def _write(path: Path, text: str) -> None:
    """Whole or not at all, with the rights that the file had; a link stays a link."""
    place = path.resolve()
    part = place.with_name(place.name + ".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)
        part.write_bytes(text.encode("utf-8"))
        if place.exists():
            shutil.copymode(place, part)
            state = place.stat()
            if (state.st_uid, state.st_gid) != (part.stat().st_uid, part.stat().st_gid):
                os.chown(part, state.st_uid, state.st_gid)
        else:
            part.chmod(0o644)
        part.replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise SettingsError(
            f"settings file {path} cannot be written: {error.strerror}; "
            "do it as the user whom it belongs to"
        ) from None
