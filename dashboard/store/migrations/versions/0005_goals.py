"""Goals of a teacher, with lessons under them, and shared as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("owner", sa.Integer(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_goal_owner", "goal", ["owner"])
    op.create_table(
        "goal_share",
        sa.Column("goal", sa.Integer(), sa.ForeignKey("goal.id"), primary_key=True),
        sa.Column("account", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("created", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_goal_share_account", "goal_share", ["account"])
    # In words of SQL: Alembic would copy the table on SQLite, which its foreign keys forbid.
    op.execute("ALTER TABLE lesson ADD COLUMN goal INTEGER REFERENCES goal (id)")
    op.create_index("ix_lesson_goal", "lesson", ["goal"])


def downgrade() -> None:
    op.drop_index("ix_lesson_goal", "lesson")
    op.execute("ALTER TABLE lesson DROP COLUMN goal")
    op.drop_table("goal_share")
    op.drop_table("goal")
