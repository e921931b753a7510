"""A database as an earlier release left it, with a lesson in it."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, text

from dashboard.store.database import MIGRATIONS

RELEASED = ("0001", "0004")

_ROWS = (
    "INSERT INTO device (id, first_seen) VALUES ('aula', '2026-11-16 08:30:00')",
    "INSERT INTO lesson (device, id, started, last_t)"
    " VALUES ('aula', 'lesson0a', '2026-11-16 08:30:00', 60)",
    "INSERT INTO event (id, device, lesson, boot, seq, wall, kind, t, body, received_at)"
    " VALUES ('00000000000000a1-000001', 'aula', 'lesson0a', '00000000000000a1', 1,"
    " '2026-11-16 08:31:00', 'lesson_ended', 60,"
    """ '{"kind": "lesson_ended", "t": 60, "reason": "button"}', '2026-11-16 08:31:00')""",
    "INSERT INTO receiver (id, connected, seen_at) VALUES (1, true, '2026-11-16 08:31:00')",
)


def make(url: str, revision: str) -> None:
    """Bring an empty database to a released revision and put a lesson into it."""
    engine: Engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for row in _ROWS:
            connection.execute(text(row))
    engine.dispose()
