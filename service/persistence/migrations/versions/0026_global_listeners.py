"""Keep task listeners that hold for all processes, and count their changes.

Revision: 0026. After: 0025.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TABLE = "global_listeners"
VERBS = ("INSERT", "UPDATE", "DELETE")
COUNT = "UPDATE revisions SET number = number + 1 WHERE name = 'house'"


def upgrade() -> None:
    """Add the table and the triggers."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("event_types", JSON, nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("after_non_global", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        comment="Task listeners of all processes, made over the API.",
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in VERBS:
            op.execute(
                f"CREATE TRIGGER {TABLE}_count_{verb.lower()} AFTER {verb} ON {TABLE} "
                f"BEGIN {COUNT}; END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_count AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_house_change()"
    )


def downgrade() -> None:
    """Remove the table; its triggers go with it."""
    op.drop_table(TABLE)
