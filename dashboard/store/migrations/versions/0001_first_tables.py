"""First tables: device, lesson, event, boot, live, receiver."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _devices_and_lessons()
    _events()
    _latest_states()


def _devices_and_lessons() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.Column("software", sa.String(40)),
        sa.Column("recogniser", sa.String(60)),
        sa.Column("language", sa.String(2)),
    )
    op.create_table(
        "lesson",
        sa.Column("device", sa.String(32), sa.ForeignKey("device.id"), primary_key=True),
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("started", sa.DateTime(), nullable=False),
        sa.Column("mode", sa.String(8)),
        sa.Column("language", sa.String(2)),
        sa.Column("target_s", sa.Double()),
        sa.Column("roster_size", sa.Integer()),
        sa.Column("recogniser", sa.String(60)),
        sa.Column("clock_synchronised", sa.Boolean()),
        sa.Column("ended_reason", sa.String(20)),
        sa.Column("last_t", sa.Double(), nullable=False),
    )


def _events() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "event",
        sa.Column("number", number, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(27), nullable=False),
        sa.Column("device", sa.String(32), nullable=False),
        sa.Column("lesson", sa.String(26), nullable=False),
        sa.Column("boot", sa.String(16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("wall", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("t", sa.Double(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("id", name="event_id"),
        sa.UniqueConstraint("device", "boot", "seq", name="event_device_boot_seq"),
        sa.ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
    )
    op.create_index("event_lesson", "event", ["device", "lesson"])
    op.create_table(
        "boot",
        sa.Column("device", sa.String(32), primary_key=True),
        sa.Column("boot", sa.String(16), primary_key=True),
        sa.Column("upto", sa.BigInteger(), nullable=False),
    )


def _latest_states() -> None:
    op.create_table(
        "live",
        sa.Column("device", sa.String(32), sa.ForeignKey("device.id"), primary_key=True),
        sa.Column("lesson", sa.String(26)),
        sa.Column("t", sa.Double()),
        sa.Column("phase", sa.String(12)),
        sa.Column("think_s", sa.Double()),
        sa.Column("target_s", sa.Double()),
        sa.Column("muted", sa.Boolean()),
        sa.Column("microphone", sa.String(8)),
        sa.Column("received_at", sa.DateTime()),
        sa.Column("state", sa.String(12)),
        sa.Column("status_boot", sa.String(16)),
        sa.Column("status_lesson", sa.String(26)),
        sa.Column("status_since", sa.DateTime()),
        sa.Column("status_received_at", sa.DateTime()),
    )
    op.create_table(
        "receiver",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    for table in ("receiver", "live", "boot", "event", "lesson", "device"):
        op.drop_table(table)
