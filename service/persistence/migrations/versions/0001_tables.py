"""Create every table.

Revision: 0001. The first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "api_tokens",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_api_tokens")),
    )
    op.create_table(
        "archives",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("archive_no", sa.Text(), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retain_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file_attachment_id", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_archives")),
        sa.UniqueConstraint("archive_no", name=op.f("uq_archives_archive_no")),
    )
    op.create_index(op.f("ix_archives_case_key"), "archives", ["case_key"], unique=False)
    op.create_table(
        "attachment_contents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_contents")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.Column("instance_key", sa.BigInteger(), nullable=True),
        sa.Column("task_key", sa.BigInteger(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_bound", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        comment="`is_bound` once a submitted form refers to it; unbound files are swept after a day.",
    )
    op.create_index(op.f("ix_attachments_case_key"), "attachments", ["case_key"], unique=False)
    op.create_index(
        op.f("ix_attachments_instance_key"), "attachments", ["instance_key"], unique=False
    )
    op.create_table(
        "batch_statuses",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch_no", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_batch_statuses")),
        comment="A log: the newest row of a batch is its status (PF-X-1).",
    )
    op.create_index(
        op.f("ix_batch_statuses_batch_no"), "batch_statuses", ["batch_no"], unique=False
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "case_links",
        sa.Column("case_key", sa.BigInteger(), nullable=False),
        sa.Column("other_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.UniqueConstraint(
            "case_key", "other_key", "kind", name=op.f("uq_case_links_case_key_other_key_kind")
        ),
    )
    op.create_table(
        "case_readers",
        sa.Column("case_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "case_key",
            "kind",
            "name",
            "reason",
            name=op.f("uq_case_readers_case_key_kind_name_reason"),
        ),
    )
    op.create_index("ix_case_readers_name", "case_readers", ["kind", "name"], unique=False)
    op.create_table(
        "cases",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("root_instance_key", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_overdue", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cases")),
        sa.UniqueConstraint("case_no", name=op.f("uq_cases_case_no")),
    )
    op.create_index(op.f("ix_cases_opened_at"), "cases", ["opened_at"], unique=False)
    op.create_index(op.f("ix_cases_process_id"), "cases", ["process_id"], unique=False)
    op.create_index(
        op.f("ix_cases_root_instance_key"), "cases", ["root_instance_key"], unique=False
    )
    op.create_table(
        "decision_definitions",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("requirements_key", sa.BigInteger(), nullable=False),
        sa.Column("deployment_key", sa.BigInteger(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decision_definitions")),
        sa.UniqueConstraint(
            "decision_id", "version", name=op.f("uq_decision_definitions_decision_id_version")
        ),
    )
    op.create_index(
        op.f("ix_decision_definitions_deployment_key"),
        "decision_definitions",
        ["deployment_key"],
        unique=False,
    )
    op.create_index(
        "ix_decision_definitions_latest",
        "decision_definitions",
        ["decision_id", "is_latest"],
        unique=False,
    )
    op.create_index(
        op.f("ix_decision_definitions_requirements_key"),
        "decision_definitions",
        ["requirements_key"],
        unique=False,
    )
    op.create_table(
        "decision_instances",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("evaluation_key", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("decision_key", sa.BigInteger(), nullable=False),
        sa.Column("requirements_key", sa.BigInteger(), nullable=True),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("process_key", sa.BigInteger(), nullable=True),
        sa.Column("instance_key", sa.BigInteger(), nullable=True),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evaluated_by", sa.Text(), nullable=True),
        sa.Column(
            "inputs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "matched_rules",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("output", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("is_root", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decision_instances")),
    )
    op.create_index(
        op.f("ix_decision_instances_decision_key"),
        "decision_instances",
        ["decision_key"],
        unique=False,
    )
    op.create_index(
        op.f("ix_decision_instances_evaluated_at"),
        "decision_instances",
        ["evaluated_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_decision_instances_evaluation_key"),
        "decision_instances",
        ["evaluation_key"],
        unique=False,
    )
    op.create_index(
        op.f("ix_decision_instances_instance_key"),
        "decision_instances",
        ["instance_key"],
        unique=False,
    )
    op.create_table(
        "decision_requirements",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("requirements_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("resource_key", sa.BigInteger(), nullable=False),
        sa.Column("deployment_key", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decision_requirements")),
        sa.UniqueConstraint(
            "requirements_id",
            "version",
            name=op.f("uq_decision_requirements_requirements_id_version"),
        ),
    )
    op.create_index(
        op.f("ix_decision_requirements_deployment_key"),
        "decision_requirements",
        ["deployment_key"],
        unique=False,
    )
    op.create_table(
        "deployments",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deployments")),
    )
    op.create_table(
        "element_instances",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("scope_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("incident_key", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_element_instances")),
    )
    op.create_index(
        "ix_element_instances_instance",
        "element_instances",
        ["instance_key", "state"],
        unique=False,
    )
    op.create_table(
        "events",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=True),
        sa.Column("root_key", sa.BigInteger(), nullable=True),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column(
            "before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column(
            "rule_refs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_events")),
        comment="Append only (XC-X-6): triggers refuse update and delete.",
    )
    op.create_index("ix_events_case", "events", ["case_key", "key"], unique=False)
    op.create_index(op.f("ix_events_instance_key"), "events", ["instance_key"], unique=False)
    op.create_table(
        "form_submissions",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task_key", sa.BigInteger(), nullable=True),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("form_key", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_submissions")),
        comment="Every submission is kept (XC-X-7); `round` counts those of one form in one instance.",
    )
    op.create_index(
        op.f("ix_form_submissions_case_key"), "form_submissions", ["case_key"], unique=False
    )
    op.create_index(
        op.f("ix_form_submissions_instance_key"), "form_submissions", ["instance_key"], unique=False
    )
    op.create_index(
        op.f("ix_form_submissions_task_key"), "form_submissions", ["task_key"], unique=False
    )
    op.create_table(
        "forms",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("resource_key", sa.BigInteger(), nullable=False),
        sa.Column("deployment_key", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_forms")),
        sa.UniqueConstraint("form_id", "version", name=op.f("uq_forms_form_id_version")),
    )
    op.create_index(op.f("ix_forms_deployment_key"), "forms", ["deployment_key"], unique=False)
    op.create_index("ix_forms_latest", "forms", ["form_id", "is_latest"], unique=False)
    op.create_table(
        "groups",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "other_names", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_department", sa.Boolean(), nullable=False),
        sa.Column("supervisor_group", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_groups")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "incidents",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("job_key", sa.BigInteger(), nullable=True),
        sa.Column("error_type", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_instance_key"), "incidents", ["instance_key"], unique=False)
    op.create_index("ix_incidents_state", "incidents", ["state", "created_at"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("listener_event_type", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "headers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "variables", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "caught_errors",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_activatable", "jobs", ["type", "state", "available_at"], unique=False)
    op.create_index(
        op.f("ix_jobs_element_instance_key"), "jobs", ["element_instance_key"], unique=False
    )
    op.create_index(op.f("ix_jobs_instance_key"), "jobs", ["instance_key"], unique=False)
    op.create_table(
        "mails",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "attachment_ids",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.Column("is_to_customer", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("requested_by_group", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_case_key"), "mails", ["case_key"], unique=False)
    op.create_index("ix_mails_state", "mails", ["state", "next_attempt_at"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("group_key", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.UniqueConstraint(
            "group_key", "username", name=op.f("uq_memberships_group_key_username")
        ),
    )
    op.create_index(op.f("ix_memberships_group_key"), "memberships", ["group_key"], unique=False)
    op.create_index(op.f("ix_memberships_username"), "memberships", ["username"], unique=False)
    op.create_table(
        "message_correlations",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_key", sa.BigInteger(), nullable=False),
        sa.Column("message_name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=True),
        sa.Column("subscription_key", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("correlated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_message_correlations")),
        sa.UniqueConstraint(
            "message_key", "process_id", name=op.f("uq_message_correlations_message_key_process_id")
        ),
    )
    op.create_index(
        op.f("ix_message_correlations_instance_key"),
        "message_correlations",
        ["instance_key"],
        unique=False,
    )
    op.create_table(
        "message_subscriptions",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("message_name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("is_interrupting", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_message_subscriptions")),
    )
    op.create_index(
        op.f("ix_message_subscriptions_instance_key"),
        "message_subscriptions",
        ["instance_key"],
        unique=False,
    )
    op.create_index(
        "ix_message_subscriptions_wait",
        "message_subscriptions",
        ["message_name", "correlation_key"],
        unique=False,
    )
    op.create_table(
        "messages",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column(
            "variables", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_buffer", "messages", ["name", "correlation_key"], unique=False)
    op.create_index(op.f("ix_messages_expires_at"), "messages", ["expires_at"], unique=False)
    op.create_table(
        "nodes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_nodes")),
        comment="One row, `keys`: each process that makes keys takes the next number at its start.",
    )
    op.create_table(
        "notifications",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.Column("task_key", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notifications")),
    )
    op.create_index(
        "ix_notifications_inbox",
        "notifications",
        ["username", "read_at", "created_at"],
        unique=False,
    )
    op.create_table(
        "number_series",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
    )
    op.create_table(
        "outbox",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.BigInteger(), nullable=False),
        sa.Column("effect_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_outbox_effect_key")),
        comment="One row an outside effect: `effect_key` makes it happen once, `done_at` ends it.",
    )
    op.create_index("ix_outbox_open", "outbox", ["done_at", "available_at"], unique=False)
    op.create_table(
        "parameters",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "default", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column(
            "rule_refs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_parameters")),
    )
    op.create_table(
        "people",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column(
            "roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_program", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_people")),
    )
    op.create_table(
        "process_definitions",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("resource_key", sa.BigInteger(), nullable=False),
        sa.Column("deployment_key", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("start_form_id", sa.Text(), nullable=True),
        sa.Column(
            "properties", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_process_definitions")),
        sa.UniqueConstraint(
            "process_id", "version", name=op.f("uq_process_definitions_process_id_version")
        ),
    )
    op.create_index(
        op.f("ix_process_definitions_deployment_key"),
        "process_definitions",
        ["deployment_key"],
        unique=False,
    )
    op.create_index(
        "ix_process_definitions_latest",
        "process_definitions",
        ["process_id", "is_latest"],
        unique=False,
    )
    op.create_table(
        "process_instances",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("process_key", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("parent_instance_key", sa.BigInteger(), nullable=True),
        sa.Column("parent_element_instance_key", sa.BigInteger(), nullable=True),
        sa.Column("root_key", sa.BigInteger(), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.Column("call_depth", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("business_id", sa.Text(), nullable=True),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("start_message_name", sa.Text(), nullable=True),
        sa.Column("start_correlation_key", sa.Text(), nullable=True),
        sa.Column("engine_state", sa.LargeBinary(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("has_incident", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_process_instances")),
    )
    op.create_index(
        op.f("ix_process_instances_case_key"), "process_instances", ["case_key"], unique=False
    )
    op.create_index(
        op.f("ix_process_instances_parent_instance_key"),
        "process_instances",
        ["parent_instance_key"],
        unique=False,
    )
    op.create_index(
        op.f("ix_process_instances_process_id"), "process_instances", ["process_id"], unique=False
    )
    op.create_index(
        op.f("ix_process_instances_process_key"), "process_instances", ["process_key"], unique=False
    )
    op.create_index(
        op.f("ix_process_instances_root_key"), "process_instances", ["root_key"], unique=False
    )
    op.create_table(
        "quick_notice_batches",
        sa.Column("notice_key", sa.BigInteger(), nullable=False),
        sa.Column("batch_no", sa.Text(), nullable=False),
        sa.UniqueConstraint(
            "notice_key", "batch_no", name=op.f("uq_quick_notice_batches_notice_key_batch_no")
        ),
    )
    op.create_index(
        op.f("ix_quick_notice_batches_batch_no"), "quick_notice_batches", ["batch_no"], unique=False
    )
    op.create_index(
        op.f("ix_quick_notice_batches_notice_key"),
        "quick_notice_batches",
        ["notice_key"],
        unique=False,
    )
    op.create_table(
        "quick_notices",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_no", sa.Text(), nullable=False),
        sa.Column("problem_type", sa.Text(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_quick_notices")),
        sa.UniqueConstraint("notice_no", name=op.f("uq_quick_notices_notice_no")),
    )
    op.create_table(
        "resources",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deployment_key", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_resources")),
    )
    op.create_index(
        op.f("ix_resources_deployment_key"), "resources", ["deployment_key"], unique=False
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(
        "ix_sign_in_failures_recent", "sign_in_failures", ["username", "at"], unique=False
    )
    op.create_table(
        "start_events",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("process_key", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message_name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_start_events")),
        comment="Message and timer starts of the latest versions; rows of older versions are deleted.",
    )
    op.create_index(
        op.f("ix_start_events_message_name"), "start_events", ["message_name"], unique=False
    )
    op.create_index(
        op.f("ix_start_events_process_id"), "start_events", ["process_id"], unique=False
    )
    op.create_index(
        op.f("ix_start_events_process_key"), "start_events", ["process_key"], unique=False
    )
    op.create_table(
        "taken_flows",
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("flow_id", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.UniqueConstraint(
            "instance_key", "flow_id", name=op.f("uq_taken_flows_instance_key_flow_id")
        ),
    )
    op.create_table(
        "task_clocks",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_task_clocks")),
        comment="Reminder, overdue and escalation marks of a user task (XC-X-2 to XC-X-4).",
    )
    op.create_index("ix_task_clocks_due", "task_clocks", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_task_clocks_task_key"), "task_clocks", ["task_key"], unique=False)
    op.create_table(
        "timers",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=True),
        sa.Column("process_key", sa.BigInteger(), nullable=True),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("repetitions_left", sa.Integer(), nullable=True),
        sa.Column("is_interrupting", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lateness_s", sa.Float(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_timers")),
    )
    op.create_index("ix_timers_due", "timers", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_timers_instance_key"), "timers", ["instance_key"], unique=False)
    op.create_table(
        "user_task_candidates",
        sa.Column("task_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint(
            "kind", "name", "task_key", name=op.f("uq_user_task_candidates_kind_name_task_key")
        ),
        comment="Rows only while the task is open and unassigned: the claimable list reads nothing else.",
    )
    op.create_index(
        op.f("ix_user_task_candidates_task_key"), "user_task_candidates", ["task_key"], unique=False
    )
    op.create_table(
        "user_task_drafts",
        sa.Column("task_key", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column(
            "variables", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "task_key", "username", name=op.f("uq_user_task_drafts_task_key_username")
        ),
    )
    op.create_table(
        "user_tasks",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("element_instance_key", sa.BigInteger(), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("root_key", sa.BigInteger(), nullable=False),
        sa.Column("process_key", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("process_name", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.BigInteger(), nullable=True),
        sa.Column("scope_key", sa.BigInteger(), nullable=False),
        sa.Column("loop_counter", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column(
            "candidate_groups",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "candidate_users",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_key", sa.BigInteger(), nullable=True),
        sa.Column("external_form_reference", sa.Text(), nullable=True),
        sa.Column(
            "headers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "properties", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("overdue_level", sa.Integer(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_user_tasks")),
        comment="`key` is the userTaskKey. `is_late` is set at completion; before, `overdue_level` says it.",
    )
    op.create_index(op.f("ix_user_tasks_case_key"), "user_tasks", ["case_key"], unique=False)
    op.create_index(
        "ix_user_tasks_done", "user_tasks", ["completed_by", "completed_at"], unique=False
    )
    op.create_index(
        op.f("ix_user_tasks_element_instance_key"),
        "user_tasks",
        ["element_instance_key"],
        unique=False,
    )
    op.create_index(
        op.f("ix_user_tasks_instance_key"), "user_tasks", ["instance_key"], unique=False
    )
    op.create_index(
        "ix_user_tasks_mine",
        "user_tasks",
        ["assignee", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'CREATED'"),
        sqlite_where=sa.text("state = 'CREATED'"),
    )
    op.create_index("ix_user_tasks_open", "user_tasks", ["state", "due_at"], unique=False)
    op.create_table(
        "variables",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("root_key", sa.BigInteger(), nullable=False),
        sa.Column("scope_key", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_variables")),
        sa.UniqueConstraint("scope_key", "name", name=op.f("uq_variables_scope_key_name")),
        comment="`value` is JSON text, as the API shows and filters it; `is_live` until the scope has ended.",
    )
    op.create_index("ix_variables_live", "variables", ["instance_key", "is_live"], unique=False)
    op.create_index("ix_variables_name", "variables", ["name", "instance_key"], unique=False)


def downgrade() -> None:
    """Change it back."""
    op.drop_index("ix_variables_name", table_name="variables")
    op.drop_index("ix_variables_live", table_name="variables")
    op.drop_table("variables")
    op.drop_index("ix_user_tasks_open", table_name="user_tasks")
    op.drop_index(
        "ix_user_tasks_mine",
        table_name="user_tasks",
        postgresql_where=sa.text("state = 'CREATED'"),
        sqlite_where=sa.text("state = 'CREATED'"),
    )
    op.drop_index(op.f("ix_user_tasks_instance_key"), table_name="user_tasks")
    op.drop_index(op.f("ix_user_tasks_element_instance_key"), table_name="user_tasks")
    op.drop_index("ix_user_tasks_done", table_name="user_tasks")
    op.drop_index(op.f("ix_user_tasks_case_key"), table_name="user_tasks")
    op.drop_table("user_tasks")
    op.drop_table("user_task_drafts")
    op.drop_index(op.f("ix_user_task_candidates_task_key"), table_name="user_task_candidates")
    op.drop_table("user_task_candidates")
    op.drop_index(op.f("ix_timers_instance_key"), table_name="timers")
    op.drop_index("ix_timers_due", table_name="timers")
    op.drop_table("timers")
    op.drop_index(op.f("ix_task_clocks_task_key"), table_name="task_clocks")
    op.drop_index("ix_task_clocks_due", table_name="task_clocks")
    op.drop_table("task_clocks")
    op.drop_table("taken_flows")
    op.drop_index(op.f("ix_start_events_process_key"), table_name="start_events")
    op.drop_index(op.f("ix_start_events_process_id"), table_name="start_events")
    op.drop_index(op.f("ix_start_events_message_name"), table_name="start_events")
    op.drop_table("start_events")
    op.drop_index("ix_sign_in_failures_recent", table_name="sign_in_failures")
    op.drop_table("sign_in_failures")
    op.drop_index(op.f("ix_resources_deployment_key"), table_name="resources")
    op.drop_table("resources")
    op.drop_table("quick_notices")
    op.drop_index(op.f("ix_quick_notice_batches_notice_key"), table_name="quick_notice_batches")
    op.drop_index(op.f("ix_quick_notice_batches_batch_no"), table_name="quick_notice_batches")
    op.drop_table("quick_notice_batches")
    op.drop_index(op.f("ix_process_instances_root_key"), table_name="process_instances")
    op.drop_index(op.f("ix_process_instances_process_key"), table_name="process_instances")
    op.drop_index(op.f("ix_process_instances_process_id"), table_name="process_instances")
    op.drop_index(op.f("ix_process_instances_parent_instance_key"), table_name="process_instances")
    op.drop_index(op.f("ix_process_instances_case_key"), table_name="process_instances")
    op.drop_table("process_instances")
    op.drop_index("ix_process_definitions_latest", table_name="process_definitions")
    op.drop_index(op.f("ix_process_definitions_deployment_key"), table_name="process_definitions")
    op.drop_table("process_definitions")
    op.drop_table("people")
    op.drop_table("parameters")
    op.drop_index("ix_outbox_open", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("number_series")
    op.drop_index("ix_notifications_inbox", table_name="notifications")
    op.drop_table("notifications")
    op.drop_table("nodes")
    op.drop_index(op.f("ix_messages_expires_at"), table_name="messages")
    op.drop_index("ix_messages_buffer", table_name="messages")
    op.drop_table("messages")
    op.drop_index("ix_message_subscriptions_wait", table_name="message_subscriptions")
    op.drop_index(op.f("ix_message_subscriptions_instance_key"), table_name="message_subscriptions")
    op.drop_table("message_subscriptions")
    op.drop_index(op.f("ix_message_correlations_instance_key"), table_name="message_correlations")
    op.drop_table("message_correlations")
    op.drop_index(op.f("ix_memberships_username"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_group_key"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index("ix_mails_state", table_name="mails")
    op.drop_index(op.f("ix_mails_case_key"), table_name="mails")
    op.drop_table("mails")
    op.drop_index(op.f("ix_jobs_instance_key"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_element_instance_key"), table_name="jobs")
    op.drop_index("ix_jobs_activatable", table_name="jobs")
    op.drop_table("jobs")
    op.drop_index("ix_incidents_state", table_name="incidents")
    op.drop_index(op.f("ix_incidents_instance_key"), table_name="incidents")
    op.drop_table("incidents")
    op.drop_table("heartbeats")
    op.drop_table("groups")
    op.drop_index("ix_forms_latest", table_name="forms")
    op.drop_index(op.f("ix_forms_deployment_key"), table_name="forms")
    op.drop_table("forms")
    op.drop_index(op.f("ix_form_submissions_task_key"), table_name="form_submissions")
    op.drop_index(op.f("ix_form_submissions_instance_key"), table_name="form_submissions")
    op.drop_index(op.f("ix_form_submissions_case_key"), table_name="form_submissions")
    op.drop_table("form_submissions")
    op.drop_index(op.f("ix_events_instance_key"), table_name="events")
    op.drop_index("ix_events_case", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_element_instances_instance", table_name="element_instances")
    op.drop_table("element_instances")
    op.drop_table("deployments")
    op.drop_index(
        op.f("ix_decision_requirements_deployment_key"), table_name="decision_requirements"
    )
    op.drop_table("decision_requirements")
    op.drop_index(op.f("ix_decision_instances_instance_key"), table_name="decision_instances")
    op.drop_index(op.f("ix_decision_instances_evaluation_key"), table_name="decision_instances")
    op.drop_index(op.f("ix_decision_instances_evaluated_at"), table_name="decision_instances")
    op.drop_index(op.f("ix_decision_instances_decision_key"), table_name="decision_instances")
    op.drop_table("decision_instances")
    op.drop_index(
        op.f("ix_decision_definitions_requirements_key"), table_name="decision_definitions"
    )
    op.drop_index("ix_decision_definitions_latest", table_name="decision_definitions")
    op.drop_index(op.f("ix_decision_definitions_deployment_key"), table_name="decision_definitions")
    op.drop_table("decision_definitions")
    op.drop_index(op.f("ix_cases_root_instance_key"), table_name="cases")
    op.drop_index(op.f("ix_cases_process_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_opened_at"), table_name="cases")
    op.drop_table("cases")
    op.drop_index("ix_case_readers_name", table_name="case_readers")
    op.drop_table("case_readers")
    op.drop_table("case_links")
    op.drop_table("calendar_days")
    op.drop_index(op.f("ix_batch_statuses_batch_no"), table_name="batch_statuses")
    op.drop_table("batch_statuses")
    op.drop_index(op.f("ix_attachments_instance_key"), table_name="attachments")
    op.drop_index(op.f("ix_attachments_case_key"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_table("attachment_contents")
    op.drop_index(op.f("ix_archives_case_key"), table_name="archives")
    op.drop_table("archives")
    op.drop_table("api_tokens")
