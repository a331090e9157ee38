"""Tell incidents in Traditional Chinese too.

Revision: 0027. After: 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of those that stand there nobody has said which words are facts."""
    op.add_column("incidents", sa.Column("traditional", sa.Text()))
    op.add_column("incidents", sa.Column("traditional_hash", sa.Integer()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("incidents", "traditional_hash")
    op.drop_column("incidents", "traditional")
