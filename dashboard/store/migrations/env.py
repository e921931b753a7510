"""Runs migrations on the connection that ``dashboard.store.database`` hands over."""

from __future__ import annotations

from alembic import context

from dashboard.accounts import models as _accounts  # noqa: F401 more tables of Base
from dashboard.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
