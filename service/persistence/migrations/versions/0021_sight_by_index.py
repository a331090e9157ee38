"""Let what somebody may see be found from his side, and list cases in the order of an index.

The two indexes of tasks hold the few that no other index finds: done by another than whose they were, or
never done; and those whose element names who supervises it. A usual task has no entry there.

Revision: 0021. After: 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(op.f("ix_cases_opened_by"), "cases", ["opened_by"])
    op.create_index(op.f("ix_cases_grade"), "cases", ["grade"])
    op.create_index("ix_cases_list", "cases", ["opened_at", "key"])
    op.drop_index(op.f("ix_cases_opened_at"), "cases")
    op.create_index(
        "ix_user_tasks_others",
        "user_tasks",
        ["assignee"],
        postgresql_where=sa.text("state <> 'CREATED' AND completed_by IS DISTINCT FROM assignee"),
        sqlite_where=sa.text("state <> 'CREATED' AND completed_by IS NOT assignee"),
    )
    op.create_index(
        "ix_user_tasks_supervised",
        "user_tasks",
        ["case_key"],
        postgresql_where=sa.text("properties ->> 'supervisors' IS NOT NULL"),
        sqlite_where=sa.text("JSON_EXTRACT(properties, '$.\"supervisors\"') IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_user_tasks_supervised", "user_tasks")
    op.drop_index("ix_user_tasks_others", "user_tasks")
    op.create_index(op.f("ix_cases_opened_at"), "cases", ["opened_at"])
    op.drop_index("ix_cases_list", "cases")
    op.drop_index(op.f("ix_cases_grade"), "cases")
    op.drop_index(op.f("ix_cases_opened_by"), "cases")
