"""The house itself: people, tokens, parameters, calendar, the outbox, the beat of the machines."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from service.persistence.tables.base import (
    Json,
    JsonText,
    key_column,
    key_ref,
    metadata,
    moment,
    text,
)

people = Table(
    "people",
    metadata,
    Column("username", Text, primary_key=True),
    text("name"),
    text("email", nullable=True),
    text("password_hash", nullable=True),
    Column("roles", Json, nullable=False),
    text("department", nullable=True),
    Column("is_active", Boolean, nullable=False),
    Column("is_program", Boolean, nullable=False),
    text("locale", nullable=True),
    Column("is_deleted", Boolean, nullable=False, server_default=false()),
    Column("session_epoch", Integer, nullable=False, server_default="0"),
)
"""A deleted account keeps its row: its name stands in the history and is given to nobody else."""

groups = Table(
    "groups",
    metadata,
    Column("key", Text, primary_key=True),
    text("name"),
    text("description", nullable=True),
    Column("roles", Json, nullable=False, server_default="[]"),
    Column("other_names", Json, nullable=False),
    Column("is_department", Boolean, nullable=False),
    text("supervisor_group", nullable=True),
)

memberships = Table(
    "memberships",
    metadata,
    text("group_key"),
    text("username", index=True),
    UniqueConstraint("group_key", "username"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("sha256", Text, primary_key=True),
    text("username"),
    text("label"),
    moment("created_at", nullable=False),
    moment("expires_at"),
    moment("revoked_at"),
)

parameters = Table(
    "parameters",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JsonText, nullable=False, server_default="null"),
    Column("default", Json, nullable=False),
    text("unit", nullable=True),
    text("label"),
    Column("rule_refs", Json, nullable=False),
    text("changed_by", nullable=True),
    moment("changed_at"),
    Column("is_shipped", Boolean, nullable=False, server_default=true()),
    Column("metadata", Json, nullable=True),
)

tenant_variables = Table(
    "tenant_variables",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JsonText, nullable=False, server_default="null"),
    Column("metadata", Json, nullable=True),
    text("changed_by"),
    moment("changed_at", nullable=False),
    comment="Cluster variables of the tenant; expressions see them above the parameters.",
)

global_listeners = Table(
    "global_listeners",
    metadata,
    Column("id", Text, primary_key=True),
    text("type"),
    Column("event_types", Json, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("after_non_global", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    text("changed_by"),
    moment("changed_at", nullable=False),
    comment="Task listeners of all processes, made over the API.",
)

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_working", Boolean, nullable=False),
    text("name", nullable=True),
    text("changed_by", nullable=True),
)

outbox = Table(
    "outbox",
    metadata,
    key_column(),
    text("job"),
    key_ref("subject_key"),
    Column("effect_key", Text, nullable=False, unique=True),
    moment("created_at", nullable=False),
    moment("available_at", nullable=False),
    moment("sent_at"),
    moment("done_at"),
    Column("attempts", Integer, nullable=False),
    text("error", nullable=True),
    Index("ix_outbox_open", "done_at", "available_at"),
    comment="One row an outside effect: `effect_key` makes it happen once, `done_at` ends it.",
)

nodes = Table(
    "nodes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last", Integer, nullable=False),
    comment="One row, `keys`: each process that makes keys takes the next number at its start.",
)

revisions = Table(
    "revisions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    comment="One row, `house`: counts the changes of tables that processes remember (triggers).",
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    moment("at", nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    key_column(),
    text("username"),
    text("address"),
    moment("at", nullable=False),
    Index("ix_sign_in_failures_recent", "username", "at"),
)
