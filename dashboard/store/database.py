"""Opening the database and bringing its tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from dashboard.accounts import models as _accounts  # noqa: F401 owners refer to its tables
from dashboard.errors import DatabaseError
from dashboard.talk import models as _talk  # noqa: F401

DEFAULT_DATABASE = "sqlite:///denkpauze-dashboard.sqlite3"
MIGRATIONS = Path(__file__).parent / "migrations"

#: any number of our own: two processes that start together migrate one after the other
_MIGRATION_LOCK = 3_000_015


def open_database(url: str, *, writing: bool = False) -> Engine:
    """Open and migrate the database.

    Args:
        url: SQLAlchemy address, such as ``sqlite:///file`` or ``postgresql+psycopg://…``.
        writing: whether this process stores events; otherwise ``writing_engine`` is for the
            few transactions that write. A commit is on the disk before it returns, because an
            acknowledged event is deleted on the device, and consent taken back stays so.

    Raises:
        DatabaseError: it cannot be opened, or is newer than this program.
    """
    try:
        address = make_url(url)
        engine = create_engine(address, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            _configure_sqlite(engine)
        migrate(engine)
    except (SQLAlchemyError, CommandError, OSError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise DatabaseError(
            f"cannot open the database {_printable(url)}: {reason}; "
            "check --database and that its folder can be written"
        ) from error
    return engine if writing else engine.execution_options(reading=True)


def migrate(engine: Engine) -> None:
    """Apply the migrations that are missing, once, however many processes start together."""
    with engine.begin() as connection:
        _lock(connection)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})


def writing_engine(engine: Engine) -> Engine:
    """The same database for a transaction that writes, where ``engine`` was opened to read."""
    return engine.execution_options(reading=False)


def _configure_sqlite(engine: Engine) -> None:
    """WAL, so that readers never block ingest; transactions begin where SQLAlchemy says so."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # A writer takes the lock at once: SQLite cannot wait for it in mid-transaction.
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _printable(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "(not an address)"
