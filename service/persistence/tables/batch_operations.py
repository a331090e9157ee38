"""Batch operations: one command on many things, an item each."""

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint

from service.persistence.tables.base import Json, key_column, key_ref, metadata, moment, text

batch_operations = Table(
    "batch_operations",
    metadata,
    key_column(),
    text("kind"),
    text("state"),
    moment("created_at", nullable=False),
    moment("started_at"),
    moment("ended_at"),
    text("created_by"),
    Column("is_by_program", Boolean, nullable=False),
    Column("filter", Json, nullable=False),
    Column("plan", Json, nullable=False),
    text("failure", nullable=True),
    key_ref("found_until", nullable=True),
    key_ref("sent_until", nullable=True),
    Index("ix_batch_operations_state", "state", "created_at"),
    comment="`kind` is the API's batchOperationType; `filter` picks the items, `plan` says what to do. "
    "`found_until` is the last item found so far, `sent_until` the last chunk handed to a worker.",
)

batch_operation_items = Table(
    "batch_operation_items",
    metadata,
    key_column(),
    key_ref("batch_key"),
    key_ref("chunk_key", index=True),
    key_ref("item_key"),
    key_ref("instance_key", nullable=True, index=True),
    key_ref("root_key", nullable=True),
    text("state"),
    moment("processed_at"),
    Column("error", Json, nullable=True),
    UniqueConstraint("batch_key", "item_key"),
    Index("ix_batch_operation_items_state", "batch_key", "state", "chunk_key"),
    comment="`chunk_key` is the key of the first item that the same worker works off.",
)
