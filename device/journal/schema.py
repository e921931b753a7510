"""Opening the journal's file: lock, damage, schema version and the durability settings."""

from __future__ import annotations

import fcntl
import sqlite3
from pathlib import Path
from typing import IO

from device.clock import Clock
from device.errors import JournalError

#: «DKPZ»: marks the file as ours, so that no other program's database is ever written to.
APPLICATION_ID = 0x444B505A
SCHEMA_VERSION = 2
#: How long one connection waits for the other's transaction before it gives up.
BUSY_TIMEOUT_MS = 5_000
#: Events are appended and read once: a cache would only grow with the journal.
CACHE_KIB = 256
#: The write-ahead log is cut back to this size once its content has moved into the file.
LOG_SIZE_LIMIT_BYTES = 4 * 1024 * 1024

# ``event`` is clustered by boot and number, the order in which everything is read. The outbox
# holds one row per boot, how far the receiver has acknowledged it, because acknowledgements are
# cumulative: an event then costs no outbox page of its own on the card.
_HEARTBEAT = """
CREATE TABLE heartbeat (
    lesson TEXT PRIMARY KEY REFERENCES lesson (id),
    t REAL NOT NULL,
    kernel_boot TEXT NOT NULL,
    since_boot_s REAL NOT NULL,
    wall TEXT NOT NULL,
    synchronised INTEGER NOT NULL
) WITHOUT ROWID;
"""

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE boot (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    opened TEXT NOT NULL
);
CREATE TABLE lesson (
    id TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    anchor_wall TEXT NOT NULL,
    anchor_t REAL NOT NULL,
    ended TEXT
);
CREATE TABLE event (
    boot INTEGER NOT NULL REFERENCES boot (number),
    seq INTEGER NOT NULL,
    lesson TEXT NOT NULL REFERENCES lesson (id),
    envelope BLOB NOT NULL,
    PRIMARY KEY (boot, seq)
) WITHOUT ROWID;
CREATE INDEX event_lesson ON event (lesson);
CREATE TABLE outbox (
    boot INTEGER PRIMARY KEY REFERENCES boot (number),
    acknowledged INTEGER NOT NULL DEFAULT 0
);
{_HEARTBEAT}
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""

#: What pages that are whole may hold and no Denkpauze wrote: SQLite keeps any value in any column.
_IMPOSSIBLE = """
SELECT 1 FROM boot WHERE number < 1 OR typeof(id) != 'text' OR typeof(opened) != 'text'
UNION ALL SELECT 1 FROM lesson WHERE typeof(id) != 'text' OR typeof(device) != 'text'
    OR typeof(anchor_wall) != 'text' OR typeof(anchor_t) != 'real'
    OR typeof(ended) NOT IN ('text', 'null')
UNION ALL SELECT 1 FROM event WHERE typeof(seq) != 'integer' OR seq NOT BETWEEN 1 AND 9999999999
    OR typeof(envelope) != 'blob'
UNION ALL SELECT 1 FROM outbox WHERE typeof(acknowledged) != 'integer' OR acknowledged < 0
UNION ALL SELECT 1 FROM heartbeat WHERE typeof(t) != 'real' OR typeof(kernel_boot) != 'text'
    OR typeof(since_boot_s) != 'real' OR typeof(wall) != 'text'
    OR typeof(synchronised) != 'integer'
UNION ALL SELECT 1 FROM pragma_foreign_key_check
LIMIT 1
"""

COUNT_WAITING = (
    "SELECT count(*) FROM outbox CROSS JOIN event"
    " ON event.boot = outbox.boot AND event.seq > outbox.acknowledged"
)

#: what brings a journal of an earlier version one version further
_UPGRADES = {1: f"BEGIN IMMEDIATE; {_HEARTBEAT} PRAGMA user_version = 2; COMMIT;"}


def explain(error: Exception, path: Path) -> JournalError:
    """The same failure in one line that says what to do."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    advice = {
        sqlite3.SQLITE_FULL: "the disk is full: free some space",
        sqlite3.SQLITE_READONLY: "it is read-only: check the owner, the mount and the card",
        sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check that the folder exists and is ours",
        sqlite3.SQLITE_BUSY: "another program keeps it locked: close that program",
        sqlite3.SQLITE_CORRUPT: "it is damaged: restart, and it is set aside and begun anew",
        sqlite3.SQLITE_NOTADB: "it is damaged: restart, and it is set aside and begun anew",
        sqlite3.SQLITE_IOERR: "the disk refuses to read or write: check its space and the card",
    }.get(primary or 0, "check the disk and the rights on the folder")
    return JournalError(f"journal {path}: {advice} ({error})")


def lock(path: Path) -> IO[bytes]:
    """Take the right to write this journal; it ends with the file or the process.

    Raises:
        JournalError: another process has it, or the folder cannot be written.
    """
    lock_path = path.with_name(path.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        holder = lock_path.open("ab")
    except OSError as error:
        raise explain(error, path) from error
    try:
        fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder.close()
        raise JournalError(
            f"journal {path} is in use by another Denkpauze: stop that one, or set another journal"
        ) from error
    return holder


def connect(path: Path) -> sqlite3.Connection:
    """A connection with the durability that ``docs/telemetry.md`` promises.

    Write-ahead log with ``synchronous = FULL``: a commit has reached the card when it returns.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA journal_size_limit = {LOG_SIZE_LIMIT_BYTES}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_checked(path: Path, clock: Clock) -> tuple[sqlite3.Connection, Path | None]:
    """Open or create the journal; a damaged file is set aside, never deleted.

    Returns:
        the connection, and where a damaged file now is (``None`` when all was well).

    Raises:
        JournalError: newer schema, somebody else's database, or the disk refuses.
    """
    try:
        connection = connect(path)
        try:
            if is_damaged(connection):
                raise sqlite3.DatabaseError("the check of its pages found damage")
            _migrate(connection, path)
            if connection.execute(_IMPOSSIBLE).fetchall():
                raise sqlite3.DatabaseError("no Denkpauze wrote what it holds")
        except BaseException:
            connection.close()
            raise
        return connection, None
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if not content_means_damage(error):
            raise explain(error, path) from error
    return begin_anew(path, clock)


def begin_anew(path: Path, clock: Clock) -> tuple[sqlite3.Connection, Path]:
    """Set the damaged file aside and create the journal again.

    Raises:
        JournalError: the disk refuses.
    """
    aside = _set_aside(path, clock)
    try:
        connection = connect(path)
        _migrate(connection, path)
    except sqlite3.Error as error:
        raise explain(error, path) from error
    return connection, aside


def content_means_damage(error: Exception) -> bool:
    """Whether pages that are whole hold what no Denkpauze wrote, as after a flipped bit."""
    if not isinstance(error, sqlite3.Error):
        return isinstance(error, ValueError | TypeError | LookupError | OverflowError)
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return means_damage(error) or code in (
        sqlite3.SQLITE_ERROR,  # a table or column has another name
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
    )


def is_damaged(connection: sqlite3.Connection) -> bool:
    """Whether SQLite's check of the pages finds anything; it raises on some damage itself."""
    try:
        return connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]
    except UnicodeDecodeError:  # it names what is damaged, and the name is damaged as well
        return True


def means_damage(error: sqlite3.Error) -> bool:
    """Whether a new file would help; trouble with the disk is something else."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != APPLICATION_ID:
        raise JournalError(
            f"{path} is a database of another program: name another file for the journal"
        )
    if version > SCHEMA_VERSION:
        raise JournalError(
            f"journal {path} was made by a newer Denkpauze (schema {version}, this one knows "
            f"{SCHEMA_VERSION}): update Denkpauze, or name another file for the journal"
        )
    if not tables:
        connection.executescript(_SCHEMA)
        return
    for known in range(version, SCHEMA_VERSION):
        connection.executescript(_UPGRADES[known])


def _set_aside(path: Path, clock: Clock) -> Path:
    stamp = clock.now().strftime("%Y%m%dT%H%M%S")
    for attempt in range(100):
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{attempt:02d}")
        if not aside.exists():
            break
    try:
        for suffix in ("-wal", "-shm"):
            companion = path.with_name(path.name + suffix)
            if companion.exists():
                companion.replace(aside.with_name(aside.name + suffix))
        path.replace(aside)
    except OSError as error:
        raise JournalError(
            f"journal {path} is damaged and cannot be set aside: rename it by hand ({error})"
        ) from error
    return aside
