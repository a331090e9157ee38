"""What runs: process instances, their elements, variables, jobs, timers, messages, incidents."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, UniqueConstraint, false
from sqlalchemy import text as sql

from service.persistence.tables.base import Json, blob, key_column, key_ref, metadata, moment, text

process_instances = Table(
    "process_instances",
    metadata,
    key_column(),
    key_ref("process_key", index=True),
    text("process_id", index=True),
    Column("version", Integer, nullable=False),
    text("state"),
    key_ref("parent_instance_key", nullable=True, index=True),
    key_ref("parent_element_instance_key", nullable=True),
    key_ref("root_key", index=True),
    key_ref("case_key", nullable=True, index=True),
    Column("call_depth", Integer, nullable=False),
    text("started_by", nullable=True),
    moment("started_at", nullable=False),
    moment("ended_at"),
    moment("suspended_at"),
    text("business_id", nullable=True),
    Column("tags", Json, nullable=False),
    text("start_message_name", nullable=True),
    text("start_correlation_key", nullable=True),
    blob("engine_state"),
    Column("row_version", Integer, nullable=False),
    Column("has_incident", Boolean, nullable=False),
    Index(
        "ix_process_instances_ended_roots",
        "ended_at",
        "key",
        postgresql_where=sql("parent_instance_key IS NULL AND ended_at IS NOT NULL"),
        sqlite_where=sql("parent_instance_key IS NULL AND ended_at IS NOT NULL"),
    ),
)

element_instances = Table(
    "element_instances",
    metadata,
    key_column(),
    key_ref("instance_key"),
    key_ref("scope_key"),
    text("element_id"),
    text("name"),
    text("type"),
    text("state"),
    moment("started_at", nullable=False),
    moment("ended_at"),
    key_ref("incident_key", nullable=True),
    Index("ix_element_instances_instance", "instance_key", "state"),
)

taken_flows = Table(
    "taken_flows",
    metadata,
    key_ref("instance_key"),
    text("flow_id"),
    Column("times", Integer, nullable=False),
    UniqueConstraint("instance_key", "flow_id"),
)

variables = Table(
    "variables",
    metadata,
    key_column(),
    key_ref("instance_key"),
    key_ref("root_key"),
    key_ref("scope_key"),
    text("name"),
    text("value"),
    Column("is_live", Boolean, nullable=False, default=True),
    UniqueConstraint("scope_key", "name"),
    Index("ix_variables_live", "instance_key", "is_live"),
    Index("ix_variables_name", "name", "instance_key"),
    comment="`value` is JSON text, as the API shows and filters it; `is_live` until the scope has ended.",
)

jobs = Table(
    "jobs",
    metadata,
    key_column(),
    key_ref("instance_key", index=True),
    key_ref("element_instance_key", index=True),
    text("element_id"),
    text("type"),
    text("kind"),
    text("listener_event_type"),
    text("state"),
    Column("retries", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("is_suspended", Boolean, nullable=False, default=False, server_default=false()),
    Column("headers", Json, nullable=False),
    Column("variables", Json, nullable=False),
    Column("caught_errors", Json, nullable=False),
    Column("task_changes", Json, nullable=True),
    text("worker", default=""),
    text("lease_token", nullable=True),
    moment("deadline_at"),
    moment("available_at", nullable=False),
    moment("created_at", nullable=False),
    moment("updated_at", nullable=False),
    moment("ended_at"),
    text("error_code", nullable=True),
    text("error_message", nullable=True),
    Index("ix_jobs_activatable", "type", "state", "available_at"),
)

timers = Table(
    "timers",
    metadata,
    key_column(),
    key_ref("instance_key", nullable=True, index=True),
    key_ref("process_key", nullable=True),
    key_ref("element_instance_key", nullable=True),
    text("element_id"),
    moment("due_at", nullable=False),
    Column("repetitions_left", Integer, nullable=True),
    text("cycle", nullable=True),
    Column("is_interrupting", Boolean, nullable=False),
    text("state"),
    moment("fired_at"),
    Column("lateness_s", Float, nullable=True),
    Column("attempts", Integer, nullable=False, default=0),
    moment("retry_at"),
    Index("ix_timers_due", "state", "due_at"),
)

message_subscriptions = Table(
    "message_subscriptions",
    metadata,
    key_column(),
    key_ref("instance_key", index=True),
    key_ref("element_instance_key"),
    text("element_id"),
    text("process_id"),
    text("message_name"),
    text("correlation_key"),
    Column("is_interrupting", Boolean, nullable=False),
    moment("opened_at", nullable=False),
    Index("ix_message_subscriptions_wait", "message_name", "correlation_key"),
)

messages = Table(
    "messages",
    metadata,
    key_column(),
    text("name"),
    text("correlation_key"),
    text("message_id", nullable=True),
    Column("variables", Json, nullable=False),
    moment("published_at", nullable=False),
    moment("expires_at", nullable=False, index=True),
    Index("ix_messages_buffer", "name", "correlation_key"),
)

message_correlations = Table(
    "message_correlations",
    metadata,
    key_column(),
    key_ref("message_key"),
    text("message_name"),
    text("correlation_key"),
    text("process_id"),
    key_ref("instance_key", index=True),
    key_ref("element_instance_key", nullable=True),
    key_ref("subscription_key", nullable=True),
    text("element_id"),
    moment("correlated_at", nullable=False),
    UniqueConstraint("message_key", "process_id"),
)

signal_subscriptions = Table(
    "signal_subscriptions",
    metadata,
    key_column(),
    key_ref("instance_key", index=True),
    key_ref("element_instance_key"),
    text("element_id"),
    text("signal_name", index=True),
    Column("is_interrupting", Boolean, nullable=False),
    moment("opened_at", nullable=False),
)

condition_subscriptions = Table(
    "condition_subscriptions",
    metadata,
    key_column(),
    key_ref("instance_key", index=True),
    key_ref("element_instance_key"),
    text("element_id"),
    text("condition"),
    text("changes"),
    Column("is_interrupting", Boolean, nullable=False),
    moment("opened_at", nullable=False),
    comment="Only to be seen: the engine asks conditions by itself. `changes`: comma separated, none: both.",
)

signals = Table(
    "signals",
    metadata,
    key_column(),
    text("name"),
    Column("variables", Json, nullable=False),
    moment("broadcast_at", nullable=False),
)

signal_deliveries = Table(
    "signal_deliveries",
    metadata,
    key_column(),
    key_ref("signal_key", index=True),
    key_ref("instance_key", nullable=True, index=True),
    key_ref("subscription_key", nullable=True),
    key_ref("process_key", nullable=True),
    text("element_id"),
    comment="Whom a signal has still to reach: an instance that waits, or a process that it starts.",
)

incidents = Table(
    "incidents",
    metadata,
    key_column(),
    key_ref("instance_key", index=True),
    key_ref("element_instance_key"),
    text("element_id"),
    key_ref("job_key", nullable=True),
    text("error_type"),
    text("message"),
    text("state"),
    moment("created_at", nullable=False),
    moment("resolved_at"),
    text("resolved_by", nullable=True),
    Index("ix_incidents_state", "state", "created_at"),
)

suspended_returns = Table(
    "suspended_returns",
    metadata,
    key_column(),
    key_ref("instance_key", index=True),
    key_ref("element_instance_key"),
    Column("variables", Json, nullable=False),
    text("error_code", nullable=True),
    text("error_message", nullable=True),
    text("escalation_code", nullable=True),
    comment="What called processes gave back to a suspended caller; taken when it is resumed.",
)

decision_instances = Table(
    "decision_instances",
    metadata,
    key_column(),
    key_ref("evaluation_key", index=True),
    Column("position", Integer, nullable=False),
    key_ref("decision_key", index=True),
    key_ref("requirements_key", nullable=True),
    text("decision_id"),
    text("name", nullable=True),
    Column("version", Integer, nullable=False),
    text("kind"),
    text("state"),
    key_ref("process_key", nullable=True),
    key_ref("instance_key", nullable=True, index=True),
    key_ref("element_instance_key", nullable=True),
    text("element_id", nullable=True),
    moment("evaluated_at", nullable=False, index=True),
    text("evaluated_by", nullable=True),
    Column("inputs", Json, nullable=False),
    Column("matched_rules", Json, nullable=False),
    Column("cells", Json, nullable=True),
    Column("notes", Json, nullable=True),
    text("output", nullable=True),
    text("failure", nullable=True),
    Column("is_root", Boolean, nullable=False),
)
