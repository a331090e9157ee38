"""Work for people: user tasks, their candidates, drafts, clocks and what was submitted."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy import text as sql

from service.persistence.tables.base import Json, key_column, key_ref, metadata, moment, text

user_tasks = Table(
    "user_tasks",
    metadata,
    key_column(),
    key_ref("element_instance_key", index=True),
    key_ref("instance_key", index=True),
    key_ref("root_key"),
    key_ref("process_key"),
    text("process_id"),
    text("process_name", nullable=True),
    Column("version", Integer, nullable=False),
    key_ref("case_key", nullable=True, index=True),
    key_ref("scope_key"),
    Column("loop_counter", Integer, nullable=True),
    text("element_id"),
    text("name"),
    text("state"),
    text("assignee", nullable=True),
    Column("candidate_groups", Json, nullable=False),
    Column("candidate_users", Json, nullable=False),
    Column("priority", Integer, nullable=False),
    moment("due_at"),
    moment("follow_up_at"),
    key_ref("form_key", nullable=True),
    text("external_form_reference", nullable=True),
    Column("headers", Json, nullable=False),
    Column("properties", Json, nullable=False),
    moment("created_at", nullable=False),
    moment("completed_at"),
    text("completed_by", nullable=True),
    text("action", nullable=True),
    Column("overdue_level", Integer, nullable=False, default=0),
    Column("is_late", Boolean, nullable=True),
    Column("is_suspended", Boolean, nullable=False, default=False, server_default=false()),
    Column("row_version", Integer, nullable=False),
    comment="`key` is the userTaskKey. `is_late` is set at completion; before, `overdue_level` says it.",
)
_IS_CREATED, _IS_COMPLETED = sql("state = 'CREATED'"), sql("completed_by IS NOT NULL")
Index(
    "ix_user_tasks_mine",
    user_tasks.c.assignee,
    user_tasks.c.due_at,
    user_tasks.c.key,
    postgresql_where=_IS_CREATED,
    sqlite_where=_IS_CREATED,
)
Index(
    "ix_user_tasks_open",
    user_tasks.c.due_at,
    user_tasks.c.key,
    postgresql_where=_IS_CREATED,
    sqlite_where=_IS_CREATED,
)
Index(
    "ix_user_tasks_done",
    user_tasks.c.completed_by,
    user_tasks.c.completed_at,
    user_tasks.c.key,
    postgresql_where=_IS_COMPLETED,
    sqlite_where=_IS_COMPLETED,
)
Index(
    "ix_user_tasks_others",
    user_tasks.c.assignee,
    postgresql_where=sql("state <> 'CREATED' AND completed_by IS DISTINCT FROM assignee"),
    sqlite_where=sql("state <> 'CREATED' AND completed_by IS NOT assignee"),
)
Index(
    "ix_user_tasks_supervised",
    user_tasks.c.case_key,
    postgresql_where=sql("properties ->> 'supervisors' IS NOT NULL"),
    sqlite_where=sql("JSON_EXTRACT(properties, '$.\"supervisors\"') IS NOT NULL"),
)

# Written at once, not gathered: what is gathered is read from end to end by every search.
_GIN: dict[str, Any] = {"postgresql_using": "gin", "postgresql_with": {"fastupdate": "off"}}
Index(
    "ix_user_tasks_was_candidate",
    user_tasks.c.candidate_groups,
    user_tasks.c.candidate_users,
    postgresql_where=sql("state <> 'CREATED'"),
    **_GIN,
).ddl_if(dialect="postgresql")
Index(
    "ix_user_tasks_supervisors",
    sql("string_to_array(replace(properties ->> 'supervisors', ' ', ''), ',')"),
    postgresql_where=sql("properties ->> 'supervisors' IS NOT NULL"),
    _table=user_tasks,
    **_GIN,
).ddl_if(dialect="postgresql")

user_task_candidates = Table(
    "user_task_candidates",
    metadata,
    key_ref("task_key"),
    text("kind"),
    text("name"),
    moment("due_at"),
    moment("created_at", nullable=False),
    text("process_id"),
    Column("is_free", Boolean, nullable=False),
    PrimaryKeyConstraint("task_key", "kind", "name"),
    Index(
        "ix_user_task_candidates_list",
        "kind",
        "name",
        "due_at",
        "task_key",
        "created_at",
        "process_id",
        "is_free",
    ),
    comment="Rows only while the task is CREATED; what lists of candidates are read by, and no more.",
)

user_task_drafts = Table(
    "user_task_drafts",
    metadata,
    key_ref("task_key"),
    text("username"),
    Column("variables", Json, nullable=False),
    Column("draft_version", Integer, nullable=False),
    moment("saved_at", nullable=False),
    UniqueConstraint("task_key", "username"),
)

task_reads = Table(
    "task_reads",
    metadata,
    key_ref("task_key"),
    text("username"),
    moment("read_at", nullable=False),
    PrimaryKeyConstraint("task_key", "username"),
    comment="Who has opened an open task; a task without a row is unread for him.",
)

task_clocks = Table(
    "task_clocks",
    metadata,
    Column("task_key", BigInteger, primary_key=True, autoincrement=False),
    text("kind"),
    Column("level", Integer, nullable=False),
    moment("due_at", nullable=False),
    text("state"),
    moment("claimed_until"),
    comment="The next mark of an open task's clock: reminder, overdue, escalation (XC-X-2 to XC-X-4).",
)
Index(
    "ix_task_clocks_due",
    task_clocks.c.due_at,
    postgresql_where=sql("state = 'OPEN'"),
    sqlite_where=sql("state = 'OPEN'"),
)

user_task_changes = Table(
    "user_task_changes",
    metadata,
    key_column(),
    key_ref("task_key", index=True),
    text("event"),
    text("action"),
    Column("variables", Json, nullable=False),
    text("sets", nullable=True),
    text("asked_by"),
    moment("asked_at", nullable=False),
    text("outcome", nullable=True),
    text("reason", nullable=True),
    moment("ended_at"),
    comment="What was asked of a user task whose listeners answer first; `outcome` when they have.",
)

form_submissions = Table(
    "form_submissions",
    metadata,
    key_column(),
    key_ref("task_key", nullable=True),
    key_ref("instance_key", index=True),
    key_ref("case_key", nullable=True, index=True),
    text("element_id"),
    text("form_id"),
    key_ref("form_key"),
    Column("round", Integer, nullable=False),
    Column("values", Json, nullable=False),
    text("submitted_by"),
    moment("submitted_at", nullable=False),
    comment="Every submission is kept (XC-X-7); `round` counts those of one form in one instance.",
)

hand_ins = Table(
    "hand_ins",
    metadata,
    Column("username", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    text("digest"),
    key_ref("subject_key"),
    moment("at", nullable=False, index=True),
    comment="Papers handed in lately by their page's own id: a second attempt is answered as the first.",
)
