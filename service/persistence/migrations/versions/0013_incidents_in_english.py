"""Tell incidents in English too.

Revision: 0013. After: 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of those that stand there nobody has said it."""
    op.add_column("incidents", sa.Column("english", sa.Text()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("incidents", "english")
