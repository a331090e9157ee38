"""Keep values of cluster variables as the compact JSON text that searches compare and show.

The databases wrote them each in its own way, with spaces, in another order, escaped.

Revision: 0034. After: 0033.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service.persistence.json_values import json_text, json_value

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = ("parameters", "tenant_variables")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Write each value as text."""
    for table in TABLES:
        _rewrite(table, JSON, sa.Text(), json_text)


def downgrade() -> None:
    """Give each value back to the database's own type."""
    for table in TABLES:
        _rewrite(table, sa.Text(), JSON, json_value)


def _rewrite(name: str, before: Any, after: Any, write: Any) -> None:
    """Rewrite a column in its table: SQLite would lose the triggers of a table that is made anew."""
    fresh = sa.Column("rewritten", after, nullable=False, server_default="null")
    op.add_column(name, fresh)
    table = sa.table(
        name, sa.column("key", sa.Text), sa.column("value", before), sa.column("rewritten", after)
    )
    bind = op.get_bind()
    for key, value in bind.execute(sa.select(table.c.key, table.c.value)).all():
        written = sa.update(table).where(table.c.key == key).values(rewritten=write(value))
        bind.execute(written)
    op.drop_column(name, "value")
    op.execute(f"ALTER TABLE {name} RENAME COLUMN rewritten TO value")
