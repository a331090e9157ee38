"""Let the lists of tasks be read in the order of an index, and drop indexes that nothing reads.

Candidates are kept of every task that can be worked on, whoever has it, with what their lists are sorted
and filtered by. Indexes that only open or only done tasks need hold those alone, so that opening and
completing a task writes fewer entries.

Revision: 0019. After: 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IS_CREATED = sa.text("state = 'CREATED'")
IS_COMPLETED = sa.text("completed_by IS NOT NULL")

ITEMS = {"postgresql": "jsonb_array_elements_text", "sqlite": "json_each"}
"""The table function that gives the items of a JSON list as rows with a column `value`."""


def upgrade() -> None:
    """Make the table of candidates anew from the tasks, and the indexes."""
    op.drop_table("user_task_candidates")
    op.create_table(
        "user_task_candidates",
        sa.Column("task_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("task_key", "kind", "name", name=op.f("pk_user_task_candidates")),
        comment="Rows only while the task is CREATED; what lists of candidates are read by, and no more.",
    )
    _refill("created_at, process_id, assignee IS NULL", "state = 'CREATED'")
    op.create_index(
        "ix_user_task_candidates_list",
        "user_task_candidates",
        ["kind", "name", "due_at", "task_key", "created_at", "process_id", "is_free"],
    )
    for name in ("mine", "done", "open"):
        op.drop_index(f"ix_user_tasks_{name}", "user_tasks")
    _index("mine", ["assignee", "due_at", "key"], IS_CREATED)
    _index("open", ["due_at", "key"], IS_CREATED)
    _index("done", ["completed_by", "completed_at", "key"], IS_COMPLETED)
    op.drop_index(op.f("ix_form_submissions_task_key"), "form_submissions")
    op.drop_index(op.f("ix_memberships_group_key"), "memberships")


def downgrade() -> None:
    """Take them back."""
    op.create_index(op.f("ix_memberships_group_key"), "memberships", ["group_key"])
    op.create_index(op.f("ix_form_submissions_task_key"), "form_submissions", ["task_key"])
    for name in ("mine", "done", "open"):
        op.drop_index(f"ix_user_tasks_{name}", "user_tasks")
    _index("mine", ["assignee", "due_at"], IS_CREATED)
    op.create_index("ix_user_tasks_open", "user_tasks", ["state", "due_at"])
    op.create_index("ix_user_tasks_done", "user_tasks", ["completed_by", "completed_at"])
    op.drop_table("user_task_candidates")
    op.create_table(
        "user_task_candidates",
        sa.Column("task_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.UniqueConstraint(
            "kind", "name", "task_key", name=op.f("uq_user_task_candidates_kind_name_task_key")
        ),
        comment="Rows only while the task is open and unassigned: the claimable list reads nothing else.",
    )
    _refill("", "state = 'CREATED' AND assignee IS NULL")
    op.create_index(op.f("ix_user_task_candidates_task_key"), "user_task_candidates", ["task_key"])


def _refill(more: str, which: str) -> None:
    """Write the candidates of the tasks of which something holds, with more of their columns."""
    items = ITEMS[op.get_bind().dialect.name]
    columns = ", ".join(part for part in ("due_at", more) if part)
    for kind, column in (("group", "candidate_groups"), ("user", "candidate_users")):
        op.execute(
            f"INSERT INTO user_task_candidates SELECT DISTINCT t.key, '{kind}', item.value, "
            f"{columns} FROM user_tasks AS t, {items}(t.{column}) AS item WHERE {which}"
        )


def _index(name: str, columns: list[str], which: sa.TextClause) -> None:
    """Make an index over some of the tasks."""
    op.create_index(
        f"ix_user_tasks_{name}",
        "user_tasks",
        columns,
        postgresql_where=which,
        sqlite_where=which,
    )
