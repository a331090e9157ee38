// A repair from start to end, by the typed client; every answer is checked against Camunda's own schemas.
import { createCamundaClient } from '@camunda8/orchestration-cluster-api';

const [folder] = process.argv.slice(2);
const now = { consistency: { waitUpToMs: 0 } };
const as = (username) =>
  createCamundaClient({
    config: {
      CAMUNDA_REST_ADDRESS: process.env.HOUSE,
      CAMUNDA_AUTH_STRATEGY: 'BASIC',
      CAMUNDA_BASIC_AUTH_USERNAME: username,
      CAMUNDA_BASIC_AUTH_PASSWORD: process.env.PASSWORD,
      CAMUNDA_SDK_VALIDATION: 'req:strict,res:strict',
      CAMUNDA_SDK_LOG_LEVEL: 'silent',
    },
  });

const owner = as('owner');
const ada = as('ada');
const quinn = as('quinn');
const worker = as('worker');
const told = {};

const topology = await owner.getTopology();
told.version = topology.gatewayVersion;
told.me = (await owner.getAuthentication()).username;

const files = ['repair_price.dmn', 'inspect_item.form', 'repair.bpmn'].map((name) => `${folder}/${name}`);
const deployment = await owner.deployResourcesFromFiles(files);
told.deployed = deployment.processes.map((one) => one.resourceName);

const created = await owner.createProcessInstance({
  processDefinitionId: 'repair',
  variables: { repair_no: 'R-1' },
  tags: ['npm'],
});
const processInstanceKey = created.processInstanceKey;

const page = await quinn.searchUserTasks(
  { filter: { state: 'CREATED', priority: { $gte: 1 } }, sort: [{ field: 'creationDate', order: 'DESC' }] },
  now,
);
const [task] = page.items;
told.task = [task.name, page.page.totalItems];
await quinn.assignUserTask({ userTaskKey: task.userTaskKey, assignee: 'quinn' });
await quinn.getUserTaskForm({ userTaskKey: task.userTaskKey }, now);
await quinn.completeUserTask({ userTaskKey: task.userTaskKey, variables: { damage: '严重', remark: '裂' } });
const log = await quinn.searchUserTaskAuditLogs({ userTaskKey: task.userTaskKey }, now);
told.log = log.items.map((one) => one.operationType);

const handled = new Promise((resolve) => {
  const jobs = worker.createJobWorker({
    jobType: 'billing',
    maxParallelJobs: 1,
    jobTimeoutMs: 60000,
    workerName: 'npm',
    jobHandler: (job) => {
      resolve([job.variables.price, job.customHeaders.currency, jobs]);
      return job.complete({ bill_no: 'B-7' });
    },
  });
});
const [price, currency, jobs] = await handled;
told.job = [price, currency];

let instance;
do {
  const found = await owner.searchMessageSubscriptions({ filter: { processInstanceKey } }, now);
  if (found.items.length) {
    told.waiting = found.items.map((one) => one.messageName);
    await worker.correlateMessage({ name: 'repair_paid', correlationKey: 'R-1', variables: {} });
  }
  instance = await owner.getProcessInstance({ processInstanceKey }, now);
} while (instance.state === 'ACTIVE');
told.state = instance.state;
jobs.stop();

const variables = await owner.searchVariables(
  { filter: { processInstanceKey, name: { $in: ['bill_no', 'price'] } }, sort: [{ field: 'name' }] },
  now,
);
told.variables = variables.items.map((one) => [one.name, one.value]);
await owner.searchElementInstances({ filter: { processInstanceKey } }, now);
await owner.searchProcessDefinitions({}, now);
await owner.searchDecisionInstances({ filter: { processInstanceKey } }, now);
await owner.searchJobs({ filter: { processInstanceKey } }, now);
await owner.searchAuditLogs({ filter: { processInstanceKey } }, now);
await owner.getProcessInstanceStatistics({ processInstanceKey }, now);
await owner.getProcessDefinitionInstanceStatistics({}, now);

await ada.createUser({ username: 'nina', password: 'long enough', name: 'Nina', email: 'nina@example.com' });
await ada.createGroup({ groupId: 'desk', name: 'Desk' });
await ada.assignUserToGroup({ groupId: 'desk', username: 'nina' });
told.members = (await ada.searchUsersForGroup({ groupId: 'desk' }, now)).items.map((one) => one.username);
const { authorizationKey } = await ada.createAuthorization({
  ownerId: 'nina',
  ownerType: 'USER',
  resourceId: 'repair',
  resourceType: 'PROCESS_DEFINITION',
  permissionTypes: ['READ_PROCESS_INSTANCE'],
});
told.authorization = (await ada.getAuthorization({ authorizationKey }, now)).permissionTypes;

const refused = await owner.getUserTask({ userTaskKey: '1' }, now).catch((error) => error);
told.refused = [refused.status, refused.title];
console.log(JSON.stringify(told));
