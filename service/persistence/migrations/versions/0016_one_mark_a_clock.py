"""Keep of each task's clock the next mark alone.

Revision: 0016. After: 0015.

What a clock has told stands in the history of events; marks that are done or canceled told nobody
anything, and four rows a task were written and marked as over for one that spoke.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NEXT = """
CREATE TABLE next_marks AS
SELECT task_key, kind, level, due_at, state, claimed_until FROM task_clocks AS mark
WHERE state IN ('OPEN', 'SUSPENDED') AND NOT EXISTS (
  SELECT 1 FROM task_clocks AS earlier
  WHERE earlier.task_key = mark.task_key AND earlier.state IN ('OPEN', 'SUSPENDED')
  AND earlier.level < mark.level)
"""
_COLUMNS = "task_key, kind, level, due_at, state, claimed_until"


def upgrade() -> None:
    """Make the table anew with the task as its key."""
    op.execute(_NEXT)
    op.drop_table("task_clocks")
    op.create_table(
        "task_clocks",
        sa.Column("task_key", sa.BigInteger(), autoincrement=False, nullable=False),
        *_parts(),
        sa.PrimaryKeyConstraint("task_key", name="pk_task_clocks"),
        comment="The next mark of an open task's clock: reminder, overdue, escalation (XC-X-2 to XC-X-4).",
    )
    _fill()
    is_open = sa.text("state = 'OPEN'")
    op.create_index(
        "ix_task_clocks_due",
        "task_clocks",
        ["due_at"],
        postgresql_where=is_open,
        sqlite_where=is_open,
    )


def downgrade() -> None:
    """Make the table as it was; of each clock the next mark stands there, the later ones are lost."""
    op.execute(f"CREATE TABLE next_marks AS SELECT {_COLUMNS} FROM task_clocks")
    op.drop_table("task_clocks")
    op.create_table(
        "task_clocks",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task_key", sa.BigInteger(), nullable=False),
        *_parts(),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("key", name="pk_task_clocks"),
        comment="Reminder, overdue and escalation marks of a user task (XC-X-2 to XC-X-4).",
    )
    _fill(key="task_key")
    op.create_index("ix_task_clocks_due", "task_clocks", ["state", "due_at"])
    op.create_index("ix_task_clocks_task_key", "task_clocks", ["task_key"])


def _parts() -> list[sa.Column[Any]]:
    return [
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
    ]


def _fill(**more: str) -> None:
    """Put the rows that were kept aside into the new table; `more`: column → what it takes."""
    columns = ", ".join((_COLUMNS, *more))
    taken = ", ".join((_COLUMNS, *more.values()))
    op.execute(f"INSERT INTO task_clocks ({columns}) SELECT {taken} FROM next_marks")
    op.drop_table("next_marks")
