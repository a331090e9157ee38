"""Keep what is said of documents and cluster variables that programs make.

Revision: 0014. After: 0013.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the columns; what is there was shipped and does not expire."""
    op.add_column("attachments", sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.add_column("attachments", sa.Column("claimed", JSON, nullable=True))
    op.add_column(
        "parameters",
        sa.Column("is_shipped", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column("parameters", sa.Column("metadata", JSON, nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("parameters", "metadata")
    op.drop_column("parameters", "is_shipped")
    op.drop_column("attachments", "claimed")
    op.drop_column("attachments", "expires_at")
