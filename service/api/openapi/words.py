"""The enumerations of the document, each taken from the search that filters by it."""

from collections.abc import Mapping
from typing import Any

from service.identity.grants import HONOURED
from service.reports.search import (
    audit_logs,
    authorizations,
    batch_operations,
    cluster_variables,
    decision_instances,
    element_instances,
    global_listeners,
    incidents,
    jobs,
    message_subscriptions,
    process_definitions,
    process_instances,
    user_tasks,
    wait_states,
)
from service.reports.search.noun import Noun

_PLACES: Mapping[str, tuple[Noun, str]] = {
    "ActorType": (audit_logs.NOUN, "actorType"),
    "AuditCategory": (audit_logs.NOUN, "category"),
    "AuditResult": (audit_logs.NOUN, "result"),
    "BatchItemState": (batch_operations.ITEM, "state"),
    "BatchState": (batch_operations.NOUN, "state"),
    "BatchType": (batch_operations.NOUN, "operationType"),
    "DecisionState": (decision_instances.NOUN, "state"),
    "DecisionType": (decision_instances.NOUN, "decisionDefinitionType"),
    "DefinitionState": (process_definitions.NOUN, "state"),
    "ElementState": (element_instances.NOUN, "state"),
    "ElementType": (element_instances.NOUN, "type"),
    "EntityType": (audit_logs.NOUN, "entityType"),
    "ErrorType": (incidents.NOUN, "errorType"),
    "IncidentState": (incidents.NOUN, "state"),
    "InstanceState": (process_instances.NOUN, "state"),
    "JobKind": (jobs.NOUN, "kind"),
    "JobState": (jobs.NOUN, "state"),
    "ListenerEvent": (jobs.NOUN, "listenerEventType"),
    "ListenerSource": (global_listeners.NOUN, "source"),
    "ListenerTrigger": (global_listeners.NOUN, "eventTypes"),
    "OperationType": (audit_logs.NOUN, "operationType"),
    "OwnerType": (authorizations.NOUN, "ownerType"),
    "ResourceType": (authorizations.NOUN, "resourceType"),
    "SubscriptionState": (message_subscriptions.NOUN, "messageSubscriptionState"),
    "SubscriptionType": (message_subscriptions.NOUN, "messageSubscriptionType"),
    "TaskState": (user_tasks.NOUN, "state"),
    "VariableKind": (cluster_variables.NOUN, "kind"),
    "VariableScope": (cluster_variables.NOUN, "scope"),
    "WaitType": (wait_states.NOUN, "waitStateType"),
}

_OTHERS: Mapping[str, tuple[str, ...]] = {
    "AncestorScope": ("direct", "inferred", "sourceParent"),
    "BatchErrorType": ("QUERY_FAILED", "RESULT_BUFFER_SIZE_EXCEEDED"),
    "ClusterState": ("DEGRADED", "DOWN", "HEALTHY"),
    "CloudStage": ("dev", "int", "prod"),
    "Component": ("admin", "operate", "tasklist"),
    "DocumentType": ("camunda",),
    "PartitionHealth": ("dead", "healthy", "unhealthy"),
    "PartitionRole": ("follower", "inactive", "leader"),
    "PartitionState": ("active", "joining", "leaving", "recovering", "unknown"),
    "Permission": tuple(
        sorted({name for one in HONOURED.values() for name in (*one.of_one, *one.of_all)})
    ),
    "ResultType": ("adHocSubProcess", "userTask"),
    "RuntimeInstruction": ("TERMINATE_PROCESS_INSTANCE",),
    "Severity": ("error", "warning"),
    "SourceType": ("byId", "byKey"),
    "TenantFilter": ("ASSIGNED", "PROVIDED"),
}


def enumerations() -> dict[str, Any]:
    """Return the JSON schema of every enumeration, by name."""
    found = dict(_OTHERS)
    for name, (noun, field) in _PLACES.items():
        found[name] = noun.filters.all_fields[field].kind.words
    return {name: {"type": "string", "enum": list(words)} for name, words in found.items()}
