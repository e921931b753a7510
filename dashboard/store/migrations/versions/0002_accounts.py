"""Accounts: log-ins, invitations, owners, shares, consent, deletions, outgoing messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _owners()
    _consent()
    _deletion()


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False, unique=True),
        sa.Column("full_name", sa.String(60), nullable=False),
        sa.Column("role", sa.String(14), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "login",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_login_account", "login", ["account"])
    op.create_table(
        "invitation",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("role", sa.String(14), nullable=False),
        sa.Column("full_name", sa.String(60), nullable=False),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id")),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
    )


def _owners() -> None:
    # In words of SQL: Alembic would copy the table on SQLite, which its foreign keys forbid.
    for table in ("device", "lesson"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN owner INTEGER REFERENCES account (id)")
    op.create_index("lesson_owner", "lesson", ["owner", "started"])


def _consent() -> None:
    op.create_table(
        "share",
        sa.Column("device", sa.String(32), primary_key=True),
        sa.Column("lesson", sa.String(26), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
    )
    op.create_index("share_account", "share", ["account"])
    op.create_table(
        "watch",
        sa.Column("device", sa.String(32), sa.ForeignKey("device.id"), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("asked", sa.DateTime(), nullable=False),
        sa.Column("allowed_until", sa.DateTime()),
    )


def _deletion() -> None:
    op.create_table(
        "deleted_lesson",
        sa.Column("device", sa.String(32), primary_key=True),
        sa.Column("lesson", sa.String(26), primary_key=True),
        sa.Column("deleted", sa.DateTime(), nullable=False),
    )
    op.add_column("receiver", sa.Column("retention_days", sa.Integer()))
    op.create_table(
        "outgoing",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("retain", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime()),
    )


def downgrade() -> None:
    for table in ("outgoing", "deleted_lesson", "watch", "share"):
        op.drop_table(table)
    op.drop_column("receiver", "retention_days")
    op.drop_index("lesson_owner", "lesson")
    for table in ("lesson", "device"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN owner")
    for table in ("invitation", "login", "account"):
        op.drop_table(table)
