"""The objects that are answered: one line each, in the words of `shapes`. Every field is there, none else."""

ANSWERED = """
ActivatedJob: type processDefinitionId processDefinitionVersion=integer elementId
    customHeaders={text} worker retries=integer deadline=integer variables=object tenantId
    physicalTenantId jobKey=key processInstanceKey=key processDefinitionKey=key
    elementInstanceKey=key kind=JobKind listenerEventType=ListenerEvent userTask=ListenedTask?
    tags=[text] rootProcessInstanceKey=key? businessId? priority=integer jobLeaseToken?
ActivatedJobs: jobs=[ActivatedJob]
AuditLog: auditLogKey=key entityKey entityType=EntityType operationType=OperationType
    batchOperationKey=key? batchOperationType=BatchType? timestamp=moment actorId?
    actorType=ActorType? agentElementId? tenantId? result=AuditResult category=AuditCategory
    processDefinitionId? processDefinitionKey=key? processInstanceKey=key?
    rootProcessInstanceKey=key? elementInstanceKey=key? jobKey=key? userTaskKey=key?
    decisionRequirementsId? decisionRequirementsKey=key? decisionDefinitionId?
    decisionDefinitionKey=key? decisionEvaluationKey=key? deploymentKey=key? formKey=key?
    resourceKey=key? relatedEntityKey? relatedEntityType=EntityType? entityDescription?
    inboundChannelType? inboundChannelToolName?
Authorization: ownerId ownerType=OwnerType resourceType=ResourceType resourceId?
    resourcePropertyName? permissionTypes=[Permission] authorizationKey=key
AuthorizationKey: authorizationKey=key
BatchCreated: batchOperationKey=key batchOperationType=BatchType
BatchError: partitionId=integer type=BatchErrorType message
BatchItem: operationType=BatchType batchOperationKey=key itemKey=key processInstanceKey=key?
    rootProcessInstanceKey=key? state=BatchItemState processedDate=moment? errorMessage?
BatchOperation: batchOperationKey=key state=BatchState batchOperationType=BatchType
    startDate=moment? endDate=moment? actorType=ActorType? actorId? operationsTotalCount=integer
    operationsFailedCount=integer operationsCompletedCount=integer errors=[BatchError]
BatchStatus: batchNo status? isFrozen=flag reason? changedBy? changedAt=moment? caseNo?
Broker: nodeId=integer brokerId host port=integer partitions=[Partition] version
CallerInstance: processInstanceKey=key processDefinitionKey=key processDefinitionName
Client: clientId
ClusterBroker: brokerId host port=integer version
ClusterStatus: status=ClusterState
ClockTime: timestamp=moment
ClusterTopology: brokers=[ClusterBroker] clusterId? clusterSize=integer gatewayVersion
    physicalTenants=[PhysicalTenant]
ClusterVariable: name value scope=VariableScope tenantId? kind=VariableKind metadata=object
ConditionalEvaluation: conditionalEvaluationKey=key tenantId processInstances=[StartedInstance]
ConditionWait: expression events=[text] waitStateType=WaitType
CorrelatedSubscription: businessId? correlationKey? correlationTime=moment elementId
    elementInstanceKey=key? messageKey=key messageName partitionId=integer processDefinitionId
    processDefinitionKey=key processInstanceKey=key rootProcessInstanceKey=key?
    subscriptionKey=key tenantId
CreatedInstance: processDefinitionId processDefinitionVersion=integer tenantId variables=object
    processDefinitionKey=key processInstanceKey=key tags=[text] businessId?
Decision: decisionDefinitionId decisionDefinitionKey=key decisionRequirementsId
    decisionRequirementsKey=key decisionRequirementsName decisionRequirementsVersion=integer name
    tenantId version=integer
DecisionEvaluation: decisionDefinitionId decisionDefinitionKey=key decisionDefinitionName
    decisionDefinitionVersion=integer decisionEvaluationKey=key decisionInstanceKey=key
    decisionRequirementsId decisionRequirementsKey=key evaluatedDecisions=[EvaluatedDecision]
    failedDecisionDefinitionId? failureMessage? output tenantId
DecisionInput: inputId inputName inputValue
DecisionInstance: businessId? decisionDefinitionId decisionDefinitionKey=key
    decisionDefinitionName decisionDefinitionType=DecisionType decisionDefinitionVersion=integer
    decisionEvaluationInstanceKey decisionEvaluationKey=key elementInstanceKey=key?
    evaluationDate=moment evaluationFailure? processDefinitionKey=key? processInstanceKey=key?
    result rootDecisionDefinitionKey=key rootProcessInstanceKey=key? state=DecisionState tenantId
DecisionOutput: outputId outputName outputValue ruleId? ruleIndex=integer?
DecisionRequirements: decisionRequirementsId decisionRequirementsKey=key decisionRequirementsName
    resourceName tenantId version=integer
DecisionRule: ruleId ruleIndex=integer evaluatedOutputs=[DecisionOutput]
DeployedDecision: decisionDefinitionId version=integer name tenantId decisionRequirementsId
    decisionDefinitionKey=key decisionRequirementsKey=key
DeployedForm: formId version=integer resourceName tenantId formKey=key
DeployedProcess: processDefinitionId processDefinitionVersion=integer resourceName tenantId
    processDefinitionKey=key
DeployedResource: resourceId resourceName version=integer tenantId resourceKey=key
Deployment: deploymentKey=key tenantId deployments=[DeploymentEntry] warnings=[Finding]
DeploymentEntry: processDefinition=DeployedProcess? decisionDefinition=DeployedDecision?
    decisionRequirements=DecisionRequirements? form=DeployedForm? resource=DeployedResource?
Document: camunda.document.type=DocumentType storeId documentId contentHash
    metadata=KeptMetadata
DocumentBatch: createdDocuments=[Document] failedDocuments=[FailedDocument]
DocumentLink: url expiresAt=moment
ElementInstance: processDefinitionId startDate=moment endDate=moment? elementId elementName
    type=ElementType state=ElementState hasIncident=flag tenantId elementInstanceKey=key
    processInstanceKey=key rootProcessInstanceKey=key? processDefinitionKey=key incidentKey=key?
ElementStatistics: elementId active=integer canceled=integer incidents=integer completed=integer
EvaluatedDecision: decisionDefinitionId decisionDefinitionName decisionDefinitionVersion=integer
    decisionDefinitionType=DecisionType output tenantId matchedRules=[DecisionRule]
    evaluatedInputs=[DecisionInput] decisionDefinitionKey=key decisionEvaluationInstanceKey
ExpressionResult: expression result=any warnings=[ExpressionWarning] referencedSecrets=[SecretReference]
ExpressionWarning: message
FailedDocument: fileName title status=integer detail
FieldProblem: path code message detail field_id? facts=object
Finding: severity=Severity rule message advice resource element_id? line=integer? english traditional detail
Forecast: processInstanceKey=key refusal=ForecastRefusal? elements=[ForecastElement]
    keptSubscriptions=[KeptSubscription] closedSubscriptions=[ClosedSubscription]
    openedSubscriptions=[OpenedSubscription]
ForecastElement: elementInstanceKey=key type sourceElementId targetElementId targetElementName?
    state becomesUserTask=flag
ForecastRefusal: title status=integer detail reason? elementId?
ForecastOverview: tried=integer fitting=integer refused=[ForecastReason]
ForecastReason: title status=integer detail reason? elementId? count=integer
Forecasts: items=[Forecast] overview=ForecastOverview? page=PageOfAnswer
ClosedSubscription: kind sourceElementId
KeptSubscription: kind sourceElementId targetElementId dueDate?
OpenedSubscription: kind targetElementId dueDate=moment?
Form: tenantId formId schema version=integer formKey=key
GlobalListener: id type eventTypes=[ListenerTrigger] retries=integer afterNonGlobal=flag
    priority=integer source=ListenerSource
Group: groupId name description?
GroupId: groupId
Incident: processDefinitionId errorType=ErrorType errorMessage elementId creationTime=moment
    state=IncidentState tenantId incidentKey=key processDefinitionKey=key processInstanceKey=key
    rootProcessInstanceKey=key? elementInstanceKey=key jobKey=key? storageOrdinal=integer?
IncidentsByDefinition: processDefinitionId processDefinitionKey=key processDefinitionName
    processDefinitionVersion=integer tenantId activeInstancesWithErrorCount=integer
IncidentsByError: errorHashCode=integer errorMessage activeInstancesWithErrorCount=integer
Job: customHeaders={text} deadline=moment? deniedReason? elementId? elementInstanceKey=key
    endTime=moment? errorCode? errorMessage? hasFailedWithRetriesLeft=flag isDenied=flag?
    jobKey=key kind=JobKind listenerEventType=ListenerEvent processDefinitionId
    processDefinitionKey=key processInstanceKey=key rootProcessInstanceKey=key? businessId?
    retries=integer state=JobState tenantId type worker creationTime=moment?
    lastUpdateTime=moment? priority=integer
JobMetric: count=integer lastUpdatedAt=moment?
JobStatistics: created=JobMetric completed=JobMetric failed=JobMetric isIncomplete=flag
JobWait: jobKey=key jobType jobKind=JobKind listenerEventType=ListenerEvent? retries=integer?
    waitStateType=WaitType
JobsByError: errorCode errorMessage workers=integer
JobsByTime: time=moment created=JobMetric completed=JobMetric failed=JobMetric
JobsByType: jobType created=JobMetric completed=JobMetric failed=JobMetric workers=integer
JobsByWorker: worker created=JobMetric completed=JobMetric failed=JobMetric
KeptMetadata: contentType fileName expiresAt=moment? size=integer processDefinitionId?
    processInstanceKey=key? customProperties=object
License: validLicense=flag licenseType isCommercial=flag expiresAt=moment?
ListenedTask: action assignee? candidateGroups=[text] candidateUsers=[text]
    changedAttributes=[text] dueDate? followUpDate? formKey=key? priority=integer?
    userTaskKey=key?
MappingRule: claimName claimValue name mappingRuleId
Me: username displayName? email? authorizedComponents=[text] tenants=[Tenant] groups=[text]
    roles=[text] salesPlanType? c8Links={text} canLogout=flag
Message: tenantId messageKey=key
MessageCorrelation: tenantId messageKey=key processInstanceKey=key
MessageSubscription: businessId? messageSubscriptionKey=key processDefinitionId
    processDefinitionKey=key? processInstanceKey=key? rootProcessInstanceKey=key? elementId
    elementInstanceKey=key? messageSubscriptionState=SubscriptionState lastUpdatedDate=moment
    messageName correlationKey? messageSubscriptionType=SubscriptionType toolProperties={text}
    processDefinitionName? processDefinitionVersion=integer? toolName? inboundConnectorType?
    tenantId
MessageWait: messageName correlationKey? waitStateType=WaitType
OwnAuthorizations: authorizationsEnabled=flag items=[Authorization] page=PageOfAnswer
OneVariable: value name tenantId variableKey=key scopeKey=key processInstanceKey=key
    rootProcessInstanceKey=key? metadata=object?
Partition: partitionId=integer role=PartitionRole health=PartitionHealth state=PartitionState
PhysicalBroker: brokerId partitions=[Partition]
PhysicalTenant: physicalTenantId partitionsCount=integer replicationFactor=integer
    lastCompletedChangeId brokers=[PhysicalBroker]
ProcessDefinition: name? resourceName version=integer versionTag? processDefinitionId tenantId
    processDefinitionKey=key hasStartForm=flag state=DefinitionState
ProcessInstance: processDefinitionId processDefinitionName? processDefinitionVersion=integer
    processDefinitionVersionTag? startDate=moment endDate=moment? state=InstanceState
    suspendedDate=moment? hasIncident=flag tenantId processInstanceKey=key
    processDefinitionKey=key parentProcessInstanceKey=key? parentElementInstanceKey=key?
    rootProcessInstanceKey=key? tags=[text] businessId?
ProcessStatistics: processDefinitionId tenantId latestProcessDefinitionName?
    hasMultipleVersions=flag activeInstancesWithoutIncidentCount=integer
    activeInstancesWithIncidentCount=integer
Resource: resourceName version=integer versionTag? resourceId tenantId resourceKey=key
ResourceDeleted: resourceKey=key batchOperation=BatchCreated?
Role: roleId name description?
SecretReference: storeId secretName
SequenceFlow: sequenceFlowId processInstanceKey=key rootProcessInstanceKey=key?
    processDefinitionKey=key processDefinitionId elementId tenantId
SetAuthentication: canLogout=flag isLoginDelegated=flag isCamundaGroupsEnabled=flag
SetCloud: stage=CloudStage?
SetComponents: active=[Component]
SetDeployment: isMultiTenancyEnabled=flag isTenantsApiEnabled=flag maxRequestSize=integer
SetJobMetrics: enabled=flag exportInterval maxWorkerNameLength=integer maxJobTypeLength=integer
    maxTenantIdLength=integer maxUniqueKeys=integer
ShownVariable: name value isTruncated=flag scope=VariableScope tenantId? kind=VariableKind
    metadata=object
Signal: tenantId signalKey=key
SignalWait: signalName waitStateType=WaitType
StartedInstance: processDefinitionKey=key processInstanceKey=key
SubscriptionStatistics: processDefinitionId tenantId processDefinitionKey=key
    processInstancesWithActiveSubscriptions=integer activeSubscriptions=integer
SystemConfiguration: jobMetrics=SetJobMetrics components=SetComponents deployment=SetDeployment
    authentication=SetAuthentication cloud=SetCloud
TaskWait: taskKey=key dueDate=moment? waitStateType=WaitType
Tenant: name tenantId description?
TimerWait: dueDate=integer? repetitions=integer? waitStateType=WaitType
Topology: brokers=[Broker] clusterId? clusterSize=integer partitionsCount=integer
    replicationFactor=integer gatewayVersion lastCompletedChangeId
Usage: processInstances=integer decisionInstances=integer assignees=integer
    activeTenants=integer tenants={UsageOfTenant}
UsageOfTenant: processInstances=integer decisionInstances=integer assignees=integer
User: username name? email?
UserTask: name? state=TaskState assignee? elementId candidateGroups=[text] candidateUsers=[text]
    processDefinitionId creationDate=moment completionDate=moment? followUpDate=moment?
    dueDate=moment? tenantId externalFormReference? processDefinitionVersion=integer
    customHeaders={text} priority=integer userTaskKey=key elementInstanceKey=key processName?
    processDefinitionKey=key processInstanceKey=key rootProcessInstanceKey=key? businessId?
    formKey=key? tags=[text] isSuspended=flag
Username: username
Variable: value isTruncated=flag name tenantId variableKey=key scopeKey=key processInstanceKey=key
    rootProcessInstanceKey=key? metadata=object?
VariableName: name
VersionStatistics: processDefinitionId processDefinitionKey=key processDefinitionName? tenantId
    processDefinitionVersion=integer activeInstancesWithIncidentCount=integer
    activeInstancesWithoutIncidentCount=integer
WaitState: rootProcessInstanceKey=key? processInstanceKey=key elementInstanceKey=key elementId
    elementType=ElementType tenantId bpmnProcessId
    details=JobWait|MessageWait|TaskWait|TimerWait|SignalWait|ConditionWait
WaitStatistics: elementId waitingCount=integer
WholeDecisionInstance: businessId? decisionDefinitionId decisionDefinitionKey=key
    decisionDefinitionName decisionDefinitionType=DecisionType decisionDefinitionVersion=integer
    decisionEvaluationInstanceKey decisionEvaluationKey=key elementInstanceKey=key?
    evaluationDate=moment evaluationFailure? processDefinitionKey=key? processInstanceKey=key?
    result rootDecisionDefinitionKey=key rootProcessInstanceKey=key? state=DecisionState tenantId
    evaluatedInputs=[DecisionInput] matchedRules=[DecisionRule]
"""
