"""The metadata that all tables share, and the column types of the house."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, LargeBinary, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from service.persistence.json_values import json_text, json_value

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. A naive datetime is refused: it would be somebody's guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What its values are: readers of cursors ask."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC for the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected an aware datetime, got {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored moment its zone back (SQLite forgets it)."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON value, stored as the compact text that the API shows: compared and sorted as it is read."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Write the value; None is JSON's null."""
        return json_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the value."""
        return None if value is None else json_value(value)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON value that may be queried. Key order is not kept: never for engine state."""


def key_column() -> Column[int]:
    """Return the primary key column `key`: a 63-bit key from `domain.keys`, never the database's own."""
    return Column("key", BigInteger, primary_key=True, autoincrement=False)


def key_ref(name: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    """Return a column that holds another row's key.

    Foreign keys are declared only where the row cannot outlive the other; keys of ended things stay
    readable in the history after their rows are archived.
    """
    return Column(name, BigInteger, nullable=nullable, index=index)


def moment(name: str, *, nullable: bool = True, index: bool = False) -> Column[Any]:
    """Return a column of an aware moment, UTC."""
    return Column(name, Moment, nullable=nullable, index=index)


def text(
    name: str, *, nullable: bool = False, index: bool = False, default: str | None = None
) -> Column[str]:
    """Return a text column without a length limit (limits are the validators' work)."""
    return Column(name, Text, nullable=nullable, index=index, default=default)


def blob(name: str) -> Column[bytes]:
    """Return a column of bytes; it is never null."""
    return Column(name, LargeBinary, nullable=False)
