"""What is kept of instances whose time is over: the file of their history, and who let it be deleted."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from service.persistence.tables.base import Json, blob, key_column, key_ref, metadata, moment, text

retained_histories = Table(
    "retained_histories",
    metadata,
    key_column(),
    Column("root_key", BigInteger, nullable=False, unique=True),
    key_ref("case_key", nullable=True, index=True),
    text("case_no", nullable=True),
    text("process_id"),
    moment("ended_at", nullable=False),
    moment("retain_until", nullable=False),
    text("state"),
    moment("frozen_at", nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rows", Json, nullable=False),
    text("confirmed_by", nullable=True),
    moment("confirmed_at"),
    moment("deleted_at"),
    Index("ix_retained_histories_state", "state", "retain_until"),
    comment="`state`: FROZEN, CONFIRMED, DELETED. Events of confirmed ones alone may be removed (trigger).",
)

retained_contents = Table(
    "retained_contents", metadata, key_column(), blob("content"), comment="ZIP, by history."
)
