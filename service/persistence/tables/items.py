"""Things on paper and samples: what came in, where it is, how it moved (XC-DOC-2)."""

from sqlalchemy import Column, Table, Text

from service.persistence.tables.base import key_column, key_ref, metadata, moment, text

tracked_items = Table(
    "tracked_items",
    metadata,
    key_column(),
    key_ref("case_key", index=True),
    Column("item_no", Text, nullable=False, unique=True),
    text("kind"),
    text("description", nullable=True),
    text("state"),
    text("holder_group"),
    text("receiver_group", nullable=True),
    text("outcome", nullable=True),
    text("registered_by"),
    moment("registered_at", nullable=False),
    comment="`receiver_group` is set while the item is on its way, `outcome` once its way has ended.",
)

item_moves = Table(
    "item_moves",
    metadata,
    key_column(),
    key_ref("item_key", index=True),
    text("kind"),
    text("from_group", nullable=True),
    text("to_group", nullable=True),
    text("note", nullable=True),
    text("moved_by"),
    moment("moved_at", nullable=False),
    comment="The movement log of an item: a row a step, never changed.",
)
