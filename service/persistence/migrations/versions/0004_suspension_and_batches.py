"""Suspend instances; operate many at once.

Revision: 0004. After: 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns (nothing is suspended yet) and the tables."""
    op.add_column("process_instances", sa.Column("suspended_at", MOMENT))
    for table in ("jobs", "user_tasks"):
        flag = sa.Column("is_suspended", sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column(table, flag)
    op.create_table(
        "suspended_returns",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=False),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("error_code", sa.Text()),
        sa.Column("error_message", sa.Text()),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suspended_returns")),
        comment="What called processes gave back to a suspended caller; taken when it is resumed.",
    )
    op.create_index(
        op.f("ix_suspended_returns_instance_key"), "suspended_returns", ["instance_key"]
    )
    _batches()


def _batches() -> None:
    op.create_table(
        "batch_operations",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("is_by_program", sa.Boolean(), nullable=False),
        sa.Column("filter", JSON, nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.Column("failure", sa.Text()),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_batch_operations")),
        comment="`kind` is the API's batchOperationType; `filter` picks the items, "
        "`plan` says what to do.",
    )
    op.create_index("ix_batch_operations_state", "batch_operations", ["state", "created_at"])
    op.create_table(
        "batch_operation_items",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_key", sa.BigInteger(), nullable=False),
        sa.Column("chunk_key", sa.BigInteger(), nullable=False),
        sa.Column("item_key", sa.BigInteger(), nullable=False),
        sa.Column("instance_key", sa.BigInteger()),
        sa.Column("root_key", sa.BigInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("processed_at", MOMENT),
        sa.Column("error", JSON),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_batch_operation_items")),
        sa.UniqueConstraint(
            "batch_key", "item_key", name=op.f("uq_batch_operation_items_batch_key_item_key")
        ),
        comment="`chunk_key` is the key of the first item that the same worker works off.",
    )
    op.create_index(
        "ix_batch_operation_items_state", "batch_operation_items", ["batch_key", "state"]
    )
    for column in ("chunk_key", "instance_key"):
        op.create_index(
            op.f(f"ix_batch_operation_items_{column}"), "batch_operation_items", [column]
        )


def downgrade() -> None:
    """Take them away again."""
    for table in ("batch_operation_items", "batch_operations", "suspended_returns"):
        op.drop_table(table)
    for table in ("user_tasks", "jobs"):
        op.drop_column(table, "is_suspended")
    op.drop_column("process_instances", "suspended_at")
