"""Count the changes of tables that processes remember, so that they notice when to read anew.

Revision: 0008. After: 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WATCHED = (
    "people",
    "groups",
    "memberships",
    "roles",
    "authorizations",
    "api_tokens",
    "parameters",
    "calendar_days",
    "process_definitions",
    "decision_definitions",
    "forms",
)
VERBS = ("INSERT", "UPDATE", "DELETE")

COUNT = "UPDATE revisions SET number = number + 1 WHERE name = 'house'"

FUNCTION = (
    "CREATE FUNCTION count_house_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {COUNT}; RETURN NULL; END $$"
)


def upgrade() -> None:
    """Add the count and the triggers that keep it."""
    op.create_table(
        "revisions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_revisions")),
        comment="One row, `house`: counts the changes of tables that processes remember (triggers).",
    )
    op.execute("INSERT INTO revisions (name, number) VALUES ('house', 0)")
    if op.get_bind().dialect.name == "sqlite":
        for table in WATCHED:
            for verb in VERBS:
                op.execute(
                    f"CREATE TRIGGER {table}_count_{verb.lower()} AFTER {verb} ON {table} "
                    f"BEGIN {COUNT}; END"
                )
        return
    op.execute(FUNCTION)
    for table in WATCHED:
        op.execute(
            f"CREATE TRIGGER {table}_count AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_house_change()"
        )


def downgrade() -> None:
    """Remove them."""
    if op.get_bind().dialect.name == "sqlite":
        for table in WATCHED:
            for verb in VERBS:
                op.execute(f"DROP TRIGGER {table}_count_{verb.lower()}")
    else:
        for table in WATCHED:
            op.execute(f"DROP TRIGGER {table}_count ON {table}")
        op.execute("DROP FUNCTION count_house_change()")
    op.drop_table("revisions")
