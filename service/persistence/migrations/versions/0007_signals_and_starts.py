"""Keep who waits for signals, whom one has still to reach, and what starts instances.

Revision: 0007. After: 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

BEFORE = "Message and timer starts of the latest versions; rows of older versions are deleted."
AFTER = "What starts instances of the latest versions; timers stand in their own table."

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of signals; name start events by more than messages; keep cycles of start timers."""
    op.create_table(
        "signal_subscriptions",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("signal_name", sa.Text(), nullable=False),
        sa.Column("is_interrupting", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_signal_subscriptions")),
    )
    for column in ("instance_key", "signal_name"):
        name = op.f(f"ix_signal_subscriptions_{column}")
        op.create_index(name, "signal_subscriptions", [column])
    op.create_table(
        "signals",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "variables", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("broadcast_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_signals")),
    )
    op.create_table(
        "signal_deliveries",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signal_key", sa.BigInteger(), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=True),
        sa.Column("subscription_key", sa.BigInteger(), nullable=True),
        sa.Column("process_key", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_signal_deliveries")),
        comment="Whom a signal has still to reach: an instance that waits, or a process that it starts.",
    )
    for column in ("instance_key", "signal_key"):
        name = op.f(f"ix_signal_deliveries_{column}")
        op.create_index(name, "signal_deliveries", [column])
    op.drop_index(op.f("ix_start_events_message_name"), "start_events")
    with op.batch_alter_table("start_events") as batch:
        batch.alter_column(
            "message_name", new_column_name="name", existing_type=sa.Text(), existing_nullable=True
        )
    op.create_index(op.f("ix_start_events_name"), "start_events", ["name"])
    _comment(AFTER)
    op.add_column("timers", sa.Column("cycle", sa.Text(), nullable=True))
    op.add_column("suspended_returns", sa.Column("escalation_code", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take them away; signals that are on their way are lost."""
    op.drop_column("suspended_returns", "escalation_code")
    op.drop_column("timers", "cycle")
    op.drop_index(op.f("ix_start_events_name"), "start_events")
    with op.batch_alter_table("start_events") as batch:
        batch.alter_column(
            "name", new_column_name="message_name", existing_type=sa.Text(), existing_nullable=True
        )
    op.create_index(op.f("ix_start_events_message_name"), "start_events", ["message_name"])
    _comment(BEFORE)
    for table in ("signal_deliveries", "signals", "signal_subscriptions"):
        op.drop_table(table)


def _comment(text: str) -> None:
    # SQLite keeps no comments.
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("start_events", text)
