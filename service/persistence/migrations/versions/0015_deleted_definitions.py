"""Let definitions be deleted, keep files of any kind, and find what job statistics count.

Revision: 0015. After: 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WITH_STATE = ("decision_requirements", "decision_definitions", "forms")
WITH_HISTORY = ("process_definitions", "decision_requirements")
COMPLETED = "state = 'COMPLETED'"
WITH_ERROR = "error_code IS NOT NULL OR error_message IS NOT NULL"
FAILED = "kind = 'job.failed'"


def upgrade() -> None:
    """Add columns, the table and the indexes; what is deployed stays in use."""
    for table in WITH_STATE:
        op.add_column(table, sa.Column("state", sa.Text(), nullable=False, server_default="ACTIVE"))
    for table in WITH_HISTORY:
        op.add_column(table, sa.Column("purged_by", sa.Text(), nullable=True))
    op.create_table(
        "generic_resources",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("resource_key", sa.BigInteger(), nullable=False),
        sa.Column("deployment_key", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_generic_resources")),
        sa.UniqueConstraint(
            "resource_id", "version", name=op.f("uq_generic_resources_resource_id_version")
        ),
        comment="Files that are neither processes, decisions nor forms: kept and handed out as they are.",
    )
    op.create_index(
        op.f("ix_generic_resources_deployment_key"), "generic_resources", ["deployment_key"]
    )
    op.create_index("ix_jobs_created_at", "jobs", ["created_at"])
    _partial("ix_jobs_completed", "jobs", ["ended_at"], COMPLETED)
    _partial("ix_jobs_with_error", "jobs", ["type", "updated_at"], WITH_ERROR)
    _partial("ix_events_failed_jobs", "events", ["at"], FAILED)


def downgrade() -> None:
    """Take all of it away; deleted definitions come back."""
    op.drop_index("ix_events_failed_jobs", table_name="events")
    for index in ("ix_jobs_with_error", "ix_jobs_completed", "ix_jobs_created_at"):
        op.drop_index(index, table_name="jobs")
    op.drop_table("generic_resources")
    for table in WITH_HISTORY:
        op.drop_column(table, "purged_by")
    for table in WITH_STATE:
        op.drop_column(table, "state")


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(
        name,
        table,
        columns,
        postgresql_where=sa.text(condition),
        sqlite_where=sa.text(condition),
    )
