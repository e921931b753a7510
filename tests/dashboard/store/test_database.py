"""Opening, migrating, and saying clearly why that does not work."""

from __future__ import annotations

import threading
from pathlib import Path

import old_schema
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from dashboard.errors import DatabaseError
from dashboard.store import queries
from dashboard.store.database import open_database
from dashboard.store.models import Base, Lesson

pytestmark = pytest.mark.unit


def test_the_migrations_build_exactly_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert [] == compare_metadata(context, Base.metadata)


@pytest.mark.parametrize("revision", old_schema.RELEASED)
def test_a_database_of_every_release_keeps_its_lessons(database: str, revision: str) -> None:
    old_schema.make(database, revision)
    engine = open_database(database, writing=True)
    with engine.connect() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection), Base.metadata)
    with Session(engine) as session:
        assert 1 == len(queries.lesson_entries(session, "aula", "lesson0a"))
        assert session.get_one(Lesson, ("aula", "lesson0a")).owner is None
    engine.dispose()


def test_readers_do_not_block_the_writer(database: str, engine: Engine) -> None:
    reader = open_database(database)
    with reader.connect() as reading:
        reading.execute(text("SELECT count(*) FROM event"))
        with engine.begin() as writing:
            writing.execute(text("INSERT INTO boot VALUES ('a', 'b', 1)"))
    with reader.connect() as reading:
        assert 1 == reading.scalar(text("SELECT upto FROM boot"))
    reader.dispose()


def test_commits_of_the_writer_are_on_the_disk(engine: Engine) -> None:
    with engine.connect() as connection:
        assert ("wal", 2) == (
            connection.scalar(text("PRAGMA journal_mode")),
            connection.scalar(text("PRAGMA synchronous")),
        )


def test_processes_that_open_together_migrate_once(database: str) -> None:
    failures: list[BaseException] = []

    def open_it() -> None:
        try:
            open_database(database).dispose()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [] == failures


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////no/such/folder/file",
        "rubbish",
        "postgresql+psycopg://someone:geheim@127.0.0.1:1/nothing",
        "unknowndb://x",
    ],
)
def test_a_database_that_cannot_be_opened_is_one_clear_line(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database(url)
    message = str(caught.value)
    assert message.startswith("cannot open the database")
    assert "\n" not in message
    assert "geheim" not in message


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("this is not a database at all, only a text file\n" * 50)
    with pytest.raises(DatabaseError, match="not a database"):
        open_database(f"sqlite:///{file}")
