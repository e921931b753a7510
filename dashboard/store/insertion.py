"""Inserting what another process may insert at the same moment.

Asking first whether a row is there and inserting it then fails for the second of two processes;
a statement that decides in the database cannot.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dashboard.store.models import Base


def insert_missing(session: Session, model: type[Base], values: dict[str, Any]) -> bool:
    """Insert unless it is there; True when it was not."""
    keys = model.__table__.primary_key
    statement = insert(session, model).values(values).on_conflict_do_nothing()
    # the row comes back only if it is new; a row count is not to be had from every driver
    return session.execute(statement.returning(*keys)).first() is not None


def put(session: Session, model: type[Base], values: dict[str, Any]) -> None:
    """Insert, or overwrite what is there. A row that the session has read is not refreshed."""
    keys = model.__table__.primary_key
    named = {column.name for column in keys}
    changes = {name: value for name, value in values.items() if name not in named}
    statement = insert(session, model).values(values)
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes))


def insert(session: Session, model: type[Base]) -> Any:
    """An insert that can pass over what is there, in the words of the database."""
    table = model.__table__
    assert isinstance(table, Table)
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
