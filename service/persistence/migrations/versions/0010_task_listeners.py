"""Keep what task listeners are asked about.

Revision: 0010. After: 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

COMMENT = "What was asked of a user task whose listeners answer first; `outcome` when they have."
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of changes, and what a listener's job says of them."""
    op.create_table(
        "user_task_changes",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task_key", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_user_task_changes")),
        comment=COMMENT,
    )
    op.create_index(op.f("ix_user_task_changes_task_key"), "user_task_changes", ["task_key"])
    op.add_column("jobs", sa.Column("task_changes", JSON, nullable=True))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("jobs", "task_changes")
    op.drop_table("user_task_changes")
