"""Remember which papers were handed in lately, so that a second attempt is not a second paper.

Revision: 0033. After: 0032.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE = "hand_ins"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        TABLE,
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("username", "id", name=op.f(f"pk_{TABLE}")),
        comment="Papers handed in lately by their page's own id: a second attempt is answered as the first.",
    )
    op.create_index(op.f(f"ix_{TABLE}_at"), TABLE, ["at"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table(TABLE)
