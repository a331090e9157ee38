"""Find what somebody may see from his side: what he started, whose candidate he was, what he supervises.

The first has an entry an instance. The second has one only of tasks that are open no more: of the others the
table of candidates tells. The third has entries only of tasks whose element names who supervises it. SQLite has
no index over the items of a list.

Revision: 0032. After: 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(
        "ix_process_instances_started_by",
        "process_instances",
        ["started_by"],
        postgresql_where=sa.text("started_by IS NOT NULL"),
        sqlite_where=sa.text("started_by IS NOT NULL"),
    )
    if op.get_bind().dialect.name == "sqlite":
        return
    # Written at once, not gathered: what is gathered is read from end to end by every search.
    op.execute(
        "CREATE INDEX ix_user_tasks_was_candidate ON user_tasks "
        "USING gin (candidate_groups, candidate_users) WITH (fastupdate = off) "
        "WHERE state <> 'CREATED'"
    )
    op.execute(
        "CREATE INDEX ix_user_tasks_supervisors ON user_tasks "
        "USING gin (string_to_array(replace(properties ->> 'supervisors', ' ', ''), ',')) "
        "WITH (fastupdate = off) WHERE properties ->> 'supervisors' IS NOT NULL"
    )


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_index("ix_user_tasks_supervisors", "user_tasks")
        op.drop_index("ix_user_tasks_was_candidate", "user_tasks")
    op.drop_index("ix_process_instances_started_by", "process_instances")
