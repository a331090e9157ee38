"""Rights beyond the built-in roles: roles of the house's own making, and authorizations record by record."""

from sqlalchemy import Column, Index, Table, Text

from service.persistence.tables.base import Json, key_column, metadata, text

roles = Table(
    "roles",
    metadata,
    Column("role_id", Text, primary_key=True),
    text("name"),
    text("description", nullable=True),
    comment="Roles beside the built-in ones; they grant what authorizations say of them.",
)

authorizations = Table(
    "authorizations",
    metadata,
    key_column(),
    text("owner_type"),
    text("owner_id"),
    text("resource_type"),
    text("resource_id"),
    Column("permission_types", Json, nullable=False),
    Index("ix_authorizations_owner", "owner_type", "owner_id"),
)
