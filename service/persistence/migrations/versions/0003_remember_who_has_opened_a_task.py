"""Remember who has opened a task.

Revision: 0003. After: 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; every open task is unread at first."""
    op.create_table(
        "task_reads",
        sa.Column("task_key", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task_key", "username", name=op.f("pk_task_reads")),
        comment="Who has opened an open task; a task without a row is unread for him.",
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("task_reads")
