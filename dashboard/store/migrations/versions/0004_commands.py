"""Commands to a device that measures, and whether its signals are muted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("live", sa.Column("cues_muted", sa.Boolean()))
    op.create_table(
        "command",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("device", sa.String(32), nullable=False),
        sa.Column("lesson", sa.String(26), nullable=False),
        sa.Column("sent", sa.DateTime(), nullable=False),
        sa.Column("result", sa.String(12)),
        sa.ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
    )
    op.create_index("command_device", "command", ["device", "sent"])


def downgrade() -> None:
    op.drop_table("command")
    op.drop_column("live", "cues_muted")
