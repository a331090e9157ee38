"""Drop what has come of a parallel start, while its message could still come again.

Revision: 0028. After: 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing is dropped yet."""
    op.add_column("start_triggers", sa.Column("dropped_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Remove it, and what was dropped."""
    op.execute("DELETE FROM start_triggers WHERE dropped_at IS NOT NULL")
    op.drop_column("start_triggers", "dropped_at")
