"""Looks at a journal without changing anything: it may belong to the service."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from device.journal import schema


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a journal is like.

    Attributes:
        waiting: events that the receiver has not acknowledged; ``None`` when that is not known.
        problem: why it cannot be used as it is, in one line; empty when all is well.
        in_use: a lesson is being heard, which checked it when it began.
        set_aside: damaged journals of earlier, which are kept beside it.
    """

    waiting: int | None = None
    problem: str = ""
    in_use: bool = False
    set_aside: tuple[Path, ...] = ()


def inspect(path: Path) -> Inspection:
    """Check the pages of the journal at ``path`` and count what waits in it.

    Raises:
        OSError: this user may not read it.
    """
    aside = tuple(each for each in path.parent.glob(f"{path.name}.damaged-*") if _is_main(each))
    if not path.exists():
        return Inspection(waiting=0, set_aside=aside)
    if _in_use(path):
        return Inspection(in_use=True, set_aside=aside)
    with path.open("rb"):
        pass  # SQLite would say less clearly that it may not be read
    try:
        return Inspection(waiting=_waiting(path), set_aside=aside)
    except sqlite3.Error as error:
        damaged = schema.means_damage(error)
        problem = f"{path} is damaged" if damaged else str(schema.explain(error, path))
        return Inspection(problem=problem, set_aside=aside)


def _is_main(path: Path) -> bool:
    return not path.name.endswith(("-wal", "-shm"))


def _in_use(path: Path) -> bool:
    lock = path.with_name(path.name + ".lock")
    try:
        with lock.open("rb") as holder:
            fcntl.flock(holder, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _waiting(path: Path) -> int:
    """SQLite would make files beside a journal that it opens, owned by whoever looks."""
    log = path.with_name(path.name + "-wal")
    if not log.exists():
        return _check(f"{path.absolute().as_uri()}?immutable=1")
    with tempfile.TemporaryDirectory(prefix="denkpauze-") as folder:  # after a crash
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
        return _check(copy.as_uri())


def _check(uri: str) -> int:
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
        if schema.is_damaged(connection):
            raise sqlite3.DatabaseError("the check of its pages found damage")
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (waiting,) = connection.execute(schema.COUNT_WAITING if tables else "SELECT 0").fetchone()
        return int(waiting)
