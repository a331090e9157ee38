"""Keep with a listener's job why it denied what its user task was about to do.

Revision: 0035. After: 0034.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of jobs that are over nobody has kept it."""
    op.add_column("jobs", sa.Column("denied_reason", sa.Text()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("jobs", "denied_reason")
