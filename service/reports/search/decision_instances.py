"""Decision instances: what was decided, as `/v2/decision-instances` shows it.

An evaluation of one decision evaluates the decisions it requires too; each is one instance, called
`<evaluation key>-<position>`.
"""

from dataclasses import replace
from re import compile as compile_pattern
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)

from service.domain.errors import NotFoundError
from service.domain.languages import ENGLISH, TRADITIONAL
from service.identity import Person
from service.persistence.tables import instances
from service.persistence.tables.definitions import decision_definitions as definition
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import (
    INTEGER,
    KEY,
    LARGEST_KEY,
    MOMENT,
    TEXT,
    Kind,
    one_of,
)
from service.reports.search.noun import Noun
from service.reports.search.rights import may_see_part_of, sees_all
from service.reports.search.wire import TENANT, json_text, key_text, moment_text

table = instances.decision_instances
_instance = instances.process_instances
_root = table.alias("root_decision")

_NAME = compile_pattern(r"([0-9]{1,19})-([0-9]{1,9})\Z")
_name_of_instance = cast(table.c.evaluation_key, Text) + "-" + cast(table.c.position, Text)
_root_key = (
    select(_root.c.decision_key)
    .where(_root.c.evaluation_key == table.c.evaluation_key, _root.c.is_root)
    .limit(1)
    .scalar_subquery()
)
_STATES = one_of("EVALUATED FAILED UNKNOWN UNSPECIFIED")
_TYPES = one_of("DECISION_TABLE LITERAL_EXPRESSION UNKNOWN UNSPECIFIED").exactly()
_FAILURE = TEXT.exactly()
_INSTANCE_NAME = Kind("a key with a position, such as 123-1", TEXT.read, KEY.operators)
_EVALUATED = (
    "decisionDefinitionId",
    "decisionDefinitionName",
    "decisionDefinitionVersion",
    "decisionDefinitionType",
    "tenantId",
    "matchedRules",
    "evaluatedInputs",
    "decisionDefinitionKey",
    "decisionEvaluationInstanceKey",
)
_KNOWN_TYPES = ("DECISION_TABLE", "LITERAL_EXPRESSION")
_type = case((table.c.kind.in_(_KNOWN_TYPES), table.c.kind), else_="UNKNOWN")
"""The kind as the API names it, which knows no boxed expressions."""


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a decision instance as the API's object of a search."""
    return {
        "businessId": row.business_id,
        "decisionDefinitionId": row.decision_id,
        "decisionDefinitionKey": key_text(row.definition_key or row.decision_key),
        "decisionDefinitionName": row.name or row.decision_id,
        "decisionDefinitionType": row.type,
        "decisionDefinitionVersion": row.definition_version or row.version,
        "decisionEvaluationInstanceKey": f"{row.evaluation_key}-{row.position}",
        "decisionEvaluationKey": key_text(row.evaluation_key),
        "elementInstanceKey": key_text(row.element_instance_key),
        "evaluationDate": moment_text(row.evaluated_at),
        "evaluationFailure": row.told_failure,
        "processDefinitionKey": key_text(row.process_key),
        "processInstanceKey": key_text(row.instance_key),
        "result": row.output if row.output is not None else "null",
        "rootDecisionDefinitionKey": key_text(row.root_decision_key or row.decision_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "state": row.state,
        "tenantId": TENANT,
    }


def show_whole(row: Row[Any]) -> dict[str, Any]:
    """Return a decision instance with its inputs and the rules that matched."""
    return {
        **show(row),
        "evaluatedInputs": show_inputs(row.inputs),
        "matchedRules": show_rules(row),
    }


def show_inputs(inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the stored inputs as the API's objects, values as JSON text."""
    return [
        {
            "inputId": entry["id"] or "",
            "inputName": entry["name"] or entry["id"] or "",
            "inputValue": json_text(entry["value"]),
        }
        for entry in inputs
    ]


def show_rules(row: Row[Any]) -> list[dict[str, Any]]:
    """Return the stored matched rules as the API's objects, values as JSON text.

    Source: Camunda 8 (DecisionBehavior): a rule that bears no id has one made of its place.
    """
    version = row.definition_version or row.version
    made = f"ZB_SYNTH_RULE_ID_{row.decision_id}_v{version}_r"
    return [
        {
            "ruleId": rule["rule_id"] or f"{made}{rule['index']}",
            "ruleIndex": rule["index"],
            "evaluatedOutputs": [
                {
                    "outputId": entry["id"] or "",
                    "outputName": entry["name"],
                    "outputValue": json_text(entry["value"]),
                    "ruleId": rule["rule_id"] or f"{made}{rule['index']}",
                    "ruleIndex": rule["index"],
                }
                for entry in rule["outputs"]
            ],
        }
        for rule in row.matched_rules
    ]


def find_by_name(connection: Connection, person: Person, noun: Noun, name: str) -> dict[str, Any]:
    """Return the decision instance that is called `<evaluation key>-<position>`, whole.

    Args:
        connection: Where to read.
        person: Who asks.
        noun: In which language failures are told (`noun_in`).
        name: What it is called.

    Raises:
        NotFoundError: There is none, or the person may not know that there is.
    """
    query = select(*noun.columns).select_from(noun.source)
    row = connection.execute(query.where(_is_called(name), noun.visible(person))).first()
    if row is None:
        raise NotFoundError(
            f"Expected to find a decision instance with key '{name}', but there is none.",
            key=name,
        )
    return show_whole(row)


def _is_called(name: str) -> Condition:
    """Return «it is called so», compared as numbers: no index has the text."""
    named = _NAME.match(name)
    key, position = (int(part) for part in named.groups()) if named else (0, 0)
    if key > LARGEST_KEY:
        return false()
    return (table.c.evaluation_key == key) & (table.c.position == position)


def evaluation_rows(connection: Connection, evaluation_key: int) -> list[dict[str, Any]]:
    """Return the decisions of one evaluation in their order, as the API's evaluated decisions."""
    query = select(*NOUN.columns).select_from(NOUN.source)
    query = query.where(table.c.evaluation_key == evaluation_key).order_by(table.c.position)
    shown = [show_whole(row) for row in connection.execute(query)]
    return [{**{name: one[name] for name in _EVALUATED}, "output": one["result"]} for one in shown]


def _may_see(person: Person) -> Condition:
    seen = may_see_part_of(person, table.c.instance_key)
    return seen if sees_all(person) else or_(seen, table.c.evaluated_by == person.username)


_columns = {
    "businessId": (_instance.c.business_id, TEXT),
    "decisionDefinitionId": (table.c.decision_id, TEXT.exactly()),
    "decisionDefinitionKey": (definition.c.key, KEY),
    "decisionDefinitionName": (table.c.name, TEXT.exactly()),
    "decisionDefinitionType": (_type, _TYPES),
    "decisionDefinitionVersion": (definition.c.version, INTEGER.exactly()),
    "decisionEvaluationInstanceKey": (_name_of_instance, _INSTANCE_NAME),
    "decisionEvaluationKey": (table.c.evaluation_key, KEY.exactly()),
    "elementInstanceKey": (table.c.element_instance_key, KEY),
    "evaluationDate": (table.c.evaluated_at, MOMENT),
    "evaluationFailure": (table.c.failure, _FAILURE),
    "processDefinitionKey": (table.c.process_key, KEY.exactly()),
    "processInstanceKey": (table.c.instance_key, KEY.exactly()),
    "rootDecisionDefinitionKey": (_root_key, KEY),
    "state": (table.c.state, _STATES.with_none_of()),
    "tenantId": (literal(TENANT), TEXT.exactly()),
}

NOUN = Noun(
    name="decision instance",
    source=table.outerjoin(
        definition,
        (definition.c.requirements_key == table.c.requirements_key)
        & (definition.c.decision_id == table.c.decision_id),
    ).outerjoin(_instance, _instance.c.key == table.c.instance_key),
    columns=(
        *table.c,
        definition.c.key.label("definition_key"),
        definition.c.version.label("definition_version"),
        _root_key.label("root_decision_key"),
        _type.label("type"),
        table.c.failure.label("told_failure"),
        _instance.c.business_id,
        _instance.c.root_key,
    ),
    key=table.c.key,
    filters=Filters(
        {
            **{name: Field(column, kind) for name, (column, kind) in _columns.items()},
            "decisionRequirementsKey": Field(table.c.requirements_key, KEY),
        }
    ),
    sorts={name: column for name, (column, _kind) in _columns.items()},
    visible=_may_see,
    show=show,
)


def _told_in(told: ColumnElement[str]) -> Noun:
    """Return the noun whose failures are shown, looked for and sorted as a column tells them.

    One that was kept before there was more than one language is told as it was written.
    """
    failure = func.coalesce(told, table.c.failure)
    return replace(
        NOUN,
        columns=(
            *(one for one in NOUN.columns if one.name != "told_failure"),
            failure.label("told_failure"),
        ),
        filters=Filters({**NOUN.filters.fields, "evaluationFailure": Field(failure, _FAILURE)}),
        sorts={**NOUN.sorts, "evaluationFailure": failure},
    )


_TOLD = {
    ENGLISH: _told_in(table.c.failure_english),
    TRADITIONAL: _told_in(table.c.failure_traditional),
}


def noun_in(language: str) -> Noun:
    """Return the noun whose failures are in a language, one of `domain.languages`."""
    return _TOLD.get(language, NOUN)
