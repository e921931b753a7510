"""Removing what a device keeps: overwritten, then deleted.

Overwriting reaches the blocks that the file has. A memory card moves blocks as it likes and may
keep an old copy that no program can reach any more; whoever must be sure destroys the card.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from device.errors import JournalError, WipeError
from device.journal import schema
from device.names.enrolled import names_folder
from device.settings_file import LoadedSettings

JOURNAL = "journal.sqlite"
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to remove.

    Attributes:
        journal: where the journal is or would be; nobody may be writing it meanwhile.
        files: everything that will be gone, the journal first.
        lessons: lessons in the journal; ``None`` when it cannot be read.
        unsent: events that never reached a dashboard.
        outside: a class list that lies elsewhere and stays.
    """

    journal: Path
    files: tuple[Path, ...]
    lessons: int | None
    unsent: int | None
    outside: Path | None


def find(loaded: LoadedSettings, *, with_settings: bool) -> Found:
    """Look at the data folder; nothing is changed."""
    settings = loaded.settings
    folder = settings.device.data_folder
    lessons, unsent = _counts(folder / JOURNAL)  # SQLite makes files to read with: look later
    files = [path for path in sorted(folder.glob(f"{JOURNAL}*")) if path.is_file()]
    files += [path for path in sorted(names_folder(folder).glob("*")) if path.is_file()]
    roster = settings.lesson.roster
    outside = None
    if roster is not None and roster.is_file():
        if roster.resolve().is_relative_to(folder.resolve()):
            files.append(roster)
        else:
            outside = roster
    if with_settings:
        own = (settings.mqtt.password_file, loaded.path)
        files += [path for path in own if path is not None and path.is_file()]
    return Found(folder / JOURNAL, tuple(files), lessons, unsent, outside)


def wipe(found: Found) -> None:
    """Overwrite and delete it all.

    Raises:
        JournalError: a lesson is going on.
        WipeError: a file cannot be removed; what came before it is gone.
    """
    if found.journal.parent.is_dir():
        with schema.lock(found.journal):
            _remove_all(found.files)
            _remove_all([found.journal.with_name(JOURNAL + ".lock")])
    else:
        _remove_all(found.files)


def forget_lesson(journal: Path, lesson: str, *, sends: bool) -> None:
    """Take one lesson out of the journal, its pages overwritten.

    Args:
        journal: path of the journal.
        lesson: id.
        sends: a broker is set; then events that still wait for it may not be taken out of their
            sequence, or the receiver would wait for them for ever.

    Raises:
        JournalError: no such lesson, it is still being sent or heard, or the disk refuses.
    """
    if not journal.is_file():
        raise JournalError(f"there is no journal at {journal}, so no lesson {lesson} either")
    with schema.lock(journal):
        try:
            connection = schema.connect(journal)
            try:
                _take_out(connection, lesson, sends)
                left = _linked(journal.with_name(journal.name + "-wal"))
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise schema.explain(error, journal) from error
        _remove_all([left] if left is not None else [])


def _linked(path: Path) -> Path | None:
    """A second name for a file that SQLite will delete without overwriting it."""
    link = path.with_name(path.name + ".wiped")
    try:
        link.unlink(missing_ok=True)
        link.hardlink_to(path)
    except OSError:  # there is no such file, or the file system knows no second names
        return None
    return link


def _take_out(connection: sqlite3.Connection, lesson: str, sends: bool) -> None:
    execute = connection.execute
    execute("PRAGMA secure_delete = ON").fetchall()
    if execute("SELECT 1 FROM lesson WHERE id = ?", (lesson,)).fetchone() is None:
        raise JournalError(f"there is no lesson {lesson} in the journal")
    ((unsent,),) = execute(
        "SELECT count(*) FROM event JOIN outbox ON outbox.boot = event.boot"
        " WHERE lesson = ? AND event.seq > outbox.acknowledged",
        (lesson,),
    ).fetchall()
    if unsent and sends:
        raise JournalError(
            f"{unsent} events of lesson {lesson} are not sent yet: connect the device to its "
            "broker first, or wipe everything"
        )
    execute("BEGIN IMMEDIATE")
    execute(  # what was never meant to be sent is not sent later, with a hole in it
        "DELETE FROM outbox WHERE boot IN (SELECT boot FROM event WHERE lesson = ?)", (lesson,)
    )
    execute("DELETE FROM heartbeat WHERE lesson = ?", (lesson,))
    execute("DELETE FROM event WHERE lesson = ?", (lesson,))
    execute("DELETE FROM lesson WHERE id = ?", (lesson,))
    execute("COMMIT")
    # first the zeros into the pages, then the pages together: the file gives none away unwiped
    execute("PRAGMA wal_checkpoint(FULL)").fetchall()
    execute("VACUUM")
    execute("PRAGMA wal_checkpoint(FULL)").fetchall()


def _counts(journal: Path) -> tuple[int | None, int | None]:
    """Lessons and events never sent, as far as the journal can be read."""
    if not journal.is_file():
        return 0, 0
    try:
        connection = sqlite3.connect(f"{journal.resolve().as_uri()}?mode=ro", uri=True)
        try:
            ((lessons,),) = connection.execute("SELECT count(*) FROM lesson").fetchall()
            ((unsent,),) = connection.execute(
                "SELECT count(*) FROM event JOIN outbox ON outbox.boot = event.boot"
                " WHERE event.seq > outbox.acknowledged"
            ).fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return None, None
    return int(lessons), int(unsent)


def _remove_all(files: tuple[Path, ...] | list[Path]) -> None:
    for path in files:
        try:
            _overwrite(path)
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise WipeError(
                f"{path} cannot be removed ({error.strerror}): run this as its owner, or as root"
            ) from error


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(bytes(min(left, _PIECE_BYTES)))
        file.flush()
        os.fsync(file.fileno())
