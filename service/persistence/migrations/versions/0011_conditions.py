"""Show which conditions instances wait for.

Revision: 0011. After: 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their rows."""
    op.create_table(
        "condition_subscriptions",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("is_interrupting", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_condition_subscriptions")),
        comment=(
            "Only to be seen: the engine asks conditions by itself. `changes`: comma separated, none: both."
        ),
    )
    name = op.f("ix_condition_subscriptions_instance_key")
    op.create_index(name, "condition_subscriptions", ["instance_key"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("condition_subscriptions")
