"""Fetch one file into a part file, going on where an earlier attempt ended."""

from __future__ import annotations

import hashlib
import http.client
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device.clock import Clock
from device.errors import ModelError
from device.model_store.http import RangeError, UnreachableError, get

PIECE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download may take to do nothing.

    Attributes:
        silence_s: longest time without a single byte.
        window_s, least_bytes: a connection that brings less than this much in this time has
            stalled, even if a byte comes now and then.
        attempts: connections in a row that bring nothing new.
        pause_s: before the second attempt; doubled for each further one.
    """

    silence_s: float = 20.0
    window_s: float = 60.0
    least_bytes: int = 60_000
    attempts: int = 4
    pause_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how it goes: position and total in bytes, and each redirect."""

    progress: Callable[[int, int], None] = lambda _done, _total: None
    redirect: Callable[[str], None] = lambda _address: None


def download(
    address: str,
    part: Path,
    bounds: tuple[int, int],
    clock: Clock,
    watcher: Watcher = Watcher(),
    patience: Patience = Patience(),
) -> str:
    """Complete ``part`` from ``address``.

    Args:
        bounds: least and most bytes that the whole file can have.

    Returns:
        The SHA-256 of the file, in hexadecimal.

    Raises:
        UnreachableError: it could not be completed now; ``part`` is kept and the next call goes on.
        ModelError: the server sends something else than was asked for.
    """
    failed = 0
    while True:
        before = _size(part)
        try:
            _attempt(address, part, bounds, clock, watcher, patience)
        except UnreachableError:
            failed = 1 if _size(part) > before else failed + 1
            if failed >= patience.attempts:
                raise
            clock.sleep(patience.pause_s * 2 ** (failed - 1))
        except OSError as error:
            if isinstance(error, ModelError):
                raise
            raise ModelError(f"{part} cannot be written: {error.strerror}") from None
        else:
            return sha256(part)


def sha256(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _attempt(
    address: str,
    part: Path,
    bounds: tuple[int, int],
    clock: Clock,
    watcher: Watcher,
    patience: Patience,
) -> None:
    """One connection, to its end."""
    least, most = bounds
    have = _size(part)
    if have > most:
        part.unlink()
        have = 0
    try:
        answer = get(address, have, patience.silence_s, watcher.redirect)
    except RangeError:
        # what we have is the whole file already, or of another file: only a fresh start tells
        part.unlink()
        raise UnreachableError("what was fetched before does not fit: fetched anew") from None
    with answer:
        first, total = _extent(answer, have)
        if total is not None and not least <= total <= most:
            raise ModelError(
                f"{address} has {total} bytes, where {least} to {most} were expected: not fetched"
            )
        with part.open("ab") as file:
            file.truncate(first)
            _receive(answer, file.write, first, total or most, clock, watcher, patience)
    done = _size(part)
    if done < (total or least):
        raise UnreachableError(f"the connection broke off after {done} of {total or least} bytes")


def _extent(answer: http.client.HTTPResponse, have: int) -> tuple[int, int | None]:
    """Where the answer begins in the file, and how long the file is (``None``: not said)."""
    if answer.status == 206:
        match = re.fullmatch(
            r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", "").strip()
        )
        if match is None or int(match[1]) != have:
            raise ModelError("the server sends another part of the file than was asked for")
        return have, int(match[2])
    length = answer.headers.get("Content-Length")
    return 0, int(length) if length is not None and length.isdecimal() else None


def _receive(
    answer: http.client.HTTPResponse,
    write: Callable[[bytes], object],
    done: int,
    most: int,
    clock: Clock,
    watcher: Watcher,
    patience: Patience,
) -> None:
    watcher.progress(done, most)
    window_began, window_bytes = clock.monotonic(), 0
    while True:
        try:
            piece = answer.read1(PIECE_BYTES)
        except TimeoutError:
            raise UnreachableError(f"nothing came for {patience.silence_s:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(f"the connection broke off ({error})") from None
        if not piece:
            return
        if done + len(piece) > most:
            raise ModelError(f"the server sends more than the {most} bytes that it may: given up")
        write(piece)
        done += len(piece)
        window_bytes += len(piece)
        watcher.progress(done, most)
        now = clock.monotonic()
        if now - window_began >= patience.window_s:
            if window_bytes < patience.least_bytes:
                raise UnreachableError(f"only {window_bytes} bytes came in {patience.window_s:g} s")
            window_began, window_bytes = now, 0


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
