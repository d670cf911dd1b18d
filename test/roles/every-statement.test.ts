import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { ENV } from '#functions/shared/environment.ts';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import type { StewardJson } from '#infra/index.ts';
import { alarmName, alarmPayload, snsEvent } from '#test/functions/alarm-payload.ts';
import {
  type Deployed,
  LEDGER,
  passQuarantine,
  putAll,
  putRules,
  swept,
  useDeployments,
} from '#test/functions/deployed.ts';
import {
  checkpointCompletedHandler,
  collectHandler,
  guardHandler,
  lifecycleRulesHandler,
  manualHandler,
  notifySlackHandler,
  onDeployHandler,
  statesHandler,
  surveyHandler,
  undoHandler,
} from '#test/functions/handlers.ts';
import { useStandIns } from '#test/functions/stand-ins.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, type PlayedPlace, uuid } from '#test/support/played-job.ts';
import { StatefulJob } from '#test/support/stateful-job.ts';
import type { AwsCall } from './aws-call.ts';
import { type Roles, rolesOf } from './denied-calls.ts';
import type { RecordedCall } from './recorded-calls.ts';
import { ACCOUNT, isAllowed, REGION, type RoleStatement } from './simulated-role.ts';

const deploy = useDeployments();
const standIns = useStandIns();

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const LEDGER_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/66666666-7777-8888-9999-000000000000`;
const SECRET = 'webhook-of-the-roles';

/** A configuration whose roles have every statement that there is for adopted buckets. */
const CONFIGURATION = {
  area: [{ bucket: `s3://${BUCKET}/flink`, versioned: true, kmsKey: KEY }],
  mode: 'collect',
  collect: { maxDeleteFraction: 0.9 },
  lifecycle: { manage: 'write' },
  deploy: { notifications: 'merge', ledgerBucket: LEDGER, ledgerKmsKey: LEDGER_KEY },
  guard: { mode: 'all', heal: 'all' },
  signals: { slack: { secretName: SECRET } },
  states: {},
} satisfies StewardJson;

/** Statements that Lambda itself needs for a function: no call of its code does. */
const OF_LAMBDA = ['Log', 'TellFailures', 'TakeMessages'];

/** What the key of a bucket is asked for where an object of it is read or written. */
function keyCallsOf({ action, resource, by }: RecordedCall): readonly RecordedCall[] {
  const key = resource.startsWith(`arn:aws:s3:::${BUCKET}/`) ? KEY : LEDGER_KEY;
  const used = {
    's3:GetObject': 'kms:Decrypt',
    's3:GetObjectVersion': 'kms:Decrypt',
    's3:PutObject': 'kms:GenerateDataKey',
  }[action];
  return used === undefined ? [] : [{ by, action: used, resource: key, context: {} }];
}

const ROOT = `flink/${JOB}/chk-7`;

/** A job with garbage, and what is read only where it is found: a renamed root, a root in the rest, an archive tier. */
async function deployed(): Promise<Deployed> {
  const one = await deploy(CONFIGURATION, (store) => {
    const job = new PlayedJob(store, `flink/${JOB}/`, `s3a://${BUCKET}`);
    job.complete(6, [job.upload(3)], NOW - 3 * DAY);
    job.complete(7, [job.upload(1)], NOW - 2 * DAY);
    job.upload(2);
    store.put(`${ROOT}/old_metadata.bak`, Buffer.from('no checkpoint'), NOW - 2 * DAY);
    const other = new PlayedJob(store, `elsewhere/${JOB}/`, `s3a://${BUCKET}`);
    other.complete(3, [other.upload(1)], NOW - 2 * DAY);
  });
  const { s3, client } = one;
  s3.bucket(BUCKET).versioning = 'Enabled';
  const tiered = { lastModified: NOW - 2 * DAY, storageClass: 'INTELLIGENT_TIERING' };
  s3.put(BUCKET, `flink/${JOB}/shared/tiered`, 'tiered', tiered);
  const upload = { Bucket: BUCKET, Key: `flink/${JOB}/shared/unfinished` };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
  await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'part' }));
  return one;
}

function placeOf({ s3 }: Deployed): PlayedPlace {
  return { put: (key, content, lastModified) => s3.put(BUCKET, key, content, { lastModified }), remove: () => {} };
}

/** Runs are ordered by the second in which they begin. */
function next(one: Deployed): ReturnType<Deployed['runtime']> {
  one.now += 1_000;
  const environment = { ...one.environment, [ENV.stack]: 'TheStack', [ENV.runbook]: 'x', [ENV.dashboard]: 'y' };
  return one.runtime({ environment });
}

function completed(key: string): object {
  const detail = { bucket: { name: BUCKET }, object: { key } };
  const body = JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail });
  return { Records: [{ messageId: 'm', body }] };
}

function expired(key: string): object {
  const detail = {
    bucket: { name: BUCKET },
    object: { key },
    reason: 'Lifecycle Expiration',
    'deletion-type': 'Delete Marker Created',
  };
  const time = new Date(NOW).toISOString();
  const body = JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Deleted', time, detail });
  return { Records: [{ messageId: 'm', body }] };
}

const CREATED = {
  RequestType: 'Create',
  ResponseURL: 'https://cloudformation.example/answer',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Deployed',
  ResourceProperties: { Notifications: [{ Bucket: BUCKET, Queue: 'arn:aws:sqs:eu-central-1:123456789012:q' }] },
};

/** The first days of a deployment: everything that it does by itself, and what people ask of it. */
async function playFirstDays(): Promise<Deployed> {
  const one = await deployed();
  await onDeployHandler(CREATED, next(one));
  await lifecycleRulesHandler({ write: true }, next(one));
  await putRules(one, [{ ID: 'a day', Status: 'Enabled', Filter: { Prefix: 'flink/' }, Expiration: { Days: 1 } }]);
  await lifecycleRulesHandler({}, next(one));
  await surveyHandler({}, next(one));
  const store = new MovingStore({ now: one.now });
  const job = new PlayedJob(store, `flink/${JOB}/`, `s3a://${BUCKET}`);
  job.complete(8, [job.upload(4)], one.now);
  putAll(one.s3, store);
  await checkpointCompletedHandler(completed(`flink/${JOB}/chk-8/_metadata`), next(one));
  await checkpointCompletedHandler(completed(`flink/${JOB}/chk-9/_metadata`), next(one));
  await surveyHandler({}, next(one));
  // A rule takes a file of the newest checkpoint, and then the checkpoint itself. Both are brought back.
  for (const lost of [`flink/${JOB}/shared/${uuid(4)}`, `flink/${JOB}/chk-8/_metadata`]) {
    one.s3.bucket(BUCKET).remove(lost, one.now, () => `the marker of ${lost}`);
    expect(await guardHandler(expired(lost), next(one))).toMatchObject({ lost: 1, healing: true });
    // Which goes on with what no undo has ended.
    await surveyHandler({}, next(one));
    expect(one.started.at(-1)?.event).toMatchObject({ by: 'survey' });
    expect(await undoHandler(one.started.at(-1)?.event, next(one))).toMatchObject({ restored: 1 });
  }
  passQuarantine(one);
  const collect = await collectHandler({}, next(one));
  expect(collect).toMatchObject({ sweep: { order: 'collect' } });
  const sweep = await swept('sweep' in collect ? collect.sweep : null, next(one));
  expect(sweep.deleted.objects).toBeGreaterThan(0);
  // The job is over.
  one.now += 20 * DAY;
  const retire = await swept({ order: 'retire', job: `flink/${JOB}`, all: true }, next(one));
  expect(retire.retired).toBeGreaterThan(0);
  for (const { run } of [retire, sweep]) {
    expect(await undoHandler({ run }, next(one))).toMatchObject({ executed: true, lost: 0 });
  }
  for (const event of [
    { action: 'rules' },
    { action: 'rules', execute: true },
    { action: 'undo', run: sweep.run },
    { action: 'undo', run: sweep.run, execute: true },
    { action: 'retire', execute: true },
  ]) {
    await manualHandler(event, next(one));
  }
  const stateful = new StatefulJob(placeOf(one), { url: `s3://${BUCKET}`, directory: `flink/${OTHER_JOB}/` });
  stateful.complete(3, [{ id: 'a', name: 'dedupe', tables: [{ file: 1, family: 'payload' }] }], one.now - DAY);
  expect(await statesHandler({}, next(one))).toMatchObject({ published: 0, refusal: null });
  await manualHandler({ action: 'states' }, next(one));
  standIns().inAlarm.set(alarmName('size-jump'), [{ job: JOB, since: NOW, value: 4 }]);
  await notifySlackHandler(snsEvent(alarmPayload('size-jump', { at: NOW })), next(one));
  expect(new Set(standIns().asked)).toEqual(new Set(['GetSecretValue', 'DescribeAlarmContributors']));
  return one;
}

/** What functions do in a bucket that nothing of the steward has seen before them. */
async function playFirstComers(): Promise<readonly Deployed[]> {
  const asked = await deployed();
  await manualHandler({ action: 'pin', root: `s3://${BUCKET}/${ROOT}`, execute: true }, next(asked));
  await manualHandler({ action: 'plan' }, next(asked));
  const collecting = await deployed();
  await collectHandler({}, next(collecting));
  const sweeping = await deployed();
  await swept({ order: 'retire' }, next(sweeping));
  return [asked, collecting, sweeping];
}

/** What the functions asked of AWS. */
async function played(): Promise<readonly RecordedCall[]> {
  const all = [await playFirstDays(), ...(await playFirstComers())].flatMap(({ calls }) => calls.all);
  return [...all, ...all.flatMap(keyCallsOf)];
}

/** Calls to services that no server here stands for; that they are made is asserted where they are, or in their tests. */
const callsBesideS3 = (roles: Roles): readonly RecordedCall[] => [
  {
    by: 'notify-slack',
    action: 'secretsmanager:GetSecretValue',
    resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${SECRET}-AbCdEf`,
    context: {},
  },
  {
    by: 'notify-slack',
    action: 'cloudwatch:DescribeAlarmContributors',
    resource: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${roles.alarm('size-jump')}`,
    context: {},
  },
  {
    by: 'on-deploy',
    action: 'cloudformation:DescribeStacks',
    resource: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/TestStack/11111111`,
    context: {},
  },
  { by: 'on-deploy', action: 'cloudwatch:PutMetricData', resource: '*', context: {} },
  { by: 'states', action: 'cloudwatch:PutMetricData', resource: '*', context: {} },
];

/** Statements without which all of these calls would be allowed as well. */
async function idleStatements(
  name: FunctionName,
  role: readonly RoleStatement[],
  calls: readonly AwsCall[],
): Promise<readonly string[]> {
  const idle: string[] = [];
  for (const statement of role.filter(({ Effect, Sid }) => Effect === 'Allow' && !OF_LAMBDA.includes(Sid))) {
    const without = role.filter((one) => one !== statement);
    let isNeeded = false;
    for (const call of calls.filter(({ action }) => [statement.Action].flat().includes(action))) {
      if (!isNeeded && (await isAllowed(call, role)) && !(await isAllowed(call, without))) isNeeded = true;
    }
    if (!isNeeded) idle.push(`${name}: ${statement.Sid}`);
  }
  return idle;
}

it('Each statement of a role is needed by a call of its function, and without it the call is denied', async () => {
  // Prepare
  const roles = rolesOf(CONFIGURATION, LEDGER, []);
  const calls = [...(await played()), ...callsBesideS3(roles)];
  // Where the rest of the bucket may be listed, the area need not be by itself.
  const narrow = rolesOf({ ...CONFIGURATION, scope: 'area' }, LEDGER, []);

  // Act
  const idle: string[] = [];
  for (const name of FUNCTION_NAMES) {
    const own = calls.filter(({ by }) => by === name).map((call) => roles.inTheTemplate(call));
    const [wide, inArea] = await Promise.all([
      idleStatements(name, roles.of(name), own),
      idleStatements(name, narrow.of(name), own),
    ]);
    idle.push(
      ...wide.filter((one) => !narrow.of(name).some(({ Sid }) => one === `${name}: ${Sid}`) || inArea.includes(one)),
    );
  }

  // Assess
  expect(idle).toEqual([]);
});

/** What must stay denied whatever else a role is given, with the statement that says so. */
it.each([
  ['sweep', 'NeverSavepoints', 's3:DeleteObject', `${BUCKET}/flink/savepoint-123456-0123456789ab/_metadata`],
  ['sweep', 'NeverOutsideTheArea', 's3:DeleteObject', `${BUCKET}/elsewhere/file`],
  ['sweep', 'NeverVersions', 's3:DeleteObjectVersion', `${BUCKET}/flink/file`],
  ['undo', 'NeverDelete', 's3:DeleteObject', `${BUCKET}/flink/file`],
] as const)('%s stays without a right, though somebody grants it everything: %s', async (name, sid, action, key) => {
  // Prepare
  const { of } = rolesOf(CONFIGURATION, LEDGER, []);
  const everything = { Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' } as const;
  const call = { action, resource: `arn:aws:s3:::${key}`, context: {} };

  // Act
  const withAll = await isAllowed(call, [...of(name), everything]);
  const withoutTheDenial = await isAllowed(call, [...of(name).filter(({ Sid }) => Sid !== sid), everything]);

  // Assess
  expect([withAll, withoutTheDenial]).toEqual([false, true]);
});
