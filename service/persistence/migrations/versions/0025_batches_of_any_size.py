"""Find the items of a batch operation page by page, and work off a few chunks at a time.

Revision: 0025. After: 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_INDEX, _ITEMS = "ix_batch_operation_items_state", "batch_operation_items"
_BEFORE = (
    "`kind` is the API's batchOperationType; `filter` picks the items, `plan` says what to do."
)
_AFTER = (
    _BEFORE + " `found_until` is the last item found so far, "
    "`sent_until` the last chunk handed to a worker."
)


def upgrade() -> None:
    """Add how far a batch operation is, and let the index tell the next chunk."""
    for column in ("found_until", "sent_until"):
        op.add_column("batch_operations", sa.Column(column, sa.BigInteger()))
    op.drop_index(_INDEX, table_name=_ITEMS)
    op.create_index(_INDEX, _ITEMS, ["batch_key", "state", "chunk_key"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("batch_operations", _AFTER, existing_comment=_BEFORE)


def downgrade() -> None:
    """Take both back."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("batch_operations", _BEFORE, existing_comment=_AFTER)
    op.drop_index(_INDEX, table_name=_ITEMS)
    op.create_index(_INDEX, _ITEMS, ["batch_key", "state"])
    for column in ("sent_until", "found_until"):
        op.drop_column("batch_operations", column)
