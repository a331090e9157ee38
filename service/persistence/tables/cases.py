"""What the customer sees and the auditor reads: cases, files, history, notices, registers."""

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    cast,
    literal_column,
)
from sqlalchemy import text as sql

from service.persistence.tables.base import Json, blob, key_column, key_ref, metadata, moment, text

cases = Table(
    "cases",
    metadata,
    key_column(),
    Column("case_no", Text, nullable=False, unique=True),
    key_ref("root_instance_key", index=True),
    text("process_id", index=True),
    text("title", nullable=True),
    text("customer", nullable=True),
    text("grade", nullable=True, index=True),
    text("channel", nullable=True),
    moment("deadline_at"),
    text("state"),
    text("opened_by", nullable=True, index=True),
    moment("opened_at", nullable=False),
    moment("closed_at"),
    Column("facts", Json, nullable=False),
    Column("is_overdue", Boolean, nullable=False, default=False),
    Index("ix_cases_list", "opened_at", "key"),
)


def fact(name: str) -> ColumnElement[str]:
    """Return a fact of a case as text, NULL where it has none.

    The name stands in the text of a statement: with a parameter in its place it would be another
    expression than that of the indexes below.

    Args:
        name: Of letters and `_` alone.
    """
    assert name.isidentifier(), name
    return cast(cases.c.facts.op("->>", return_type=Text())(literal_column(f"'{name}'")), Text)


IS_PROBLEM = fact("problem_type").is_not(None)
"""Whether a case is about a problem; a freeze or a recall is not. The indexes hold only such cases."""

Index(
    "ix_cases_batch",
    fact("batch_no"),
    cases.c.key,
    postgresql_where=IS_PROBLEM,
    sqlite_where=IS_PROBLEM,
)
Index(
    "ix_cases_problem",
    fact("customer_name"),
    fact("problem_type"),
    cases.c.key,
    postgresql_where=IS_PROBLEM,
    sqlite_where=IS_PROBLEM,
)

case_links = Table(
    "case_links",
    metadata,
    key_ref("case_key"),
    key_ref("other_key"),
    text("kind"),
    UniqueConstraint("case_key", "other_key", "kind"),
)

case_readers = Table(
    "case_readers",
    metadata,
    key_ref("case_key"),
    text("kind"),
    text("name"),
    text("reason"),
    moment("since", nullable=False),
    UniqueConstraint("case_key", "kind", "name", "reason"),
    Index("ix_case_readers_name", "kind", "name"),
)

number_series = Table(
    "number_series",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Text, primary_key=True),
    key_ref("case_key", nullable=True, index=True),
    key_ref("instance_key", nullable=True, index=True),
    key_ref("task_key", nullable=True),
    text("file_name"),
    text("content_type"),
    Column("size", Integer, nullable=False),
    text("sha256"),
    text("uploaded_by", nullable=True),
    moment("uploaded_at", nullable=False),
    Column("is_bound", Boolean, nullable=False),
    moment("expires_at"),
    Column("claimed", Json, nullable=True),
    comment="`is_bound` once a submitted form refers to it; unbound files are swept at `expires_at`.",
)

attachment_contents = Table(
    "attachment_contents", metadata, Column("id", Text, primary_key=True), blob("content")
)

JOB_FAILURES = ("job.failed", "job.error_thrown", "job.timed_out")
"""Kinds of the events that job statistics count as failures: asked for as literals, as their index has them."""

_IS_JOB_FAILURE = sql(f"kind IN {JOB_FAILURES}")

events = Table(
    "events",
    metadata,
    key_column(),
    moment("at", nullable=False),
    text("kind"),
    key_ref("instance_key", nullable=True, index=True),
    key_ref("root_key", nullable=True),
    key_ref("case_key", nullable=True),
    text("element_id", nullable=True),
    text("who", nullable=True),
    text("on_behalf_of", nullable=True),
    Column("before", Json, nullable=True),
    Column("after", Json, nullable=True),
    Column("rule_refs", Json, nullable=False),
    Column("detail", Json, nullable=False),
    Index("ix_events_case", "case_key", "key"),
    Index(
        "ix_events_failed_jobs",
        "at",
        postgresql_where=_IS_JOB_FAILURE,
        sqlite_where=_IS_JOB_FAILURE,
    ),
    comment="Append only (XC-X-6): triggers refuse update and delete.",
)

notifications = Table(
    "notifications",
    metadata,
    key_column(),
    text("username"),
    key_ref("case_key", nullable=True),
    key_ref("task_key", nullable=True),
    text("message_id", nullable=True),
    text("subject"),
    text("body"),
    moment("created_at", nullable=False),
    moment("read_at"),
    Index("ix_notifications_inbox", "username", "read_at", "created_at"),
)

mails = Table(
    "mails",
    metadata,
    key_column(),
    text("recipient"),
    text("subject"),
    text("body"),
    Column("attachment_ids", Json, nullable=False),
    text("message_id", nullable=True),
    key_ref("case_key", nullable=True, index=True),
    Column("is_to_customer", Boolean, nullable=False),
    text("state"),
    Column("attempts", Integer, nullable=False),
    moment("created_at", nullable=False),
    moment("next_attempt_at"),
    moment("sent_at"),
    text("error", nullable=True),
    text("requested_by_group", nullable=True),
    Index("ix_mails_state", "state", "next_attempt_at"),
)

quick_notices = Table(
    "quick_notices",
    metadata,
    key_column(),
    Column("notice_no", Text, nullable=False, unique=True),
    text("problem_type"),
    Column("content", Json, nullable=False),
    text("state"),
    moment("in_force_from", nullable=False),
    Column("valid_to_on", Date, nullable=True),
    moment("ended_at"),
    key_ref("case_key", nullable=True),
)

quick_notice_batches = Table(
    "quick_notice_batches",
    metadata,
    key_ref("notice_key", index=True),
    text("batch_no", index=True),
    UniqueConstraint("notice_key", "batch_no"),
)

batch_statuses = Table(
    "batch_statuses",
    metadata,
    key_column(),
    text("batch_no", index=True),
    text("status"),
    text("reason", nullable=True),
    text("changed_by", nullable=True),
    moment("changed_at", nullable=False),
    key_ref("case_key", nullable=True),
    comment="A log: the newest row of a batch is its status (PF-X-1).",
)

archives = Table(
    "archives",
    metadata,
    key_column(),
    Column("archive_no", Text, nullable=False, unique=True),
    key_ref("case_key", index=True),
    moment("archived_at", nullable=False),
    moment("retain_until", nullable=False),
    text("state"),
    text("file_attachment_id", nullable=True),
    text("sha256", nullable=True),
)
