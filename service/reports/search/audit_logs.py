"""The audit log: what people and programs did, as `/v2/audit-logs` shows it, out of the event history.

The history holds more than the API has words for (clocks, mails, what a step did by itself): those events
are no entries of the audit log. What was refused for the state of its object is `command.refused` there;
its detail says what was wanted.

Source: camunda/camunda, `AuditLogTransformerConfigs` and the transformers it names.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    String,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)

from service.identity import Person
from service.persistence.tables import cases, house, instances
from service.reports.search.batch_operations import BATCH_KINDS
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import KEY, MOMENT, TEXT, Kind, one_of
from service.reports.search.noun import Noun
from service.reports.search.rights import granted, may_see_part_of, sees_all
from service.reports.search.wire import TENANT, key_text, moment_text

table = cases.events
_instance, _people = instances.process_instances, house.people

OPERATIONS: Mapping[str, tuple[str, str]] = {
    "authorization.changed": ("AUTHORIZATION", "UPDATE"),
    "authorization.created": ("AUTHORIZATION", "CREATE"),
    "authorization.deleted": ("AUTHORIZATION", "DELETE"),
    "decision.deleted": ("DECISION", "DELETE"),
    "decision.deployed": ("DECISION", "CREATE"),
    "decision.evaluated": ("DECISION", "EVALUATE"),
    "decision.undeployed": ("DECISION", "DELETE"),
    "deployment.created": ("RESOURCE", "CREATE"),
    "group.changed": ("GROUP", "UPDATE"),
    "group.created": ("GROUP", "CREATE"),
    "group.deleted": ("GROUP", "DELETE"),
    "group.member_added": ("GROUP", "ASSIGN"),
    "group.member_removed": ("GROUP", "UNASSIGN"),
    "incident.resolved": ("INCIDENT", "RESOLVE"),
    "instance.canceled": ("PROCESS_INSTANCE", "CANCEL"),
    "instance.deleted": ("PROCESS_INSTANCE", "DELETE"),
    "instance.migrated": ("PROCESS_INSTANCE", "MIGRATE"),
    "instance.modified": ("PROCESS_INSTANCE", "MODIFY"),
    "instance.resumed": ("PROCESS_INSTANCE", "RESUME"),
    "instance.started": ("PROCESS_INSTANCE", "CREATE"),
    "instance.suspended": ("PROCESS_INSTANCE", "SUSPEND"),
    "job.completed": ("JOB", "COMPLETE"),
    "job.error_thrown": ("JOB", "UPDATE"),
    "job.failed": ("JOB", "UPDATE"),
    "job.updated": ("JOB", "UPDATE"),
    "operation.canceled": ("BATCH", "CANCEL"),
    "operation.created": ("BATCH", "CREATE"),
    "operation.resumed": ("BATCH", "RESUME"),
    "operation.suspended": ("BATCH", "SUSPEND"),
    "person.changed": ("USER", "UPDATE"),
    "person.created": ("USER", "CREATE"),
    "person.deleted": ("USER", "DELETE"),
    "person.password_set": ("USER", "UPDATE"),
    "resource.deleted": ("RESOURCE", "DELETE"),
    "resource.deployed": ("RESOURCE", "CREATE"),
    "role.changed": ("ROLE", "UPDATE"),
    "role.created": ("ROLE", "CREATE"),
    "role.deleted": ("ROLE", "DELETE"),
    "role.given": ("ROLE", "ASSIGN"),
    "role.taken": ("ROLE", "UNASSIGN"),
    "user_task.assigned": ("USER_TASK", "ASSIGN"),
    "user_task.completed": ("USER_TASK", "COMPLETE"),
    "user_task.unassigned": ("USER_TASK", "UNASSIGN"),
    "user_task.updated": ("USER_TASK", "UPDATE"),
    "variables.set": ("VARIABLE", "UPDATE"),
}
"""Kind of event -> type of what it was done to, operation. Other kinds but `REFUSED` are no entries."""

REFUSED = "command.refused"
DEPLOYED = "deployment.created"
_ENTRIES = sorted({*OPERATIONS, REFUSED} - {DEPLOYED})

_CATEGORY = {
    **dict.fromkeys(("AUTHORIZATION", "GROUP", "ROLE", "USER"), "ADMIN"),
    "USER_TASK": "USER_TASKS",
}
"""The rest is about what is deployed."""

ENTITY_TYPES = one_of(
    """AUTHORIZATION BATCH CLIENT DECISION GROUP INCIDENT JOB MAPPING_RULE PROCESS_INSTANCE RESOURCE
    ROLE TENANT USER USER_TASK VARIABLE"""
)
OPERATION_TYPES = one_of(
    """ASSIGN CANCEL COMPLETE CREATE DELETE EVALUATE MIGRATE MODIFY RESOLVE RESUME SUSPEND UNASSIGN
    UNKNOWN UPDATE"""
)
ACTOR_TYPES = one_of("ANONYMOUS CLIENT UNKNOWN USER")
_RESULTS = one_of("FAIL SUCCESS")
_CATEGORIES = one_of("ADMIN DEPLOYED_RESOURCES USER_TASKS")
_NO_TEXT = cast(null(), Text)


def _by_kind(value_of: Mapping[str, str], of_refused: ColumnElement[Any]) -> ColumnElement[Any]:
    whens = {kind: literal(value, String) for kind, value in value_of.items()}
    return case({**whens, REFUSED: of_refused}, value=table.c.kind, else_=literal("", String))


def _detail(name: str) -> ColumnElement[Any]:
    fact: ColumnElement[Any] = table.c.detail[name].as_string()
    return fact


_is_entry = or_(
    table.c.kind.in_(_ENTRIES),
    and_(table.c.kind == DEPLOYED, _detail("definitions").is_(None)),
)
"""A deployment is one as long as its definitions have none of their own, as it was once."""
_process_id = func.coalesce(_instance.c.process_id, _detail("process_id"))


def _said(name: str) -> ColumnElement[Any]:
    """Return a fact of the event, wherever it was written."""
    return func.coalesce(
        table.c.detail[name].as_string(),
        table.c.after[name].as_string(),
        table.c.before[name].as_string(),
    )


entity_type = _by_kind(
    {kind: entity for kind, (entity, _done) in OPERATIONS.items()},
    table.c.detail["entity"].as_string(),
)
_is_batch = entity_type == "BATCH"
operation_type = case(
    (and_(table.c.kind == "variables.set", table.c.detail["is_new"].as_boolean()), "CREATE"),
    else_=_by_kind(
        {kind: done for kind, (_entity, done) in OPERATIONS.items()},
        table.c.detail["operation"].as_string(),
    ),
)
category = _by_kind(
    {
        kind: _CATEGORY.get(entity, "DEPLOYED_RESOURCES")
        for kind, (entity, _done) in OPERATIONS.items()
    },
    case(
        _CATEGORY, value=table.c.detail["entity"].as_string(), else_=literal("DEPLOYED_RESOURCES")
    ),
)
_is_failed_decision = and_(
    table.c.kind == "decision.evaluated", table.c.detail["failure"].as_string().is_not(None)
)
result = case(
    (or_(table.c.kind == REFUSED, _is_failed_decision), literal("FAIL", String)),
    else_=literal("SUCCESS", String),
)
task_key = table.c.detail["task_key"].as_string()
_job_key = table.c.detail["job_key"].as_string()
_batch_key = table.c.detail["batch_key"].as_string()
_batch_type = case((_is_batch, table.c.detail["kind"].as_string()))
_description = case(
    (table.c.kind == REFUSED, literal("INVALID_STATE", String)),
    else_=func.coalesce(
        table.c.detail["name"].as_string(),
        table.c.detail["names"].as_string(),
        table.c.detail["type"].as_string(),
    ),
)
_variable = instances.variables
_variable_key = (
    select(cast(_variable.c.key, String))
    .where(
        _variable.c.scope_key == cast(table.c.detail["scope_key"].as_string(), BigInteger),
        _variable.c.name == table.c.detail["name"].as_string(),
    )
    .correlate(table)
    .scalar_subquery()
)
"""Of the variable that was set; NULL once its instance is deleted."""
_KEY_NAMES = {
    "AUTHORIZATION": _said("authorization"),
    "BATCH": _batch_key,
    "DECISION": func.coalesce(
        table.c.detail["definition_key"].as_string(), table.c.detail["evaluation_key"].as_string()
    ),
    "GROUP": _said("group"),
    "INCIDENT": table.c.detail["incident_key"].as_string(),
    "JOB": _job_key,
    "RESOURCE": func.coalesce(
        _detail("definition_key"), _detail("resource_key"), _detail("deployment_key")
    ),
    "ROLE": _said("role_id"),
    "USER": _said("username"),
    "USER_TASK": task_key,
    "VARIABLE": func.coalesce(_variable_key, table.c.detail["scope_key"].as_string()),
}
entity_key = func.coalesce(
    case(_KEY_NAMES, value=entity_type, else_=cast(table.c.instance_key, String)),
    cast(table.c.key, String),
)
actor_type = case(
    (table.c.who.is_(None), null()),
    (_people.c.is_program.is_(None), "UNKNOWN"),
    (_people.c.is_program, "CLIENT"),
    else_="USER",
)
_member = case(
    (table.c.kind.in_(("group.member_added", "group.member_removed")), _said("username")),
    (table.c.kind.in_(("role.given", "role.taken")), _said("holder")),
    (table.c.kind == "user_task.assigned", table.c.after["assignee"].as_string()),
)
_member_type = case(
    (table.c.kind == "user_task.unassigned", "USER"),
    (_member.is_(None), null()),
    (_said("kind") == "groups", "GROUP"),
    else_="USER",
)


def show(row: Row[Any]) -> dict[str, Any]:
    """Return an entry of the audit log as the API's object."""
    return {
        "auditLogKey": key_text(row.key),
        "entityKey": row.entity_key,
        "entityType": row.entity_type,
        "operationType": row.operation_type,
        "batchOperationKey": row.batch_key,
        "batchOperationType": row.batch_type,
        "timestamp": moment_text(row.at),
        "actorId": row.who,
        "actorType": row.actor_type,
        "agentElementId": None,
        "tenantId": TENANT,
        "result": row.result,
        "category": row.category,
        "processDefinitionId": row.process_id,
        "processDefinitionKey": row.process_key,
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "elementInstanceKey": row.element_instance_key,
        "jobKey": row.job_key,
        "userTaskKey": row.task_key,
        "decisionRequirementsId": row.requirements_id,
        "decisionRequirementsKey": row.requirements_key,
        "decisionDefinitionId": row.decision_id,
        "decisionDefinitionKey": row.decision_key,
        "decisionEvaluationKey": row.evaluation_key,
        "deploymentKey": row.deployment_key,
        "formKey": row.form_key,
        "resourceKey": row.resource_key,
        "relatedEntityKey": row.member,
        "relatedEntityType": row.member_type,
        "entityDescription": row.description,
        "inboundChannelType": None,
        "inboundChannelToolName": None,
    }


def _may_see(person: Person) -> ColumnElement[bool]:
    """Return the condition for what somebody may see.

    That is what he did, what happened in instances that he sees, and what authorizations show him: by
    category, by process, or what was done to the user tasks of a process.
    """
    if sees_all(person) or person.is_granted("AUDIT_LOG", "READ"):
        return _is_entry
    ways = [
        table.c.who == person.username,
        may_see_part_of(person, table.c.instance_key),
        *granted(person, "AUDIT_LOG", "READ", category),
        *granted(person, "PROCESS_DEFINITION", "READ_PROCESS_INSTANCE", _process_id),
        *(
            and_(category == "USER_TASKS", way)
            for way in granted(person, "PROCESS_DEFINITION", "READ_USER_TASK", _process_id)
        ),
    ]
    return _is_entry & or_(*ways)


def of_task(instance_key: int, user_task_key: int) -> Condition:
    """Return the condition for the entries of one user task."""
    return and_(table.c.instance_key == instance_key, task_key == str(user_task_key))


_process_key = func.coalesce(cast(_instance.c.process_key, String), _detail("process_key"))
_TEXT_KEY = Kind("a key as a string", TEXT.read, KEY.operators | {"$like"})
_FIELDS: dict[str, tuple[ColumnElement[Any], Kind]] = {
    "auditLogKey": (table.c.key, KEY),
    "processDefinitionKey": (_process_key, _TEXT_KEY),
    "processInstanceKey": (table.c.instance_key, KEY),
    "elementInstanceKey": (_detail("element_instance_key"), _TEXT_KEY),
    "operationType": (operation_type, OPERATION_TYPES),
    "result": (result, _RESULTS),
    "timestamp": (table.c.at, MOMENT),
    "actorId": (table.c.who, TEXT),
    "actorType": (actor_type, ACTOR_TYPES),
    "entityKey": (entity_key, _TEXT_KEY),
    "entityType": (entity_type, ENTITY_TYPES),
    "tenantId": (literal(TENANT, String), TEXT),
    "category": (category, _CATEGORIES),
    "batchOperationType": (_batch_type, BATCH_KINDS),
    "processDefinitionId": (_process_id, TEXT),
    "jobKey": (_job_key, _TEXT_KEY),
    "userTaskKey": (task_key, _TEXT_KEY),
    "decisionRequirementsId": (_detail("requirements_id"), TEXT),
    "decisionRequirementsKey": (_detail("requirements_key"), _TEXT_KEY),
    "decisionDefinitionId": (_detail("decision_id"), TEXT),
    "decisionDefinitionKey": (_detail("decision_key"), _TEXT_KEY),
    "decisionEvaluationKey": (_detail("evaluation_key"), _TEXT_KEY),
    "inboundChannelType": (_NO_TEXT, TEXT),
    "inboundChannelToolName": (_NO_TEXT, TEXT),
}
"""What can be filtered and sorted by."""

_FILTERED_ONLY: dict[str, tuple[ColumnElement[Any], Kind]] = {
    "agentElementId": (_NO_TEXT, TEXT),
    "deploymentKey": (_detail("deployment_key"), _TEXT_KEY),
    "formKey": (_detail("form_key"), _TEXT_KEY),
    "resourceKey": (_detail("resource_key"), _TEXT_KEY),
    "relatedEntityKey": (_member, _TEXT_KEY),
    "relatedEntityType": (_member_type, ENTITY_TYPES),
    "entityDescription": (_description, TEXT),
}

NOUN = Noun(
    name="audit log entry",
    source=table.outerjoin(_instance, _instance.c.key == table.c.instance_key).outerjoin(
        _people, _people.c.username == table.c.who
    ),
    columns=(
        table.c.key,
        table.c.at,
        table.c.who,
        table.c.instance_key,
        table.c.root_key,
        _process_id.label("process_id"),
        _process_key.label("process_key"),
        result.label("result"),
        _detail("element_instance_key").label("element_instance_key"),
        _detail("requirements_id").label("requirements_id"),
        _detail("requirements_key").label("requirements_key"),
        _detail("form_key").label("form_key"),
        entity_type.label("entity_type"),
        entity_key.label("entity_key"),
        operation_type.label("operation_type"),
        category.label("category"),
        actor_type.label("actor_type"),
        task_key.label("task_key"),
        _job_key.label("job_key"),
        _detail("decision_id").label("decision_id"),
        _detail("decision_key").label("decision_key"),
        _detail("evaluation_key").label("evaluation_key"),
        _detail("deployment_key").label("deployment_key"),
        _detail("resource_key").label("resource_key"),
        _member.label("member"),
        _member_type.label("member_type"),
        _description.label("description"),
        _batch_key.label("batch_key"),
        _batch_type.label("batch_type"),
    ),
    key=table.c.key,
    filters=Filters(
        {
            name: Field(column, kind)
            for name, (column, kind) in {**_FIELDS, **_FILTERED_ONLY}.items()
        }
    ),
    sorts={
        **{name: column for name, (column, _kind) in _FIELDS.items()},
        "batchOperationKey": _batch_key,
    },
    visible=_may_see,
    show=show,
)

OF_VISIBLE_TASK = Noun(
    name=NOUN.name,
    source=NOUN.source,
    columns=NOUN.columns,
    key=NOUN.key,
    filters=Filters(
        {
            name: Field(*_FIELDS[name])
            for name in ("operationType", "result", "timestamp", "actorType", "actorId")
        }
    ),
    sorts=NOUN.sorts,
    visible=lambda person: _is_entry,
    show=show,
)
"""The entries of a task that the person may see: who sees a task sees what happened to it."""
