"""Parameters and the holiday calendar: changed in the browser, counted from then on (XC-T-6, XC-P-5)."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from service.domain.cluster_variables import ClusterVariable, require_metadata, require_name
from service.domain.errors import AlreadyExistsError, BadInputError, NotFoundError, WrongStateError
from service.domain.told import told
from service.identity import Person, policy
from service.persistence.tables import house as tables
from service.persistence.upserts import insert_new, upsert
from service.usecases.house import House


def load_shipped(house: House, entries: Sequence[Mapping[str, Any]]) -> None:
    """Take over shipped parameters: new ones are added, changed defaults counted, values kept.

    A value that an administrator changed stays; one that nobody touched follows the new default.
    """
    table = tables.parameters
    with house.database.unit(house.outside) as unit:
        there = {row.key: row for row in unit.connection.execute(select(table))}
        for entry in entries:
            values = {
                "default": entry["value"],
                "unit": entry.get("unit"),
                "label": entry["label"],
                "rule_refs": list(entry.get("ruleRefs", ())),
                "is_shipped": True,
            }
            row = there.get(entry["key"])
            if row is None:
                unit.connection.execute(
                    insert(table).values(key=entry["key"], value=entry["value"], **values)
                )
            elif any(getattr(row, name) != value for name, value in values.items()):
                if row.changed_by is None:
                    values["value"] = entry["value"]
                unit.connection.execute(
                    update(table).where(table.c.key == row.key).values(**values)
                )
        unit.commit()


def change(
    house: House, person: Person, key: str, value: Any, metadata: Mapping[str, Any] | None = None
) -> ClusterVariable:
    """Give a parameter another value and return it; timers that run keep theirs (XC-T-7).

    Args:
        house: Where.
        person: Who asks.
        key: Of the parameter.
        value: JSON.
        metadata: What is said of it from now on; None: what was said.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such parameter.
        BadInputError: Another kind of value than the shipped one, another number of values, or a number
            below 0; or metadata that are none.
    """
    policy.may_keep_variables(person, "UPDATE").require()
    said = {} if metadata is None else {"metadata": dict(metadata) or None}
    require_metadata(metadata or {})
    table = tables.parameters
    with house.database.unit(house.outside) as unit:
        row = _locked(unit.connection, key)
        if row.is_shipped:
            _check_kind(key, row.default, value)
        unit.connection.execute(
            update(table)
            .where(table.c.key == key)
            .values(value=value, changed_by=person.username, changed_at=unit.now, **said)
        )
        before = {"metadata": row.metadata} if said else {}
        unit.record(
            "parameter.changed",
            who=person.username,
            before={"key": key, "value": row.value, **before},
            after={"key": key, "value": value, **said},
            rule_refs=tuple(row.rule_refs),
        )
        unit.commit()
    return ClusterVariable(key, value, (row.metadata if metadata is None else metadata) or {})


def make(
    house: House, person: Person, key: str, value: Any, metadata: Mapping[str, Any]
) -> ClusterVariable:
    """Make a parameter that no file ships; expressions read it as `camunda.vars.cluster.<key>`.

    Raises:
        NotAllowedError: He is no administrator and not authorized.
        AlreadyExistsError: There is one of that name.
        BadInputError: The name cannot stand in an expression; metadata that are none.
    """
    policy.may_keep_variables(person, "CREATE").require()
    require_name(key)
    require_metadata(metadata)
    with house.database.unit(house.outside) as unit:
        row = {
            "key": key,
            "value": value,
            "default": value,
            "label": key,
            "rule_refs": [],
            "is_shipped": False,
            "metadata": dict(metadata) or None,
            "changed_by": person.username,
            "changed_at": unit.now,
        }
        if not insert_new(unit.connection, tables.parameters, row):
            raise AlreadyExistsError(f"Expected a new cluster variable, but '{key}' is there.")
        after = {"key": key, "value": value}
        unit.record("parameter.created", who=person.username, after=after)
        unit.commit()
    return ClusterVariable(key, value, metadata)


def remove(house: House, person: Person, key: str) -> None:
    """Delete a parameter that no file ships.

    Raises:
        NotAllowedError: He is no administrator and not authorized.
        NotFoundError: No such parameter.
        WrongStateError: It is shipped: procedures read it.
    """
    policy.may_keep_variables(person, "DELETE").require()
    table = tables.parameters
    with house.database.unit(house.outside) as unit:
        row = _locked(unit.connection, key)
        if row.is_shipped:
            raise WrongStateError(
                f"Expected a parameter that no procedure ships, but '{key}' is shipped."
            )
        unit.connection.execute(delete(table).where(table.c.key == key))
        before = {"key": key, "value": row.value}
        unit.record("parameter.deleted", who=person.username, before=before)
        unit.commit()


def set_calendar_day(
    house: House, person: Person, on: date, is_working: bool | None, name: str = ""
) -> None:
    """Say that a day is worked or free; None takes the row away, so that the bundled calendar counts.

    Raises:
        NotAllowedError: He is no administrator.
    """
    policy.may_edit_parameters(person).require()
    table = tables.calendar_days
    with house.database.unit(house.outside) as unit:
        if is_working is None:
            unit.connection.execute(delete(table).where(table.c.day == on))
        else:
            changed = ["is_working", "name", "changed_by"]
            unit.connection.execute(
                upsert(unit.connection, table, ["day"], changed),
                {"day": on, "is_working": is_working, "name": name, "changed_by": person.username},
            )
        unit.record(
            "calendar.changed",
            who=person.username,
            after={"day": on.isoformat(), "is_working": is_working, "name": name},
            rule_refs=("XC-T-2",),
        )
        unit.commit()


def _locked(connection: Connection, key: str) -> Row[Any]:
    """Lock a parameter and return it: nobody changes it until the transaction ends."""
    query = select(tables.parameters).where(tables.parameters.c.key == key).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"Expected to find parameter '{key}', but there is none.", key=key)
    return row


def _check_kind(key: str, default: Any, value: Any) -> None:
    """Refuse a value of another kind than the shipped one: diagrams read it without asking."""
    expected = _expectation(default)
    if not _is_alike(default, value):
        raise BadInputError(
            f"Expected '{key}' to be {expected[0]}, but got {told(value)}.",
            key=key,
            message=f"请填写{expected[1]}",
        )


def _is_alike(default: Any, value: Any) -> bool:
    if isinstance(default, list):
        return (
            isinstance(value, list)
            and len(value) == len(default)
            and all(map(_is_alike, default, value))
        )
    if _is_number(default):
        return _is_number(value) and isfinite(value) and value >= 0
    return type(value) is type(default)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _expectation(default: Any) -> tuple[str, str]:
    """Return what is expected, for programs and for people."""
    if isinstance(default, list):
        count = len(default)
        return f"a list of {count} values like {told(default)}", f" {count} 个值，例如 {default}"
    if _is_number(default):
        return "a number of at least 0", "不小于 0 的数字"
    if isinstance(default, bool):
        return "true or false", "“是”或“否”"
    return f"a {type(default).__name__}", "文字"
