"""What each path answers and takes, in the words of `shapes`; `*` stands for an argument of the path.

A line is `METHOD path status answer [body] [+status=answer]`. The answer is a shape, `page(Shape)`,
`items(Shape)`, `[Shape]`, `bytes` (of any type), `octets`, `xml`, `object`, or `-` for no content; what
stands behind `+` may be answered, too.

The line of a search is `path Shape [filter]`; without a filter it has that of its noun, and `!` says that
the filter must be there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from service.reports.search import (
    audit_logs,
    authorizations,
    batch_operations,
    cluster_variables,
    decision_definitions,
    decision_instances,
    definition_statistics,
    element_instances,
    global_listeners,
    groups,
    incident_statistics,
    incidents,
    jobs,
    message_subscriptions,
    nothing,
    process_definitions,
    process_instances,
    resources,
    roles,
    user_tasks,
    users,
    variables,
    wait_states,
)
from service.reports.search.noun import Noun

_LINES = """
GET /cluster/v2/status 200 ClusterStatus +503=ClusterStatus
GET /cluster/v2/topology 200 ClusterTopology
GET /api/batches/* 200 BatchStatus
POST /api/batches/*/shipments 204 - Ship
GET /api/document-links/* 200 bytes
GET /api/openapi.json 200 object
GET /v2/audit-logs/* 200 AuditLog
GET /v2/authentication/me 200 Me
POST /v2/authorizations 201 AuthorizationKey AuthorizationRecord
DELETE /v2/authorizations/* 204 -
GET /v2/authorizations/* 200 Authorization
PUT /v2/authorizations/* 204 - AuthorizationRecord
GET /v2/batch-operations/* 200 BatchOperation
POST /v2/batch-operations/*/cancellation 204 - Operate
POST /v2/batch-operations/*/resumption 204 - Operate
POST /v2/batch-operations/*/suspension 204 - Operate
GET /v2/clock 200 ClockTime
PUT /v2/clock 204 - PinClock
POST /v2/clock/add 200 ClockTime AddToClock
POST /v2/clock/reset 204 -
POST /v2/cluster-variables/global 200 ClusterVariable CreateVariable
DELETE /v2/cluster-variables/global/* 204 -
GET /v2/cluster-variables/global/* 200 ClusterVariable
PUT /v2/cluster-variables/global/* 200 ClusterVariable ChangeVariable
POST /v2/cluster-variables/tenants/* 200 ClusterVariable CreateVariable
DELETE /v2/cluster-variables/tenants/*/* 204 -
GET /v2/cluster-variables/tenants/*/* 200 ClusterVariable
PUT /v2/cluster-variables/tenants/*/* 200 ClusterVariable ChangeVariable
POST /v2/conditionals/evaluation 200 ConditionalEvaluation EvaluateConditionals
GET /v2/decision-definitions/* 200 Decision
GET /v2/decision-definitions/*/xml 200 xml
POST /v2/decision-definitions/evaluation 200 DecisionEvaluation EvaluateDecision
GET /v2/decision-instances/* 200 WholeDecisionInstance
POST /v2/decision-instances/*/deletion 204 - Operate
POST /v2/decision-instances/deletion 200 BatchCreated DeleteDecisions
GET /v2/decision-requirements/* 200 DecisionRequirements
GET /v2/decision-requirements/*/xml 200 xml
POST /v2/deployments 200 Deployment Deploy
POST /v2/documents 201 Document Upload
DELETE /v2/documents/* 204 -
GET /v2/documents/* 200 bytes
POST /v2/documents/*/links 201 DocumentLink LinkDocument
POST /v2/documents/batch 201 DocumentBatch UploadMany +207=DocumentBatch
GET /v2/element-instances/* 200 ElementInstance
PUT /v2/element-instances/*/variables 204 - SetVariables
POST /v2/element-instances/ad-hoc-activities/*/activation 204 - ActivateAdHoc
POST /v2/expression/evaluation 200 ExpressionResult EvaluateExpression
GET /v2/forms/* 200 Form
POST /v2/global-task-listeners 201 GlobalListener CreateListener
DELETE /v2/global-task-listeners/* 204 -
GET /v2/global-task-listeners/* 200 GlobalListener
PUT /v2/global-task-listeners/* 200 GlobalListener UpdateListener
POST /v2/groups 201 Group CreateGroup
DELETE /v2/groups/* 204 -
GET /v2/groups/* 200 Group
PUT /v2/groups/* 200 Group Named
DELETE /v2/groups/*/clients/* 204 -
PUT /v2/groups/*/clients/* 204 -
DELETE /v2/groups/*/mapping-rules/* 204 -
PUT /v2/groups/*/mapping-rules/* 204 -
DELETE /v2/groups/*/users/* 204 -
PUT /v2/groups/*/users/* 204 -
GET /v2/incidents/* 200 Incident
POST /v2/incidents/*/resolution 204 - Operate
PATCH /v2/jobs/* 204 - UpdateJob
POST /v2/jobs/*/completion 204 - CompleteJob
POST /v2/jobs/*/error 204 - ThrowError
POST /v2/jobs/*/failure 204 - FailJob
POST /v2/jobs/activation 200 ActivatedJobs ActivateJobs
POST /v2/jobs/batch-update 200 BatchCreated ChangeJobs
GET /v2/jobs/statistics/global 200 JobStatistics
GET /v2/license 200 License
POST /v2/mapping-rules 201 MappingRule CreateMappingRule
DELETE /v2/mapping-rules/* 204 -
GET /v2/mapping-rules/* 200 MappingRule
PUT /v2/mapping-rules/* 200 MappingRule UpdateMappingRule
POST /v2/messages/correlation 200 MessageCorrelation CorrelateMessage
POST /v2/messages/publication 200 Message PublishMessage
GET /v2/process-definitions/* 200 ProcessDefinition
GET /v2/process-definitions/*/form 200 Form +204=-
POST /v2/process-definitions/*/statistics/element-instances 200 items(ElementStatistics) OfInstances
GET /v2/process-definitions/*/xml 200 xml
POST /v2/process-instances 200 CreatedInstance CreateInstance
GET /v2/process-instances/* 200 ProcessInstance
POST /v2/process-instances/*/business-id-assignment 204 - BusinessId
GET /v2/process-instances/*/call-hierarchy 200 [CallerInstance]
POST /v2/process-instances/*/cancellation 204 - Operate
POST /v2/process-instances/*/deletion 204 - Operate
POST /v2/process-instances/*/incident-resolution 200 BatchCreated Operate
POST /v2/process-instances/*/migration 204 - Migrate +200=Forecast
POST /v2/process-instances/*/modification 204 - Modify
POST /v2/process-instances/*/resumption 204 - Operate
GET /v2/process-instances/*/sequence-flows 200 items(SequenceFlow)
GET /v2/process-instances/*/statistics/element-instances 200 items(ElementStatistics)
GET /v2/process-instances/*/statistics/wait-states 200 items(WaitStatistics)
POST /v2/process-instances/*/suspension 204 - Operate
POST /v2/process-instances/cancellation 200 BatchCreated OperateMany
POST /v2/process-instances/deletion 200 BatchCreated OperateMany
POST /v2/process-instances/incident-resolution 200 BatchCreated OperateMany
POST /v2/process-instances/migration 200 BatchCreated|Forecasts MigrateMany
POST /v2/process-instances/modification 200 BatchCreated ModifyMany
POST /v2/process-instances/resumption 200 BatchCreated OperateMany
POST /v2/process-instances/suspension 200 BatchCreated OperateMany
GET /v2/resources/* 200 Resource
GET /v2/resources/*/content 200 object
GET /v2/resources/*/content/binary 200 octets
POST /v2/resources/*/deletion 200 ResourceDeleted DeleteResource
POST /v2/roles 201 Role CreateRole
DELETE /v2/roles/* 204 -
GET /v2/roles/* 200 Role
PUT /v2/roles/* 200 Role Named
DELETE /v2/roles/*/clients/* 204 -
PUT /v2/roles/*/clients/* 204 -
DELETE /v2/roles/*/groups/* 204 -
PUT /v2/roles/*/groups/* 204 -
DELETE /v2/roles/*/mapping-rules/* 204 -
PUT /v2/roles/*/mapping-rules/* 204 -
DELETE /v2/roles/*/users/* 204 -
PUT /v2/roles/*/users/* 204 -
POST /v2/setup/user 201 User CreateUser
POST /v2/signals/broadcast 200 Signal BroadcastSignal
GET /v2/status 204 -
GET /v2/system/configuration 200 SystemConfiguration
GET /v2/system/usage-metrics 200 Usage
POST /v2/tenants 201 Tenant CreateTenant
DELETE /v2/tenants/* 204 -
GET /v2/tenants/* 200 Tenant
PUT /v2/tenants/* 200 Tenant Named
DELETE /v2/tenants/*/clients/* 204 -
PUT /v2/tenants/*/clients/* 204 -
DELETE /v2/tenants/*/groups/* 204 -
PUT /v2/tenants/*/groups/* 204 -
DELETE /v2/tenants/*/mapping-rules/* 204 -
PUT /v2/tenants/*/mapping-rules/* 204 -
DELETE /v2/tenants/*/roles/* 204 -
PUT /v2/tenants/*/roles/* 204 -
DELETE /v2/tenants/*/users/* 204 -
PUT /v2/tenants/*/users/* 204 -
GET /v2/topology 200 Topology
GET /v2/user-tasks/* 200 UserTask
PATCH /v2/user-tasks/* 204 - UpdateTask
DELETE /v2/user-tasks/*/assignee 204 -
POST /v2/user-tasks/*/assignment 204 - AssignTask
POST /v2/user-tasks/*/completion 204 - CompleteTask
GET /v2/user-tasks/*/form 200 Form +204=-
POST /v2/users 201 User CreateUser
DELETE /v2/users/* 204 -
GET /v2/users/* 200 User
PUT /v2/users/* 200 User UpdateUser
GET /v2/variables/* 200 OneVariable
"""

_SEARCHES = """
/v2/audit-logs/search AuditLog
/v2/authentication/me/authorizations/search OwnAuthorizations
/v2/authorizations/search Authorization
/v2/batch-operation-items/search BatchItem
/v2/batch-operations/search BatchOperation
/v2/cluster-variables/search ShownVariable
/v2/correlated-message-subscriptions/search CorrelatedSubscription
/v2/decision-definitions/search Decision
/v2/decision-instances/search DecisionInstance
/v2/decision-requirements/search DecisionRequirements
/v2/element-instances/*/incidents/search Incident
/v2/element-instances/search ElementInstance
/v2/element-instances/wait-states/search WaitState
/v2/global-task-listeners/search GlobalListener
/v2/groups/*/clients/search Client
/v2/groups/*/mapping-rules/search MappingRule
/v2/groups/*/roles/search Role
/v2/groups/*/users/search Username
/v2/groups/search Group
/v2/incidents/search Incident
/v2/incidents/statistics/process-instances-by-definition IncidentsByDefinition !IncidentMessage
/v2/incidents/statistics/process-instances-by-error IncidentsByError
/v2/jobs/search Job
/v2/jobs/statistics/by-types JobsByType !CountTypes
/v2/jobs/statistics/by-workers JobsByWorker !CountJobs
/v2/jobs/statistics/errors JobsByError !CountErrors
/v2/jobs/statistics/time-series JobsByTime !CountJobsOverTime
/v2/mapping-rules/search MappingRule
/v2/message-subscriptions/search MessageSubscription
/v2/process-definitions/*/variable-names/search VariableName NameFilter
/v2/process-definitions/search ProcessDefinition
/v2/process-definitions/statistics/message-subscriptions SubscriptionStatistics MessageSubscriptionFilter
/v2/process-definitions/statistics/process-instances ProcessStatistics
/v2/process-definitions/statistics/process-instances-by-version VersionStatistics !CountVersions
/v2/process-instances/*/incidents/search Incident
/v2/process-instances/search ProcessInstance
/v2/resources/search Resource
/v2/roles/*/clients/search Client
/v2/roles/*/groups/search GroupId
/v2/roles/*/mapping-rules/search MappingRule
/v2/roles/*/users/search Username
/v2/roles/search Role
/v2/tenants/*/clients/search Client
/v2/tenants/*/groups/search GroupId
/v2/tenants/*/mapping-rules/search MappingRule
/v2/tenants/*/roles/search Role
/v2/tenants/*/users/search Username
/v2/tenants/search Tenant
/v2/user-tasks/*/audit-logs/search AuditLog
/v2/user-tasks/*/effective-variables/search Variable
/v2/user-tasks/*/variables/search Variable
/v2/user-tasks/search UserTask
/v2/users/search User
/v2/variables/search Variable
"""

NOUNS: Mapping[str, Noun] = {
    "/v2/audit-logs/search": audit_logs.NOUN,
    "/v2/authentication/me/authorizations/search": authorizations.OWN,
    "/v2/authorizations/search": authorizations.NOUN,
    "/v2/batch-operation-items/search": batch_operations.ITEM,
    "/v2/batch-operations/search": batch_operations.NOUN,
    "/v2/cluster-variables/search": cluster_variables.NOUN,
    "/v2/correlated-message-subscriptions/search": message_subscriptions.CORRELATED_NOUN,
    "/v2/decision-definitions/search": decision_definitions.NOUN,
    "/v2/decision-instances/search": decision_instances.NOUN,
    "/v2/decision-requirements/search": decision_definitions.REQUIREMENTS_NOUN,
    "/v2/element-instances/*/incidents/search": incidents.NOUN,
    "/v2/element-instances/search": element_instances.NOUN,
    "/v2/element-instances/wait-states/search": wait_states.NOUN,
    "/v2/global-task-listeners/search": global_listeners.NOUN,
    "/v2/groups/*/clients/search": users.CLIENTS,
    "/v2/groups/*/mapping-rules/search": nothing.MAPPING_RULES,
    "/v2/groups/*/roles/search": roles.NOUN,
    "/v2/groups/*/users/search": users.MEMBERS,
    "/v2/groups/search": groups.NOUN,
    "/v2/incidents/search": incidents.NOUN,
    "/v2/jobs/search": jobs.NOUN,
    "/v2/mapping-rules/search": nothing.MAPPING_RULES,
    "/v2/message-subscriptions/search": message_subscriptions.NOUN,
    "/v2/process-definitions/search": process_definitions.NOUN,
    "/v2/process-instances/*/incidents/search": incidents.NOUN,
    "/v2/process-instances/search": process_instances.NOUN,
    "/v2/resources/search": resources.NOUN,
    "/v2/roles/*/clients/search": users.CLIENTS,
    "/v2/roles/*/groups/search": groups.HOLDERS,
    "/v2/roles/*/mapping-rules/search": nothing.MAPPING_RULES,
    "/v2/roles/*/users/search": users.ROLE_MEMBERS,
    "/v2/roles/search": roles.NOUN,
    "/v2/tenants/*/clients/search": users.TENANT_CLIENTS,
    "/v2/tenants/*/groups/search": groups.TENANT_MEMBERS,
    "/v2/tenants/*/mapping-rules/search": nothing.MAPPING_RULES,
    "/v2/tenants/*/roles/search": roles.NOUN,
    "/v2/tenants/*/users/search": users.TENANT_MEMBERS,
    "/v2/tenants/search": nothing.TENANTS,
    "/v2/user-tasks/*/audit-logs/search": audit_logs.OF_VISIBLE_TASK,
    "/v2/user-tasks/*/effective-variables/search": variables.NOUN,
    "/v2/user-tasks/*/variables/search": variables.NOUN,
    "/v2/user-tasks/search": user_tasks.NOUN,
    "/v2/users/search": users.NOUN,
    "/v2/variables/search": variables.NOUN,
}
"""What the searches look for: their filter and sort fields are in the document too."""


_COUNTED: Mapping[str, Collection[str]] = {
    "/v2/incidents/statistics/process-instances-by-definition": incident_statistics.DEFINITION_SORTS,
    "/v2/incidents/statistics/process-instances-by-error": incident_statistics.ERROR_SORTS,
    "/v2/process-definitions/statistics/process-instances": definition_statistics.PROCESS_SORTS,
    "/v2/process-definitions/statistics/process-instances-by-version": definition_statistics.VERSION_SORTS,
}
"""Sort fields of searches that have no noun of their own: their rows are counted."""


_PAGES: Mapping[str, str] = {
    "/v2/incidents/statistics/process-instances-by-definition": "OffsetPage",
    "/v2/incidents/statistics/process-instances-by-error": "OffsetPage",
    "/v2/jobs/statistics/by-types": "ForwardPage",
    "/v2/jobs/statistics/by-workers": "ForwardPage",
    "/v2/jobs/statistics/errors": "ForwardPage",
    "/v2/jobs/statistics/time-series": "ForwardPage",
    "/v2/process-definitions/statistics/message-subscriptions": "ForwardPage",
    "/v2/process-definitions/statistics/process-instances": "OffsetPage",
    "/v2/process-definitions/statistics/process-instances-by-version": "OffsetPage",
    "/v2/user-tasks/*/effective-variables/search": "OffsetPage",
}
"""Searches that are paged in one way only -> the shape of their page."""


_WITH_MORE = ("/v2/authentication/me/authorizations/search",)
"""Searches whose answer is more than a page."""


@dataclass(frozen=True)
class Operation:
    """What a path answers to a method and takes from it, as the lines above write it.

    Attributes:
        body: The shape that is sent; empty: none.
        more: What else may be answered, by status.
    """

    status: int
    answer: str
    body: str = ""
    more: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Search(Operation):
    """A search.

    Attributes:
        noun: What it looks for; None: rows that are counted.
        filter: The shape of its filter when it is not that of the noun.
        page: The shape of its page.
    """

    noun: Noun | None = None
    filter: str = ""
    needs_filter: bool = False
    sorts: Collection[str] = ()
    page: str = "Page"


def operations() -> dict[tuple[str, str], Operation]:
    """Return every operation, by method and path."""
    found: dict[tuple[str, str], Operation] = {}
    for line in _LINES.strip().splitlines():
        method, path, status, answer, *words = line.split()
        more = dict(word[1:].split("=") for word in words if word.startswith("+"))
        (body,) = [word for word in words if not word.startswith("+")] or [""]
        also = {int(code): other for code, other in more.items()}
        found[method, path] = Operation(int(status), answer, body, also)
    for line in _SEARCHES.strip().splitlines():
        found["POST", line.split()[0]] = _search(*line.split())
    return found


def _search(path: str, shape: str, filter_: str = "") -> Search:
    noun = NOUNS.get(path)
    return Search(
        200,
        shape if path in _WITH_MORE else f"page({shape})",
        noun=noun,
        filter=filter_.lstrip("!"),
        needs_filter=filter_.startswith("!"),
        sorts=_COUNTED.get(path, ()) if noun is None else noun.sorts,
        page=_PAGES.get(path, "Page"),
    )
