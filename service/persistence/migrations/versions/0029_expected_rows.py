"""Let a statement refuse itself when a row that it guards has moved on, so that a commit may travel with it.

Revision: 0029. After: 0028.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

POSTGRESQL = (
    "CREATE FUNCTION require_rows(counted bigint, expected bigint) RETURNS bigint LANGUAGE plpgsql AS "
    "$$ BEGIN IF counted <> expected THEN "
    "RAISE EXCEPTION 'expected % guarded row(s), found %', expected, counted "
    "USING ERRCODE = 'serialization_failure'; "
    "END IF; RETURN counted; END $$"
)


def upgrade() -> None:
    """Add the function; SQLite counts by itself."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)


def downgrade() -> None:
    """Remove it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION require_rows(bigint, bigint)")
