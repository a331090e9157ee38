"""From the JSON of a filter to SQL conditions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal_column, or_, true

from service.domain.errors import BadInputError
from service.reports.search.kinds import FLAG, TEXT, Kind, refused
from service.reports.search.sql import matches

Condition = ColumnElement[bool]

NOTHING: Condition = false()
"""The condition of no row."""

LONGEST_LIST = 1000
"""Values that one `$in`, `$notIn`, `$or` or list of variables may hold."""

_COMPARE: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "$eq": lambda column, value: column == value,
    "$neq": lambda column, value: or_(column != value, column.is_(None)),
    "$gt": lambda column, value: column > value,
    "$gte": lambda column, value: column >= value,
    "$lt": lambda column, value: column < value,
    "$lte": lambda column, value: column <= value,
    "$in": lambda column, values: column.in_(values),
    "$notIn": lambda column, values: or_(column.not_in(values), column.is_(None)),
}


@dataclass(frozen=True)
class Field:
    """A filter field that compares one column.

    Attributes:
        column: The SQL expression; NULL means that the thing has no such value.
        kind: Its kind, with or without operators.
    """

    column: ColumnElement[Any]
    kind: Kind

    def condition(self, given: Any, path: str) -> Condition:
        """Return the condition of a bare value or of an object of operators, ANDed.

        Raises:
            BadInputError: Wrong type, or an operator that the field does not take.
        """
        if not isinstance(given, dict):
            return self._compare("$eq", given, path)
        if not self.kind.operators:
            raise refused(path, f"{self.kind.expected} (it takes no operators)", given)
        parts = [self._compare(name, value, f"{path}.{name}") for name, value in given.items()]
        return and_(true(), *parts)

    def _compare(self, operator: str, given: Any, path: str) -> Condition:
        if operator != "$eq" and operator not in self.kind.operators:
            known = ", ".join(sorted(self.kind.operators))
            raise BadInputError(
                f"Expected '{path}' to be one of {known}.", unknown_field=path, field=path
            )
        if given is None:
            return true()
        if operator == "$exists":
            is_there = FLAG.value(given, path)
            return self.column.is_not(None) if is_there else self.column.is_(None)
        if operator == "$like":
            return matches(self.column, TEXT.value(given, path))
        if operator in ("$in", "$notIn"):
            values = [self.kind.value(item, path) for item in listed(given, path)]
            return _COMPARE[operator](self.column, values)
        return _COMPARE[operator](self.column, self._value(given, path))

    def _value(self, given: Any, path: str) -> Any:
        """Return a value; a word of an enumeration stands in the text, so that a plan may go by it."""
        value = self.kind.value(given, path)
        return literal_column(f"'{value}'") if self.kind.words else value


@dataclass(frozen=True)
class Special:
    """A filter field with a meaning of its own.

    Attributes:
        condition: (JSON value, path) -> condition; raises BadInputError.
        kind: What it takes.
        is_list: Whether it takes a list of that.
    """

    condition: Callable[[Any, str], Condition]
    kind: Kind
    is_list: bool = False


def only_if(column: ColumnElement[bool]) -> Special:
    """Return a filter field that asks for a flag; false asks for nothing.

    Source: Camunda 8 (`isLatestVersion`, RDBMS and search indexes alike).
    """

    def condition(given: Any, path: str) -> Condition:
        return column if FLAG.value(given, path) else true()

    return Special(condition, FLAG)


@dataclass(frozen=True)
class Joint:
    """Filter fields that must hold of one and the same related row.

    Attributes:
        fields: Their names and columns of the related table.
        exists: From the condition on the related row to the condition on the noun.
    """

    fields: Mapping[str, Field]
    exists: Callable[[Condition], Condition]


@dataclass(frozen=True)
class Filters:
    """All filter fields of a noun.

    Attributes:
        takes_or: Whether `$or` may stand beside the fields.
    """

    fields: Mapping[str, Field | Special]
    joints: tuple[Joint, ...] = ()
    takes_or: bool = False

    @property
    def all_fields(self) -> Mapping[str, Field | Special]:
        """Every field by its name, those of related rows, too."""
        joint = {name: field for one in self.joints for name, field in one.fields.items()}
        return {**self.fields, **joint}

    def conditions(self, given: Any, path: str = "filter") -> list[Condition]:
        """Return the conditions of a filter object; null or absent fields count as not given.

        Raises:
            BadInputError: An unknown field or operator, or a value of the wrong type; the text names it.
        """
        if given is None:
            return []
        if not isinstance(given, dict):
            raise refused(path, "an object", given)
        present = {name: value for name, value in given.items() if value is not None}
        alternatives = present.pop("$or", None) if self.takes_or else None
        conditions = self._of_fields(present, path)
        if alternatives is not None:
            conditions.append(self._any_of(alternatives, f"{path}.$or"))
        return conditions

    def _of_fields(self, given: Mapping[str, Any], path: str) -> list[Condition]:
        joint_names = {name for joint in self.joints for name in joint.fields}
        conditions = []
        for name, value in given.items():
            if name in joint_names:
                continue
            known = self.fields.get(name)
            if known is None:
                raise BadInputError(
                    f"Expected '{path}.{name}' to be a known filter field, but it is not.",
                    field=f"{path}.{name}",
                    unknown_field=f"{path}.{name}",
                )
            conditions.append(known.condition(value, f"{path}.{name}"))
        return conditions + [c for joint in self.joints for c in _of_joint(joint, given, path)]

    def _any_of(self, given: Any, path: str) -> Condition:
        parts = []
        for position, alternative in enumerate(listed(given, path)):
            here = f"{path}[{position}]"
            if not isinstance(alternative, dict):
                raise refused(here, "an object", alternative)
            present = {name: value for name, value in alternative.items() if value is not None}
            parts.append(and_(true(), *self._of_fields(present, here)))
        return or_(*parts) if parts else true()


def _of_joint(joint: Joint, given: Mapping[str, Any], path: str) -> list[Condition]:
    inner = [
        field.condition(given[name], f"{path}.{name}")
        for name, field in joint.fields.items()
        if name in given
    ]
    return [joint.exists(and_(*inner))] if inner else []


def listed(given: Any, path: str) -> list[Any]:
    """Return a JSON list of at most `LONGEST_LIST` items.

    Raises:
        BadInputError: It is none, or longer.
    """
    if not isinstance(given, list) or len(given) > LONGEST_LIST:
        raise refused(path, f"a list of at most {LONGEST_LIST} items", given)
    return given
