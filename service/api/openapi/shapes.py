"""The objects that are sent and answered: one line each, read into JSON schemas.

A line is `Name: field=type …`, and goes on where the next one is indented. The type is `text` when
none is written; `?` after it lets null stand there, `!` before the field (in what is sent) says that it
must be there. In what is answered every field is there.
"""

from collections.abc import Mapping
from typing import Any

ANSWERED = """
AuditLog: auditLogKey=key entityKey entityType operationType batchOperationKey=key?
    batchOperationType? timestamp=moment actorId? actorType? agentElementId? tenantId? result
    category processDefinitionId? processDefinitionKey=key? processInstanceKey=key?
    rootProcessInstanceKey=key? elementInstanceKey=key? jobKey=key? userTaskKey=key?
    decisionRequirementsId? decisionRequirementsKey=key? decisionDefinitionId?
    decisionDefinitionKey=key? decisionEvaluationKey=key? deploymentKey=key? formKey=key?
    resourceKey=key? relatedEntityKey? relatedEntityType? entityDescription? inboundChannelType?
    inboundChannelToolName?
Authorization: ownerId ownerType resourceType resourceId? resourcePropertyName?
    permissionTypes=[text] authorizationKey=key
AuthorizationKey: authorizationKey=key
Client: clientId
ClusterVariable: name value scope tenantId? kind metadata=object
CorrelatedSubscription: correlationKey correlationTime=moment elementId elementInstanceKey=key?
    messageKey=key messageName partitionId=integer processDefinitionId processDefinitionKey=key?
    processInstanceKey=key rootProcessInstanceKey=key? subscriptionKey=key tenantId
CreatedInstance: processDefinitionId processDefinitionVersion=integer tenantId variables=object
    processDefinitionKey=key processInstanceKey=key tags=[text] businessId?
Decision: decisionDefinitionId decisionDefinitionKey=key decisionRequirementsId
    decisionRequirementsKey=key name tenantId version=integer
DecisionRequirements: decisionRequirementsId decisionRequirementsKey=key decisionRequirementsName
    resourceName tenantId version=integer
Document: documentId storeId contentHash? metadata=object
DocumentLink: url expiresAt=moment
DocumentBatch: createdDocuments=[Document] failedDocuments=[object]
ElementInstance: processDefinitionId? startDate=moment endDate=moment? elementId elementName type
    state hasIncident=flag tenantId elementInstanceKey=key processInstanceKey=key
    rootProcessInstanceKey=key? processDefinitionKey=key? incidentKey=key?
ElementStatistics: elementId active=integer canceled=integer incidents=integer completed=integer
Form: tenantId formId schema=any version=integer formKey=key
Group: groupId name description?
GroupId: groupId
Incident: processDefinitionId errorType errorMessage elementId creationTime=moment state tenantId
    incidentKey=key processDefinitionKey=key processInstanceKey=key rootProcessInstanceKey=key?
    elementInstanceKey=key jobKey=key?
IncidentsByDefinition: processDefinitionId processDefinitionKey=key processDefinitionName
    processDefinitionVersion=integer tenantId activeInstancesWithErrorCount=integer
IncidentsByError: errorHashCode=integer errorMessage activeInstancesWithErrorCount=integer
Job: customHeaders=object deadline=moment? deniedReason? elementId? elementInstanceKey=key
    endTime=moment? errorCode? errorMessage? hasFailedWithRetriesLeft=flag isDenied=flag?
    jobKey=key kind listenerEventType processDefinitionId? processDefinitionKey=key?
    processInstanceKey=key rootProcessInstanceKey=key? businessId? retries=integer state tenantId
    type worker creationTime=moment? lastUpdateTime=moment? priority=integer
JobMetric: count=integer lastUpdatedAt=moment?
JobStatistics: created=JobMetric completed=JobMetric failed=JobMetric isIncomplete=flag
JobsByError: errorCode errorMessage workers=integer
JobsByTime: time=moment created=JobMetric completed=JobMetric failed=JobMetric
JobsByType: jobType created=JobMetric completed=JobMetric failed=JobMetric workers=integer
JobsByWorker: worker created=JobMetric completed=JobMetric failed=JobMetric
License: validLicense=flag licenseType isCommercial=flag expiresAt=moment?
MappingRule: claimName claimValue name mappingRuleId
Me: username displayName? email? authorizedComponents=[text] tenants=[object] groups=[text]
    roles=[text] salesPlanType? c8Links=object canLogout=flag
Message: tenantId messageKey=key
MessageCorrelation: tenantId messageKey=key processInstanceKey=key
ProcessDefinition: name? resourceName version=integer versionTag? processDefinitionId tenantId
    processDefinitionKey=key hasStartForm=flag state
ProcessInstance: processDefinitionId processDefinitionName? processDefinitionVersion=integer
    processDefinitionVersionTag? startDate=moment endDate=moment? state suspendedDate=moment?
    hasIncident=flag tenantId processInstanceKey=key processDefinitionKey=key
    parentProcessInstanceKey=key? parentElementInstanceKey=key? rootProcessInstanceKey=key?
    tags=[text] businessId?
ProcessStatistics: processDefinitionId tenantId latestProcessDefinitionName?
    hasMultipleVersions=flag activeInstancesWithoutIncidentCount=integer
    activeInstancesWithIncidentCount=integer
Resource: resourceName version=integer versionTag? resourceId tenantId resourceKey=key
Role: roleId name description?
SequenceFlow: sequenceFlowId processInstanceKey=key rootProcessInstanceKey=key?
    processDefinitionKey=key processDefinitionId elementId tenantId
ShownVariable: name value isTruncated=flag scope tenantId? kind metadata=object
Signal: tenantId signalKey=key
SubscriptionStatistics: processDefinitionId tenantId processDefinitionKey=key
    processInstancesWithActiveSubscriptions=integer activeSubscriptions=integer
Tenant: name tenantId description?
Topology: brokers=[object] clusterId? clusterSize=integer partitionsCount=integer
    replicationFactor=integer gatewayVersion lastCompletedChangeId
Usage: processInstances=integer decisionInstances=integer assignees=integer activeTenants=integer
    tenants=object
User: username name? email?
UserTask: name? state assignee? elementId candidateGroups=[text] candidateUsers=[text]
    processDefinitionId creationDate=moment completionDate=moment? followUpDate=moment?
    dueDate=moment? tenantId externalFormReference? processDefinitionVersion=integer
    customHeaders=object priority=integer userTaskKey=key elementInstanceKey=key processName?
    processDefinitionKey=key processInstanceKey=key rootProcessInstanceKey=key? businessId?
    formKey=key? tags=[text]
Username: username
Variable: value isTruncated=flag name tenantId variableKey=key scopeKey=key processInstanceKey=key
    rootProcessInstanceKey=key?
VariableName: name
VersionStatistics: processDefinitionId processDefinitionKey=key processDefinitionName? tenantId
    processDefinitionVersion=integer activeInstancesWithIncidentCount=integer
    activeInstancesWithoutIncidentCount=integer
WaitState: rootProcessInstanceKey=key? processInstanceKey=key elementInstanceKey=key elementId
    elementType tenantId bpmnProcessId details=object
WaitStatistics: elementId waitingCount=integer
CallerInstance: processInstanceKey=key processDefinitionKey=key processDefinitionName
Batch: batchNo status
"""

SENT = """
ActivateJobs: !type !worker !timeout=integer !maxJobsToActivate=integer fetchVariable=[text]
    requestTimeout=integer
AssignTask: !assignee allowOverride=flag action
AuthorizationRecord: !ownerId !ownerType !resourceId !resourceType !permissionTypes=[text]
BroadcastSignal: !signalName variables=object tenantId
ChangeVariable: !value=any metadata=object
BusinessId: !businessId
CompleteJob: variables=object?
CompleteTask: variables=object? action
CorrelateMessage: !name correlationKey variables=object tenantId
CreateGroup: !groupId !name description
CreateInstance: processDefinitionId processDefinitionKey=key processDefinitionVersion=integer
    variables=object businessId tags=[text] tenantId
CreateRole: !roleId !name description
CreateVariable: !name !value=any metadata=object
CreateUser: !username !password name email
EvaluateDecision: decisionDefinitionId decisionDefinitionKey=key variables=object tenantId
EvaluateExpression: !expression context=object tenantId
FailJob: retries=integer errorMessage retryBackOff=integer variables=object
LinkDocument: timeToLive=integer
Named: !name description
Nothing: -
PinClock: !timestamp=integer
PublishMessage: !name correlationKey timeToLive=integer messageId variables=object tenantId
SetVariables: !variables=object local=flag
ThrowError: !errorCode errorMessage? variables=object?
UpdateJob: !changeset=object
UpdateTask: changeset=object? action
UpdateUser: name email password
"""

_TYPES: Mapping[str, dict[str, Any]] = {
    "any": {},
    "flag": {"type": "boolean"},
    "integer": {"type": "integer"},
    "key": {"type": "string", "pattern": "^-?[0-9]+$"},
    "moment": {"type": "string", "format": "date-time"},
    "object": {"type": "object"},
    "text": {"type": "string"},
}


def schemas() -> dict[str, Any]:
    """Return the JSON schema of every shape, by name."""
    answered = {name: _schema(fields, is_answer=True) for name, fields in _lines(ANSWERED)}
    sent = {name: _schema(fields, is_answer=False) for name, fields in _lines(SENT)}
    return {**answered, **sent}


def type_schema(word: str) -> dict[str, Any]:
    """Return the schema of a type word: `text`, `key?`, `[Role]`, `JobMetric`."""
    if word.endswith("?"):
        inner = type_schema(word[:-1])
        return {"anyOf": [inner, {"type": "null"}]} if inner else {}
    if word.startswith("["):
        return {"type": "array", "items": type_schema(word[1:-1])}
    return dict(_TYPES[word]) if word in _TYPES else {"$ref": f"#/components/schemas/{word}"}


def _lines(text: str) -> list[tuple[str, list[str]]]:
    whole = text.strip().replace("\n    ", " ")
    lines = [line.partition(": ") for line in whole.splitlines()]
    return [(name, [] if fields == "-" else fields.split()) for name, _colon, fields in lines]


def _schema(fields: list[str], *, is_answer: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in fields:
        name, _equals, word = field.lstrip("!").partition("=")
        if name.endswith("?"):
            name, word = name[:-1], "text?"
        properties[name] = type_schema(word or "text")
        if is_answer or field.startswith("!"):
            required.append(name)
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema
