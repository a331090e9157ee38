"""Find all that job statistics count as failures: errors that were thrown and times that ran out, too.

Revision: 0038. After: 0037.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

FAILED = "kind = 'job.failed'"
FAILURES = "kind IN ('job.failed', 'job.error_thrown', 'job.timed_out')"


def upgrade() -> None:
    """Have the index hold all three kinds."""
    _replace(FAILURES)


def downgrade() -> None:
    """Have it hold the failures that workers report, as before."""
    _replace(FAILED)


def _replace(condition: str) -> None:
    op.drop_index("ix_events_failed_jobs", table_name="events")
    op.create_index(
        "ix_events_failed_jobs",
        "events",
        ["at"],
        postgresql_where=sa.text(condition),
        sqlite_where=sa.text(condition),
    )
