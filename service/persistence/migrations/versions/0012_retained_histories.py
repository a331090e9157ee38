"""Keep the files of histories whose time is over; let the events of confirmed ones alone be removed.

Revision: 0012. After: 0011.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REFUSAL = "events are append-only"
CONFIRMED = (
    "EXISTS (SELECT 1 FROM retained_histories AS h WHERE h.state = 'CONFIRMED' "
    "AND (h.root_key = OLD.root_key OR h.case_key = OLD.case_key))"
)
SQLITE = (
    "DROP TRIGGER events_no_delete",
    f"CREATE TRIGGER events_no_delete BEFORE DELETE ON events WHEN NOT {CONFIRMED} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL = (
    "DROP TRIGGER events_append_only ON events",
    "CREATE TRIGGER events_append_only BEFORE UPDATE OR TRUNCATE ON events "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()",
    "CREATE FUNCTION refuse_event_removal() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF {CONFIRMED} THEN RETURN OLD; END IF; "
    f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER events_kept BEFORE DELETE ON events "
    "FOR EACH ROW EXECUTE FUNCTION refuse_event_removal()",
)
SQLITE_BACK = (
    "DROP TRIGGER events_no_delete",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER events_kept ON events",
    "DROP FUNCTION refuse_event_removal()",
    "DROP TRIGGER events_append_only ON events",
    "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()",
)
ENDED_ROOTS = "parent_instance_key IS NULL AND ended_at IS NOT NULL"


def upgrade() -> None:
    """Add the tables, the index of ended roots, and the rule of removal."""
    op.create_table(
        "retained_histories",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root_key", sa.BigInteger(), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retain_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rows", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_retained_histories")),
        sa.UniqueConstraint("root_key", name=op.f("uq_retained_histories_root_key")),
        comment="`state`: FROZEN, CONFIRMED, DELETED. Events of confirmed ones alone may be removed (trigger).",
    )
    op.create_index(op.f("ix_retained_histories_case_key"), "retained_histories", ["case_key"])
    op.create_index("ix_retained_histories_state", "retained_histories", ["state", "retain_until"])
    op.create_table(
        "retained_contents",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_retained_contents")),
        comment="ZIP, by history.",
    )
    op.create_index(
        "ix_process_instances_ended_roots",
        "process_instances",
        ["ended_at", "key"],
        postgresql_where=sa.text(ENDED_ROOTS),
        sqlite_where=sa.text(ENDED_ROOTS),
    )
    _execute(SQLITE, POSTGRESQL)


def downgrade() -> None:
    """Take them away, and with them the files of histories; no event may be removed again."""
    _execute(SQLITE_BACK, POSTGRESQL_BACK)
    op.drop_index("ix_process_instances_ended_roots", "process_instances")
    op.drop_table("retained_contents")
    op.drop_table("retained_histories")


def _execute(sqlite: tuple[str, ...], postgresql_: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql_:
        op.execute(statement)
