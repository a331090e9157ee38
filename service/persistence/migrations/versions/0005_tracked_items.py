"""Track samples and papers that change hands.

Revision: 0005. After: 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the items and their movement log."""
    op.create_table(
        "tracked_items",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=False),
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("holder_group", sa.Text(), nullable=False),
        sa.Column("receiver_group", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tracked_items")),
        sa.UniqueConstraint("item_no", name=op.f("uq_tracked_items_item_no")),
        comment="`receiver_group` is set while the item is on its way, `outcome` once its way has ended.",
    )
    op.create_index(op.f("ix_tracked_items_case_key"), "tracked_items", ["case_key"])
    op.create_table(
        "item_moves",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_group", sa.Text(), nullable=True),
        sa.Column("to_group", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_item_moves")),
        comment="The movement log of an item: a row a step, never changed.",
    )
    op.create_index(op.f("ix_item_moves_item_key"), "item_moves", ["item_key"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("item_moves")
    op.drop_table("tracked_items")
