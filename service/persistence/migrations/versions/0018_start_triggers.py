"""Keep what has come of parallel multiple start events until nothing is missing.

Revision: 0018. After: 0017.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Create the table, and say which definition of its event a start or timer belongs to."""
    op.create_table(
        "start_triggers",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("process_key", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("message_key", sa.BigInteger(), nullable=True),
        sa.Column("message_name", sa.Text(), nullable=True),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        comment="What has come of parallel multiple start events that still lack something.",
    )
    op.create_index(
        "ix_start_triggers_process_id_element_id", "start_triggers", ["process_id", "element_id"]
    )
    for table in ("start_events", "timers"):
        op.add_column(table, sa.Column("part", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop them."""
    for table in ("timers", "start_events"):
        op.drop_column(table, "part")
    op.drop_table("start_triggers")
