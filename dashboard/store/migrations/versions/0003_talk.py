"""The talk about a lesson: notes, and what the teacher expected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("device", sa.String(32), nullable=False),
        sa.Column("lesson", sa.String(26), nullable=False),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("t", sa.Double()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
    )
    op.create_index("note_lesson", "note", ["device", "lesson"])
    op.create_table(
        "guess",
        sa.Column("device", sa.String(32), primary_key=True),
        sa.Column("lesson", sa.String(26), primary_key=True),
        sa.Column("pause_s", sa.Double()),
        sa.Column("order_share", sa.Double()),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["device", "lesson"], ["lesson.device", "lesson.id"]),
    )


def downgrade() -> None:
    op.drop_table("guess")
    op.drop_table("note")
