"""What was deployed: resources and the definitions in them.

Rows here never change but by deletion: `state`, `is_latest`, `purged_by`. A deleted definition keeps its row,
so that its version is never given again and what it left behind can still be read.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from service.persistence.tables.base import Json, blob, key_column, key_ref, metadata, moment, text

deployments = Table(
    "deployments",
    metadata,
    key_column(),
    moment("deployed_at", nullable=False),
    text("deployed_by"),
)

resources = Table(
    "resources",
    metadata,
    key_column(),
    key_ref("deployment_key", index=True),
    text("name"),
    text("checksum"),
    blob("content"),
)

process_definitions = Table(
    "process_definitions",
    metadata,
    key_column(),
    text("process_id"),
    Column("version", Integer, nullable=False),
    text("version_tag", nullable=True),
    text("name", nullable=True),
    text("resource_name"),
    key_ref("resource_key"),
    key_ref("deployment_key", index=True),
    text("checksum"),
    text("start_form_id", nullable=True),
    Column("properties", Json, nullable=False),
    Column("is_latest", Boolean, nullable=False),
    text("state", default="ACTIVE"),
    text("purged_by", nullable=True),
    moment("deployed_at", nullable=False),
    UniqueConstraint("process_id", "version"),
)
"""`purged_by`: who asked that the history goes with it, once nothing of it runs any more."""

decision_requirements = Table(
    "decision_requirements",
    metadata,
    key_column(),
    text("requirements_id"),
    text("name", nullable=True),
    text("namespace"),
    Column("version", Integer, nullable=False),
    text("resource_name"),
    key_ref("resource_key"),
    key_ref("deployment_key", index=True),
    text("checksum"),
    Column("is_latest", Boolean, nullable=False),
    text("state", default="ACTIVE"),
    text("purged_by", nullable=True),
    UniqueConstraint("requirements_id", "version"),
    Index("ix_decision_requirements_namespace", "namespace", "is_latest"),
)

decision_imports = Table(
    "decision_imports",
    metadata,
    Column("requirements_key", BigInteger, primary_key=True, autoincrement=False),
    Column("namespace", Text, primary_key=True),
    key_ref("imported_key"),
)

decision_definitions = Table(
    "decision_definitions",
    metadata,
    key_column(),
    text("decision_id"),
    text("name", nullable=True),
    Column("version", Integer, nullable=False),
    text("version_tag", nullable=True),
    key_ref("requirements_key", index=True),
    key_ref("deployment_key", index=True),
    Column("is_latest", Boolean, nullable=False),
    text("state", default="ACTIVE"),
    UniqueConstraint("decision_id", "version"),
)

forms = Table(
    "forms",
    metadata,
    key_column(),
    text("form_id"),
    Column("version", Integer, nullable=False),
    text("version_tag", nullable=True),
    text("resource_name"),
    key_ref("resource_key"),
    key_ref("deployment_key", index=True),
    text("checksum"),
    Column("is_latest", Boolean, nullable=False),
    text("state", default="ACTIVE"),
    UniqueConstraint("form_id", "version"),
)

generic_resources = Table(
    "generic_resources",
    metadata,
    key_column(),
    text("resource_id"),
    Column("version", Integer, nullable=False),
    text("version_tag", nullable=True),
    text("resource_name"),
    key_ref("resource_key"),
    key_ref("deployment_key", index=True),
    text("checksum"),
    Column("is_latest", Boolean, nullable=False),
    text("state", default="ACTIVE"),
    UniqueConstraint("resource_id", "version"),
    comment="Files that are neither processes, decisions nor forms: kept and handed out as they are.",
)

start_events = Table(
    "start_events",
    metadata,
    key_column(),
    key_ref("process_key", index=True),
    text("process_id", index=True),
    text("element_id"),
    text("kind"),
    text("name", nullable=True, index=True),
    Column("part", Integer, nullable=False, default=0, server_default="0"),
    comment="What starts instances of the latest versions; timers stand in their own table.",
)

Index(
    "ix_process_definitions_latest",
    process_definitions.c.process_id,
    process_definitions.c.is_latest,
)
Index(
    "ix_decision_definitions_latest",
    decision_definitions.c.decision_id,
    decision_definitions.c.is_latest,
)
Index("ix_forms_latest", forms.c.form_id, forms.c.is_latest)

start_triggers = Table(
    "start_triggers",
    metadata,
    key_column(),
    key_ref("process_key"),
    text("process_id"),
    text("element_id"),
    Column("part", Integer, nullable=False),
    text("correlation_key"),
    key_ref("message_key", nullable=True),
    text("message_name", nullable=True),
    text("business_id", nullable=True),
    Column("variables", Json, nullable=False),
    moment("came_at", nullable=False),
    moment("dropped_at"),
    Index("ix_start_triggers_process_id_element_id", "process_id", "element_id"),
    comment="What has come of parallel multiple start events that still lack something.",
)
