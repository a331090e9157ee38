"""Keep cluster variables of the tenant, and count their changes.

Revision: 0024. After: 0023.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TABLE = "tenant_variables"
VERBS = ("INSERT", "UPDATE", "DELETE")
COUNT = "UPDATE revisions SET number = number + 1 WHERE name = 'house'"


def upgrade() -> None:
    """Add the table and the triggers."""
    op.create_table(
        TABLE,
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("metadata", JSON, nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{TABLE}")),
        comment="Cluster variables of the tenant; expressions see them above the parameters.",
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
