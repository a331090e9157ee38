"""What operators ask for in the bodies of modifications, migrations and batch operations."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import request

from service.api import wire
from service.api.violations import require_all
from service.domain.errors import BadInputError
from service.engine.modification import (
    DIRECT,
    INFERRED,
    SOURCE_PARENT,
    Activate,
    Modification,
    Move,
    ScopedVariables,
)
from service.reports.search.kinds import refused
from service.usecases.migration import MigrationPlan

NO_ANCESTOR = -1
"""The key by which the API says that the scope shall be found."""

_SOURCES = {"byId": "sourceElementId", "byKey": "sourceElementInstanceKey"}
"""How a move names its source -> the field that does."""


def is_dry_run() -> bool:
    """Return whether the query asks only for what would happen (`?dryRun=true`, our own)."""
    return request.args.get("dryRun") == "true"


def modification(body: wire.Body) -> Modification:
    """Return the instructions of a modification; without any it changes nothing.

    Raises:
        BadInputError: A field is missing or of the wrong type; or its reference is no positive number.
    """
    activate = body.inners("activateInstructions")
    terminate, move = body.inners("terminateInstructions"), body.inners("moveInstructions")
    require_all(
        *(partial(_activate, one) for one in activate),
        *(partial(_terminate, one) for one in terminate),
        *(partial(_move, one) for one in move),
        body.reference,
    )
    return Modification(
        activate=tuple(_activate(one) for one in activate),
        move=tuple(_move(one) for one in move),
        terminate=tuple(_terminate(one) for one in terminate),
    )


def moves(body: wire.Body) -> list[list[str]]:
    """Return the pairs of element ids of a modification of many.

    Raises:
        BadInputError: A field is missing or of the wrong type; or there is none.
    """
    return [list(pair) for pair in _pairs(body, "moveInstructions")]


def migration(body: wire.Body, *others: Callable[[], object]) -> MigrationPlan:
    """Return where to migrate.

    Args:
        body: The plan.
        others: What is read besides; what is wrong with it is told together with the rest.

    Raises:
        BadInputError: A field is missing or of the wrong type; or nothing is mapped.
    """
    require_all(lambda: _target(body), lambda: _pairs(body, "mappingInstructions"), *others)
    return MigrationPlan(_target(body), _pairs(body, "mappingInstructions"))


def _target(body: wire.Body) -> int:
    target_key = body.key("targetProcessDefinitionKey")
    if target_key is None:
        raise refused(body.at("targetProcessDefinitionKey"), "a key as a string of digits", None)
    return target_key


def _pairs(body: wire.Body, name: str) -> tuple[tuple[str, str], ...]:
    """Return sources and targets of these instructions, of which there must be one."""
    instructions = body.inners(name)
    if not instructions:
        raise BadInputError("Expected at least one instruction.", field=body.at(name))
    fields = ("sourceElementId", "targetElementId")
    require_all(*(partial(one.required_text, field) for field in fields for one in instructions))
    return tuple(
        (one.required_text("sourceElementId"), one.required_text("targetElementId"))
        for one in instructions
    )


def _activate(one: wire.Body) -> Activate:
    require_all(
        lambda: one.required_text("elementId"),
        lambda: one.key("ancestorElementInstanceKey"),
        lambda: _variables(one),
    )
    return Activate(
        one.required_text("elementId"),
        _variables(one),
        _ancestor(one.key("ancestorElementInstanceKey")),
    )


def _move(one: wire.Body) -> Move:
    source = one.inner("sourceElementInstruction")
    require_all(
        lambda: _source(source),
        lambda: one.required_text("targetElementId"),
        lambda: _scope(one),
        lambda: _variables(one),
    )
    return Move(
        _source(source), one.required_text("targetElementId"), _variables(one), *_scope(one)
    )


def _scope(one: wire.Body) -> tuple[str, int | None]:
    """Return how the scope of a target is found, and its key if it is named."""
    scope = one.inner("ancestorScopeInstruction")
    kind = scope.text("ancestorScopeType", "" if one.has("ancestorScopeInstruction") else DIRECT)
    if kind not in (DIRECT, INFERRED, SOURCE_PARENT):
        raise refused(
            scope.at("ancestorScopeType"), f"one of {DIRECT}, {INFERRED}, {SOURCE_PARENT}", kind
        )
    return kind, _ancestor(scope.key("ancestorElementInstanceKey"))


def _source(source: wire.Body) -> str | int:
    kind = source.text("sourceType")
    if kind not in _SOURCES:
        raise refused(source.at("sourceType"), f"one of {', '.join(_SOURCES)}", kind or None)
    _require_one(source, _SOURCES[kind], tuple(_SOURCES.values()))
    key = source.key("sourceElementInstanceKey")
    return key if key is not None else source.required_text("sourceElementId")


def _terminate(one: wire.Body) -> str | int:
    names = ("elementId", "elementInstanceKey")
    _require_one(one, next(filter(one.has, names), names[0]), names)
    key = one.key("elementInstanceKey")
    return key if key is not None else one.required_text("elementId")


def _require_one(one: wire.Body, wanted: str, names: tuple[str, ...]) -> None:
    """Refuse an instruction in which there is not just the wanted one of several names."""
    if [name for name in names if one.has(name)] != [wanted]:
        others = " and ".join(f"'{one.at(name)}'" for name in names if name != wanted)
        raise BadInputError(
            f"Expected '{one.at(wanted)}' to be given, and {others} not to be.",
            field=one.at(wanted),
        )


def _variables(one: wire.Body) -> tuple[ScopedVariables, ...]:
    return tuple(
        ScopedVariables(given.some_variables(), given.text("scopeId") or None)
        for given in one.inners("variableInstructions")
    )


def _ancestor(key: int | None) -> int | None:
    return None if key == NO_ANCESTOR else key


def changeset(body: wire.Body) -> dict[str, Any]:
    """Return what to change of many jobs.

    Raises:
        BadInputError: A field is of the wrong type, or there is none.
    """
    given = body.inner("changeset")
    changes = {
        "retries": given.integer("retries", None, least=1),
        "timeout_ms": given.integer("timeout", None, least=0),
        "priority": given.integer("priority", None),
    }
    if all(value is None for value in changes.values()):
        raise BadInputError("Expected a change of 'changeset'.", field="changeset")
    return changes
