"""Let a change of a user task that its listeners are asked about be one of variables.

Revision: 0020. After: 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: where the variables are set; what is there sets none."""
    op.add_column("user_task_changes", sa.Column("sets", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("user_task_changes", "sets")
