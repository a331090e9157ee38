// A repair by the client that Camunda's Modeler is built on.
import { readFileSync } from 'node:fs';
import { Camunda8 } from '@camunda8/sdk';

const [folder] = process.argv.slice(2);
const as = (username) =>
  new Camunda8({
    ZEEBE_REST_ADDRESS: process.env.HOUSE,
    CAMUNDA_AUTH_STRATEGY: 'BASIC',
    CAMUNDA_BASIC_AUTH_USERNAME: username,
    CAMUNDA_BASIC_AUTH_PASSWORD: process.env.PASSWORD,
    CAMUNDA_LOG_LEVEL: 'none',
  }).getCamundaRestClient();

const owner = as('owner');
const quinn = as('quinn');
const worker = as('worker');
const told = {};

told.version = (await owner.getTopology()).gatewayVersion;
// As the Modeler does: its deployResourcesFromFiles would read the files as Latin-1 and send mojibake.
const files = ['repair_price.dmn', 'inspect_item.form', 'repair.bpmn'];
const deployed = await owner.deployResources(
  files.map((name) => ({ name, content: readFileSync(`${folder}/${name}`, 'utf8') })),
);
told.deployed = deployed.processes.map((one) => one.resourceName);

const created = await owner.createProcessInstance({
  processDefinitionId: 'repair',
  variables: { repair_no: 'R-2' },
});
const [task] = (await quinn.searchUserTasks({ filter: { state: 'CREATED' } })).items;
told.task = task.name;
await quinn.assignUserTask({ userTaskKey: task.userTaskKey, assignee: 'quinn', allowOverride: true });
await quinn.completeUserTask({ userTaskKey: task.userTaskKey, variables: { damage: '严重', remark: '裂' } });

const [job] = await worker.activateJobs({
  type: 'billing',
  worker: 'npm',
  timeout: 60000,
  maxJobsToActivate: 1,
  requestTimeout: 10000,
});
told.job = [job.variables.price, job.customHeaders.currency];
await job.complete({ bill_no: 'B-8' });
await worker.publishMessage({ name: 'repair_paid', correlationKey: 'R-2', variables: {}, timeToLive: 0 });

const [instance] = (
  await owner.searchProcessInstances({
    filter: { processInstanceKey: created.processInstanceKey },
    sort: [{ field: 'startDate' }],
  })
).items;
told.state = instance.state;
const refused = await owner.getUserTask('1').catch((error) => error);
told.refused = refused.statusCode ?? refused.response?.statusCode ?? String(refused);
await worker.stopWorkers();
console.log(JSON.stringify(told));
process.exit(0);
