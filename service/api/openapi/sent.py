"""The objects that are sent: one line each, in the words of `shapes`; `!` before what must be there.

`operationReference` is taken and not kept: in Camunda 8 it marks the records of its exporters.
"""

SENT = """
ActivateAdHoc: !elements=[ActivatedElement] cancelRemainingInstances=flag
ActivatedElement: !elementId variables=object
ActivateInstruction: !elementId variableInstructions=[VariableInstruction]
    ancestorElementInstanceKey=key
ActivateJobs: !type worker !timeout=integer !maxJobsToActivate=integer fetchVariable=[text]
    requestTimeout=integer tenantIds=[text] tenantFilter=TenantFilter withLease=flag
AddToClock: !offset
AncestorInstruction: !ancestorScopeType=AncestorScope ancestorElementInstanceKey=key
AssignTask: assignee allowOverride=flag? action?
AuthorizationRecord: !ownerId !ownerType=OwnerType resourceId resourcePropertyName
    !resourceType=ResourceType !permissionTypes=[Permission]
BroadcastSignal: !signalName variables=object tenantId
BusinessId: !businessId
ChangeJobs: !filter=JobFilter !changeset=JobChanges operationReference=reference
ChangeTask: candidateGroups=[text]? candidateUsers=[text]? dueDate=moment? followUpDate=moment?
    priority=percentage?
ChangeVariable: !value=any metadata=object
CompleteJob: variables=object? result=JobResult? jobLeaseToken? businessId?
CompleteTask: variables=object? action?
CorrelateMessage: !name correlationKey variables=object tenantId businessId
Corrections: assignee? dueDate=moment? followUpDate=moment? candidateUsers=[text]?
    candidateGroups=[text]? priority=percentage?
CountErrors: !from=moment !to=moment !jobType errorCode=TextFilter errorMessage=TextFilter
CountJobs: !from=moment !to=moment !jobType
CountJobsOverTime: !from=moment !to=moment !jobType resolution
CountTypes: !from=moment !to=moment jobType=TextFilter
CountVersions: !processDefinitionId tenantId
CreateGroup: !groupId=id !name description
CreateInstance: processDefinitionId processDefinitionKey=key processDefinitionVersion=integer
    processDefinitionVersionTag variables=object businessId tags=[text] tenantId
    startInstructions=[StartInstruction] runtimeInstructions=[EndInstruction]
    awaitCompletion=flag fetchVariables=[text] requestTimeout=integer operationReference=reference
CreateMappingRule: !mappingRuleId=id !claimName !claimValue !name
CreateRole: !roleId=id !name description
CreateTenant: !tenantId !name description
CreateUser: !username=id !password name email
CreateListener: !id=id !type !eventTypes=[ListenerTrigger] retries=integer afterNonGlobal=flag
    priority=integer
CreateVariable: !name=id !value=any metadata=object kind=VariableKind
DeleteDecisions: !filter=DecisionInstanceFilter operationReference=reference
DeleteResource: deleteHistory=flag operationReference=reference
Deploy: !resources=[file] tenantId
DocumentMetadata: contentType fileName expiresAt=moment size=integer processDefinitionId
    processInstanceKey=key customProperties=object
EndInstruction: type=RuntimeInstruction !afterElementId
EvaluateConditionals: !variables=object processDefinitionKey=key tenantId
EvaluateDecision: decisionDefinitionId decisionDefinitionKey=key variables=object tenantId
EvaluateExpression: !expression variables=object? scopeKey=key tenantId
FailJob: retries=integer errorMessage retryBackOff=integer variables=object jobLeaseToken?
IncidentMessage: !errorHashCode=integer
JobChanges: retries=integer? timeout=integer? priority=integer?
JobResult: type=ResultType denied=flag? deniedReason? corrections=Corrections?
    activateElements=[ActivatedElement] isCompletionConditionFulfilled=flag
    isCancelRemainingInstances=flag
LinkDocument: timeToLive=integer
MapElement: !sourceElementId !targetElementId
Migrate: !targetProcessDefinitionKey=key !mappingInstructions=[MapElement]
    operationReference=reference
MigrateMany: !filter=ProcessInstanceFilter !migrationPlan=MigrationPlan
    operationReference=reference page=PageOfDryRun
MigrationPlan: !targetProcessDefinitionKey=key !mappingInstructions=[MapElement]
Modify: activateInstructions=[ActivateInstruction] moveInstructions=[MoveInstruction]
    terminateInstructions=[TerminateInstruction] operationReference=reference
ModifyMany: !filter=ProcessInstanceFilter !moveInstructions=[MapElement]
    operationReference=reference
MoveInstruction: !sourceElementInstruction=SourceInstruction !targetElementId
    ancestorScopeInstruction=AncestorInstruction variableInstructions=[VariableInstruction]
Named: !name description
NameFilter: name=TextFilter
Operate: operationReference=reference
OperateMany: !filter=ProcessInstanceFilter operationReference=reference
PageOfDryRun: limit=integer after=key
PinClock: !timestamp=integer
PublishMessage: !name correlationKey timeToLive=integer messageId variables=object tenantId
    businessId
OfInstances: filter=ProcessInstanceFilter
SetVariables: !variables=object local=flag operationReference=reference
Ship: reference
SourceInstruction: !sourceType=SourceType sourceElementId sourceElementInstanceKey=key
StartInstruction: !elementId
TerminateInstruction: elementId elementInstanceKey=key
ThrowError: !errorCode errorMessage? variables=object? jobLeaseToken?
UpdateJob: !changeset=JobChanges operationReference=reference jobLeaseToken?
UpdateListener: !type !eventTypes=[ListenerTrigger] retries=integer afterNonGlobal=flag
    priority=integer
UpdateMappingRule: !claimName !claimValue !name
UpdateTask: changeset=ChangeTask? action?
UpdateUser: name email password
Upload: !file=file metadata=DocumentMetadata
UploadMany: !files=[file] metadataList=[DocumentMetadata]
VariableFilter: !name !value=TextFilter
VariableInstruction: !variables=object scopeId
"""
