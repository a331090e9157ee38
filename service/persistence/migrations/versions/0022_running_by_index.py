"""Find what runs of a process, and what began in a time, by indexes.

Revision: 0022. After: 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ACTIVE = "state = 'ACTIVE'"


def upgrade() -> None:
    """Add the indexes; ended instances are not in the first."""
    op.create_index(
        "ix_process_instances_active",
        "process_instances",
        ["process_id", "process_key"],
        postgresql_where=sa.text(ACTIVE),
        sqlite_where=sa.text(ACTIVE),
    )
    op.create_index("ix_process_instances_started_at", "process_instances", ["started_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_process_instances_started_at", table_name="process_instances")
    op.drop_index("ix_process_instances_active", table_name="process_instances")
