import { gunzipSync } from 'node:zlib';
import { DeleteObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { parseConfigObject } from '#config/steward-config.ts';
import { BadEventError } from '#functions/shared/bad-event.ts';
import { ENV } from '#functions/shared/environment.ts';
import { lastIncident } from '#operations/ledger/incidents.ts';
import { LostPartError } from '#operations/ledger/line-parts.ts';
import { updateState } from '#operations/ledger/state.ts';
import { MetricError, type MetricValue } from '#ports/metric-sink.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { healingToResume } from '#steward/resume-healing.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { AREA, type Deployed, LEDGER, ledgerKeys, MINUTE, putAll, putRules, useDeployments } from './deployed.ts';
import { guardHandler, surveyHandler, undoHandler } from './handlers.ts';

const deploy = useDeployments();
const job = new PlayedJob(new MovingStore({ now: NOW }), undefined, `s3a://${BUCKET}`);
const LIVE = job.file(1);
const GARBAGE = job.file(2);
const EXPIRES = { ID: 'expire-old', Status: 'Enabled', Filter: { Prefix: 'flink/' }, Expiration: { Days: 3 } };

/** As S3 writes it into a queue (S3 user guide, "Event message structure"); the key is encoded as in a query of a URL. */
function notification(key: string, eventName = 'LifecycleExpiration:Delete', versionId?: string): string {
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.3',
        eventSource: 'aws:s3',
        awsRegion: 'eu-central-1',
        eventTime: new Date(NOW).toISOString(),
        eventName,
        userIdentity: { principalId: eventName.startsWith('Lifecycle') ? 's3.amazonaws.com' : 'AWS:AROAEXAMPLE:anna' },
        requestParameters: { sourceIPAddress: eventName.startsWith('Lifecycle') ? 's3.amazonaws.com' : '192.0.2.1' },
        responseElements: {
          'x-amz-request-id': 'C3D13FE58DE4C810',
          'x-amz-id-2': 'FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD',
        },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'flink-steward-guard',
          bucket: { name: BUCKET, ownerIdentity: { principalId: 'A3' }, arn: `arn:aws:s3:::${BUCKET}` },
          object: {
            key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
            ...(versionId === undefined ? {} : { versionId }),
            sequencer: '0055AED6DCD90281E5',
          },
        },
      },
    ],
  });
}

/** As EventBridge hands it on ("EventBridge event message structure"); the key is as it is. */
function bridged(key: string, detail: object = {}, detailType = 'Object Deleted'): string {
  return JSON.stringify({
    version: '0',
    id: '2ee9cc15-d022-99ea-1fb8-1b1bac4850f9',
    'detail-type': detailType,
    source: 'aws.s3',
    account: '123456789012',
    time: new Date(NOW).toISOString(),
    region: 'eu-central-1',
    resources: [`arn:aws:s3:::${BUCKET}`],
    detail: {
      version: '0',
      bucket: { name: BUCKET },
      object: { key, sequencer: '00617F08299329D189' },
      'request-id': '0CPE4X4X4X4X4X4X',
      requester: 's3.amazonaws.com',
      reason: 'Lifecycle Expiration',
      'deletion-type': 'Permanently Deleted',
      ...detail,
    },
  });
}

function queued(...bodies: readonly string[]): object {
  return { Records: bodies.map((body, at) => ({ messageId: `message-${at + 1}`, body, eventSource: 'aws:sqs' })) };
}

async function surveyed(configuration?: object): Promise<Deployed> {
  const deployed = await deploy(configuration);
  await surveyHandler({}, deployed.runtime());
  return deployed;
}

const VERSIONED = { bucket: AREA, versioned: true };

async function versioned(guard: unknown): Promise<Deployed> {
  const deployed = await deploy({ area: [VERSIONED], guard });
  await deployed.client.send(
    new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  // Written anew, so that each has a version.
  putAll(deployed.s3, playedAgain());
  await surveyHandler({}, deployed.runtime());
  return deployed;
}

function playedAgain(): MovingStore {
  const store = new MovingStore({ now: NOW });
  const played = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
  played.complete(7, [played.upload(1)], NOW - 2 * DAY);
  played.upload(2);
  return store;
}

const SAVED = 'flink/sp/savepoint-946894-0123456789ab/';
const SAVED_FILES = [uuid(21), uuid(22)];

/** With a savepoint beside the job, as a job writes one in native format. */
async function versionedWithSavepoint(): Promise<Deployed> {
  const deployed = await versioned({ mode: 'lifecycle', heal: true });
  const store = new MovingStore({ now: NOW });
  const played = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
  const files = SAVED_FILES.map((name) => `${SAVED}${name}`);
  for (const key of files) store.put(key, 'x'.repeat(100), NOW - 4 * DAY);
  store.put(`${SAVED}_metadata`, played.metadata(3, files, 'savepoint-native'), NOW - 4 * DAY);
  putAll(deployed.s3, store);
  await surveyHandler({}, deployed.runtime());
  return deployed;
}

/** The lines of a list in the ledger. */
function ledgerLines({ s3 }: Deployed, path: string): readonly { readonly url: string }[] {
  const content = s3.object(LEDGER, path)?.content;
  if (!Buffer.isBuffer(content)) throw new Error(`The ledger has no ${path}.`);
  return gunzipSync(content)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function remove(deployed: Deployed, key: string): Promise<void> {
  await deployed.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
}

const configOf = (guard: unknown) => parseConfigObject({ guard }, 'steward.json');
const incidentOf = async (deployed: Deployed) =>
  await lastIncident(await openLedger(`s3://${LEDGER}`, '/', deployed.runtime().connection ?? {}));

describe('guard', () => {
  it.each([
    ['a notification', notification(LIVE)],
    ['an event of EventBridge', bridged(LIVE)],
  ])('tells of a live file that a lifecycle rule has deleted, from %s', async (_, body) => {
    // Prepare
    const deployed = await surveyed({ area: [{ bucket: AREA, versioned: false }] });
    await putRules(deployed, [EXPIRES]);
    await remove(deployed, LIVE);

    // Act
    const answer = await guardHandler(queued(body), deployed.runtime());

    // Assess
    expect(answer).toEqual({
      batchItemFailures: [],
      deleted: 1,
      lost: 1,
      restorePoints: 1,
      healing: false,
      summary: [
        `Lifecycle rule "expire-old" of s3://${BUCKET} has deleted 1 live object that ${JOB} can need for a restore. The first: s3://${BUCKET}/${LIVE}, at 2027-03-01 00:00:00 UTC.`,
        `1 restore point is broken: s3://${BUCKET}/flink/${JOB}/chk-7 (completed 2027-02-27 00:00:00 UTC).`,
        'From 2027-03-02 00:00:00 UTC on it may delete 1 further one. The bucket keeps no version of them. A job that still runs has its state: take a savepoint in canonical format now, before it restarts.',
      ],
    });
    expect(deployed.published).toContainEqual({ name: 'LostObjects', value: 1, job: null, at: NOW });
    expect(await incidentOf(deployed)).toMatchObject({
      objects: 1,
      rules: [{ bucket: `s3://${BUCKET}`, id: 'expire-old', position: 1 }],
    });
    expect(deployed.logged.filter(({ level }) => level === 'error')).toHaveLength(3);
  });

  it('tells the metric once, also where that fails at first and the batch comes again', async () => {
    // Prepare
    const deployed = await surveyed({ area: [{ bucket: AREA, versioned: false }] });
    await remove(deployed, LIVE);
    const failing = {
      publish: async () => {
        throw new MetricError('CloudWatch does not answer.');
      },
    };

    // Act
    await expect(guardHandler(queued(notification(LIVE)), deployed.runtime({ gauges: failing }))).rejects.toThrow(
      'CloudWatch does not answer.',
    );
    await guardHandler(queued(notification(LIVE)), deployed.runtime());
    await guardHandler(queued(notification(LIVE)), deployed.runtime());

    // Assess
    expect(deployed.published.filter(({ name }) => name === 'LostObjects')).toEqual([
      { name: 'LostObjects', value: 1, job: null, at: NOW },
    ]);
    expect(await incidentOf(deployed)).toMatchObject({ objects: 1, unpublished: 0 });
  });

  it('tells the metric with the next batch, whatever that is about, of a loss that came back meanwhile', async () => {
    const deployed = await surveyed({ area: [{ bucket: AREA, versioned: false }] });
    await remove(deployed, LIVE);
    const error = new TypeError('Nobody expected that.');
    const failing = (why: Error) => ({
      publish: async () => {
        throw why;
      },
    });
    const tried = guardHandler(queued(notification(LIVE)), deployed.runtime({ gauges: failing(error) }));
    await expect(tried).rejects.toThrow(error);
    putAll(deployed.s3, playedAgain());

    await guardHandler(queued(notification(LIVE)), deployed.runtime());

    expect(deployed.published).toContainEqual({ name: 'LostObjects', value: 1, job: null, at: NOW });
  });

  it('stays silent about what only an accepted rule can have taken', async () => {
    const deployed = await surveyed({ area: [AREA], guard: { acceptedRules: ['expire-old'], heal: true } });
    await putRules(deployed, [EXPIRES]);
    await remove(deployed, LIVE);

    const answer = await guardHandler(queued(notification(LIVE)), deployed.runtime());

    expect(answer).toMatchObject({ batchItemFailures: [], lost: 0, summary: [], healing: false });
    expect(deployed.logged).toContainEqual({
      level: 'info',
      sentence: 'Lifecycle rules of "acceptedRules" have deleted 1 live object.',
    });
    expect(await incidentOf(deployed)).toBeNull();
  });

  it('tells of what another rule can have taken too, and of no rule that is accepted', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA], guard: { acceptedRules: ['roots'] } });
    const store = new MovingStore({ now: NOW });
    new PlayedJob(store, undefined, `s3a://${BUCKET}`).complete(8, [LIVE], NOW - DAY);
    putAll(deployed.s3, store);
    await surveyHandler({}, deployed.runtime());
    await putRules(deployed, [
      { ...EXPIRES, ID: 'roots', Filter: { Prefix: job.root(7) } },
      { ...EXPIRES, ID: 'files', Filter: { Prefix: `flink/${JOB}/shared/` } },
    ]);
    await remove(deployed, job.root(7));
    await remove(deployed, LIVE);

    // Act
    const answer = await guardHandler(queued(notification(job.root(7)), notification(LIVE)), deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ lost: 1, restorePoints: 1 });
    expect((await incidentOf(deployed))?.rules.map(({ id }) => id)).toEqual(['files']);
  });

  it('stays silent about garbage, about keys that were written again, and about what is outside the area', async () => {
    const deployed = await surveyed();
    await remove(deployed, GARBAGE);

    const answer = await guardHandler(
      queued(notification(GARBAGE), notification(LIVE), notification('logs/2027-03-01')),
      deployed.runtime(),
    );

    expect(answer).toMatchObject({ batchItemFailures: [], deleted: 3, lost: 0, summary: [] });
    expect(deployed.published.filter(({ name }) => name === 'LostObjects')).toEqual([]);
    expect(await incidentOf(deployed)).toBeNull();
  });

  it('takes no other event for a deletion', async () => {
    const deployed = await surveyed();
    await remove(deployed, LIVE);
    const test = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: BUCKET });

    const answer = await guardHandler(
      queued(
        test,
        notification(LIVE, 'ObjectCreated:Put'),
        notification(LIVE, 'LifecycleExpiration:Other'),
        bridged(LIVE, {}, 'Object Created'),
      ),
      deployed.runtime(),
    );

    expect(answer).toMatchObject({ batchItemFailures: [], deleted: 0, lost: 0 });
  });

  it('names the person or tool that has deleted a file which a later checkpoint names', async () => {
    const deployed = await surveyed({ area: [AREA], guard: 'all' });
    const store = new MovingStore({ now: NOW });
    new PlayedJob(store, undefined, `s3a://${BUCKET}`).complete(8, [LIVE], NOW + 1_000);
    putAll(deployed.s3, store);
    await remove(deployed, LIVE);

    const answer = await guardHandler(queued(notification(LIVE, 'ObjectRemoved:Delete')), deployed.runtime());

    expect(answer.lost).toBe(1);
    expect(answer.summary[0]).toMatch(
      /^Somebody with the identity AWS:AROAEXAMPLE:anna, from the address 192\.0\.2\.1, has deleted/,
    );
  });

  it.each([
    [
      'who',
      { requester: '123456789012', 'source-ip-address': '192.0.2.1', reason: 'DeleteObject' },
      /^Somebody with the identity 123456789012, from the address 192\.0\.2\.1, has/,
    ],
    ['that somebody', { requester: undefined, reason: 'DeleteObject' }, /^Somebody has deleted 1 live object/],
  ])('says %s has deleted a file of a checkpoint that stands, from EventBridge', async (_, detail, said) => {
    const deployed = await surveyed({ area: [AREA], guard: { mode: 'all' } });
    await remove(deployed, LIVE);

    const answer = await guardHandler(queued(bridged(LIVE, detail)), deployed.runtime());

    expect(answer.summary[0]).toMatch(said);
  });

  it('has a message delivered again while Flink may be discarding the checkpoint', async () => {
    const deployed = await deploy({ area: [AREA], guard: 'all' });
    const store = new MovingStore({ now: NOW });
    const other = new PlayedJob(store, `flink/${OTHER_JOB}/`, `s3a://${BUCKET}`);
    other.complete(3, [other.upload(11), other.upload(12)], NOW - DAY);
    putAll(deployed.s3, store);
    await surveyHandler({}, deployed.runtime());
    await remove(deployed, other.file(11));
    const sleep = async () => deployed.s3.erase(BUCKET, other.file(12));

    const answer = await guardHandler(
      queued(notification(other.file(11), 'ObjectRemoved:Delete'), notification(GARBAGE, 'ObjectRemoved:Delete')),
      deployed.runtime({ sleep }),
    );

    expect(answer).toMatchObject({ batchItemFailures: [{ itemIdentifier: 'message-1' }], lost: 0 });
  });

  it('has a message delivered again while the directory of a job is empty, and finds what its next checkpoint misses', async () => {
    // Prepare
    const deployed = await surveyed({ area: [AREA], guard: 'all' });
    await remove(deployed, job.root(7));
    await remove(deployed, LIVE);
    const message = notification(LIVE, 'ObjectRemoved:Delete');
    const delivered = (times: number) => {
      const body = { messageId: 'message-1', body: message, attributes: { ApproximateReceiveCount: `${times}` } };
      return { Records: [body] };
    };

    // Act
    const first = await guardHandler(queued(message), deployed.runtime());
    await surveyHandler({}, deployed.runtime());
    const second = await guardHandler(delivered(2), deployed.runtime());
    const last = await guardHandler(delivered(4), deployed.runtime());
    const store = new MovingStore({ now: NOW });
    new PlayedJob(store, undefined, `s3a://${BUCKET}`).complete(8, [LIVE], NOW + MINUTE);
    putAll(deployed.s3, store);
    const found = await guardHandler(delivered(3), deployed.runtime());

    // Assess
    const again = { batchItemFailures: [{ itemIdentifier: 'message-1' }], lost: 0 };
    expect([first, second, last]).toMatchObject([again, again, { batchItemFailures: [], lost: 0 }]);
    expect(found).toMatchObject({ batchItemFailures: [], lost: 1, restorePoints: 1 });
  });

  it.each([
    ['before the first survey', 0, 'yet'],
    [
      'where the last survey is older than two of them may be apart',
      2.1 * 60 * MINUTE,
      'since 2027-03-01 00:00:00 UTC',
    ],
  ])('holds what a rule deleted against what is there, and says that it is blind, %s', async (_, later, since) => {
    // Prepare
    const deployed = await deploy();
    if (later > 0) await surveyHandler({}, deployed.runtime());
    deployed.now += later;
    const store = new MovingStore({ now: NOW });
    const played = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
    played.complete(8, [LIVE, played.upload(3)], NOW);
    played.upload(4);
    putAll(deployed.s3, store);
    for (const file of [3, 4]) await remove(deployed, job.file(file));
    deployed.published.length = 0;

    // Act
    const answer = await guardHandler(
      queued(notification(job.file(3)), notification(job.file(4)), notification(job.root(9))),
      deployed.runtime(),
    );

    // Assess
    expect(answer).toMatchObject({ batchItemFailures: [], deleted: 3, lost: 2, restorePoints: 2 });
    expect(answer.summary[1]).toMatch(/chk-9 \(its _metadata is gone\)/);
    expect(deployed.published).toContainEqual({ name: 'GuardBlind', value: 1, job: null, at: deployed.now });
    expect(deployed.logged).toContainEqual({
      level: 'warn',
      sentence: `The guard is blind: no survey has left what is live ${since}. What rules deleted is held against the checkpoints and savepoints that are there; what others deleted of newer files is not found.`,
    });
  });

  it('is not kept back by a metric that can not be told', async () => {
    const deployed = await deploy();
    const publish = async (values: readonly MetricValue[]) => {
      if (values.some(({ name }) => name === 'GuardBlind')) throw new MetricError('CloudWatch does not answer.');
    };
    await remove(deployed, LIVE);

    const answer = await guardHandler(queued(notification(LIVE)), deployed.runtime({ gauges: { publish } }));

    expect(answer.lost).toBe(1);
    expect(deployed.logged).toContainEqual({ level: 'warn', sentence: 'CloudWatch does not answer.' });
  });

  it('is told to be blind by each publication, until a survey leaves what is live', async () => {
    const deployed = await surveyed();
    deployed.now += 3 * 60 * MINUTE;
    deployed.published.length = 0;

    await surveyHandler({ only: 'metrics' }, deployed.runtime());
    expect(deployed.published).toContainEqual({ name: 'GuardBlind', value: 1, job: null, at: deployed.now });
    await surveyHandler({}, deployed.runtime());

    expect(deployed.published).toContainEqual({ name: 'GuardBlind', value: 0, job: null, at: deployed.now });
  });

  it('leaves no live set where it is off', async () => {
    const deployed = await surveyed({ area: [AREA], guard: 'off' });

    expect(ledgerKeys(deployed, 'guard/')).toEqual([]);
  });

  it('has only the messages delivered again that it does not understand', async () => {
    const deployed = await surveyed();
    await remove(deployed, LIVE);
    const badKey = notification(LIVE).replace('flink/', '%ZZ');

    const answer = await guardHandler(
      queued('no JSON', badKey, JSON.stringify({ text: 'x'.repeat(200) }), notification(LIVE)),
      deployed.runtime(),
    );

    expect(answer).toMatchObject({
      batchItemFailures: ['message-1', 'message-2', 'message-3'].map((itemIdentifier) => ({ itemIdentifier })),
      lost: 1,
    });
    expect(deployed.logged.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^A message of the queue is neither an S3 notification nor an EventBridge event/),
        expect.stringMatching(/^A message of the queue contains the key .* which is not encoded as S3 encodes keys/),
      ]),
    );
  });

  it('refuses an event that is none of a queue', async () => {
    const deployed = await deploy();

    await expect(guardHandler({ detail: {} }, deployed.runtime())).rejects.toThrow(BadEventError);
  });
});

describe('Healing', () => {
  const marked = notification(LIVE, 'LifecycleExpiration:DeleteMarkerCreated');

  it('brings back what a lifecycle rule has hidden, says so, and the next survey finds it whole', async () => {
    // Prepare
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    await remove(deployed, LIVE);

    // Act
    const heard = await guardHandler(queued(marked), deployed.runtime());
    const [order] = deployed.started;
    const answer = await undoHandler(order?.event, deployed.runtime());

    // Assess
    expect(heard).toMatchObject({ lost: 1, healing: true });
    expect(order).toMatchObject({ name: 'the-undo', event: { by: 'guard' } });
    expect(answer).toMatchObject({ restored: 1, failed: 0, unneeded: 0, why: null });
    expect(deployed.s3.object(BUCKET, LIVE)).toBeDefined();
    expect((await incidentOf(deployed))?.healing).toEqual({ restored: 1, failed: 0, left: 0, why: null });
    const run = 'run' in answer ? answer.run : '';
    expect(ledgerKeys(deployed, `runs/${run}/`)).toEqual([
      `runs/${run}/healed-00001.ndjson.gz`,
      `runs/${run}/summary.json`,
      `runs/${run}/to-heal-00001.ndjson.gz`,
    ]);
    const again = await surveyHandler({}, deployed.runtime());
    expect(again).toMatchObject({ roots: 1, findings: [] });
  });

  it('brings a checkpoint itself back, with its files first', async () => {
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    await remove(deployed, job.root(7));
    await remove(deployed, LIVE);
    const root = notification(job.root(7), 'LifecycleExpiration:DeleteMarkerCreated');

    await guardHandler(queued(root), deployed.runtime());
    const answer = await undoHandler(deployed.started[0]?.event, deployed.runtime());

    expect(answer).toMatchObject({ restored: 2, failed: 0 });
    expect(deployed.s3.object(BUCKET, job.root(7))).toBeDefined();
    expect(deployed.s3.object(BUCKET, LIVE)).toBeDefined();
  });

  it('brings a savepoint back that a rule has taken whole, and the next survey finds it whole', async () => {
    // Prepare
    const deployed = await versionedWithSavepoint();
    await putRules(deployed, [EXPIRES]);
    const files = SAVED_FILES.map((name) => `${SAVED}${name}`);
    for (const key of [`${SAVED}_metadata`, ...files]) await remove(deployed, key);
    const told = notification(`${SAVED}_metadata`, 'LifecycleExpiration:DeleteMarkerCreated');

    // Act
    await guardHandler(queued(told), deployed.runtime());
    const answer = await undoHandler(deployed.started[0]?.event, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ restored: 3, failed: 0, unneeded: 0, why: null });
    const healed = ledgerLines(deployed, `runs/${'run' in answer ? answer.run : ''}/healed-00001.ndjson.gz`);
    expect(healed.map(({ url }) => url)).toEqual([...files, `${SAVED}_metadata`].map((key) => `s3://${BUCKET}/${key}`));
    expect(await surveyHandler({}, deployed.runtime())).toMatchObject({ roots: 2, findings: [] });
  });

  it.each([
    ['another time', { ...EXPIRES }, 9 * DAY],
    ['another folder', { ...EXPIRES, Filter: { Prefix: `${SAVED}_` } }, 0],
  ])(
    'does not bring back with a savepoint what was deleted at %s than the rule does, nor the savepoint then',
    async (_, rule, later) => {
      const deployed = await versionedWithSavepoint();
      await putRules(deployed, [rule]);
      const [first = '', second = ''] = SAVED_FILES;
      await remove(deployed, `${SAVED}${first}`);
      deployed.now += later;
      await remove(deployed, `${SAVED}_metadata`);
      const told = notification(`${SAVED}_metadata`, 'LifecycleExpiration:DeleteMarkerCreated');

      await guardHandler(queued(told), deployed.runtime());
      const answer = await undoHandler(deployed.started[0]?.event, deployed.runtime());

      const url = `s3://${BUCKET}/${SAVED}`;
      const notByTheRule = `${url}${first} was not deleted by the rule that took its checkpoint or savepoint. Whoever did it may have meant it; "heal": "all" brings such objects back too.`;
      expect(answer).toMatchObject({ restored: 0, failed: 2, why: notByTheRule });
      expect(deployed.s3.object(BUCKET, `${SAVED}_metadata`)).toBeUndefined();
      expect(deployed.s3.object(BUCKET, `${SAVED}${second}`)).toBeDefined();
    },
  );

  it('hears nothing lost in noncurrent versions that a rule expires, of whatever object', async () => {
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    await remove(deployed, LIVE);
    await remove(deployed, job.root(7));
    const noncurrent = { object: { key: LIVE, 'version-id': 'v1', sequencer: '0' } };

    const answer = await guardHandler(
      queued(
        notification(LIVE, 'LifecycleExpiration:Delete', 'v1'),
        notification(job.root(7), 'LifecycleExpiration:Delete', 'v1'),
        bridged(LIVE, noncurrent),
      ),
      deployed.runtime(),
    );

    expect(answer).toMatchObject({ deleted: 0, lost: 0 });
  });

  it.each([
    ['of a bucket that kept none when it was written', 'LifecycleExpiration:Delete', 'null'],
    ['that a person names, since that may be the current one', 'ObjectRemoved:Delete', 'v1'],
  ])('hears of a version %s', async (_, eventName, version) => {
    const deployed = await versioned({ mode: 'all', heal: true });
    await remove(deployed, LIVE);

    const answer = await guardHandler(queued(notification(LIVE, eventName, version)), deployed.runtime());

    expect(answer).toMatchObject({ deleted: 1, lost: 1, healing: false });
  });

  it.each([
    ['it is not asked for', 'lifecycle', marked],
    [
      'a person has deleted it, who may have meant it',
      { mode: 'all', heal: true },
      notification(LIVE, 'ObjectRemoved:DeleteMarkerCreated'),
    ],
    ['nothing is left of it', { mode: 'all', heal: 'all' }, notification(LIVE, 'ObjectRemoved:Delete')],
  ])('starts nothing where %s', async (_, guard, body) => {
    const deployed = await versioned(guard);
    await remove(deployed, LIVE);

    const heard = await guardHandler(queued(body), deployed.runtime());

    expect(heard).toMatchObject({ lost: 1, healing: false });
    expect(deployed.started).toEqual([]);
  });

  it('brings back what a person has deleted where the configuration says "all"', async () => {
    const deployed = await versioned({ mode: 'all', heal: 'all' });
    await remove(deployed, LIVE);

    await guardHandler(queued(notification(LIVE, 'ObjectRemoved:DeleteMarkerCreated')), deployed.runtime());
    const answer = await undoHandler(deployed.started[0]?.event, deployed.runtime());

    expect(answer).toMatchObject({ restored: 1 });
  });

  it('brings nothing back while deleting is paused', async () => {
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    await remove(deployed, LIVE);
    await guardHandler(queued(marked), deployed.runtime());
    const ledger = await openLedger(`s3://${LEDGER}`, '/', deployed.runtime().connection ?? {});
    await updateState(ledger, (state) => ({
      ...state,
      paused: { at: new Date(NOW).toISOString(), why: 'somebody looks into it', by: null },
    }));

    const answer = await undoHandler(deployed.started[0]?.event, deployed.runtime());

    const why =
      'Deleting is paused (somebody looks into it), so nothing more was brought back. The first survey after the pause has the rest brought back.';
    expect(answer).toMatchObject({ restored: 0, failed: 0, left: 1, why });
    expect((await incidentOf(deployed))?.healing).toEqual({ restored: 0, failed: 0, left: 1, why });
    expect(deployed.logged).toContainEqual({
      level: 'error',
      sentence: `0 lost objects were brought back; 0 could not be; 1 are still to come. ${why}`,
    });
  });

  /** Healing was begun, and ended by a pause. */
  async function healingPaused() {
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    await remove(deployed, LIVE);
    await guardHandler(queued(marked), deployed.runtime());
    const ledger = await openLedger(`s3://${LEDGER}`, '/', deployed.runtime().connection ?? {});
    const paused = { at: new Date(NOW).toISOString(), why: 'somebody looks into it', by: null };
    await updateState(ledger, (state) => ({ ...state, paused }));
    await undoHandler(deployed.started[0]?.event, deployed.runtime());
    return { deployed, ledger };
  }

  it('goes on with the first survey after a pause, and with no later one', async () => {
    // Prepare
    const { deployed, ledger } = await healingPaused();
    deployed.now += 60_000;
    await surveyHandler({}, deployed.runtime());
    expect(deployed.started).toHaveLength(1);

    // Act
    await updateState(ledger, (state) => ({ ...state, paused: null }));
    deployed.now += 60_000;
    await surveyHandler({}, deployed.runtime());
    const answer = await undoHandler(deployed.started[1]?.event, deployed.runtime());
    deployed.now += 60_000;
    await surveyHandler({}, deployed.runtime());

    // Assess
    expect(deployed.started[1]).toMatchObject({ name: 'the-undo', event: { by: 'survey' } });
    expect(answer).toMatchObject({ restored: 1, failed: 0 });
    expect(deployed.started).toHaveLength(2);
    expect((await incidentOf(deployed))?.healing).toEqual({ restored: 1, failed: 0, left: 0, why: null });
  });

  it('goes on after a pause though the area has outgrown one function, which then surveys nothing', async () => {
    // Prepare
    const { deployed, ledger } = await healingPaused();
    await updateState(ledger, (state) => ({ ...state, paused: null }));
    deployed.now += 60_000;
    const environment = { ...deployed.environment, [ENV.inShards]: 'yes', [ENV.shardObjects]: '1' };

    // Act
    const answer = await surveyHandler({}, { ...deployed.runtime(), environment });

    // Assess
    expect(answer).toMatchObject({ result: 'published' });
    expect(deployed.started[1]).toMatchObject({ name: 'the-undo', event: { by: 'survey' } });
  });

  it('is not tried again where the list of what is lost is lost itself', async () => {
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    await remove(deployed, LIVE);
    await guardHandler(queued(marked), deployed.runtime());
    const [list = ''] = ledgerKeys(deployed, 'guard/lost-');
    deployed.s3.put(LEDGER, list, 'something else');

    await expect(undoHandler(deployed.started[0]?.event, deployed.runtime())).rejects.toThrow(LostPartError);
    deployed.now += MINUTE;
    await surveyHandler({}, deployed.runtime());

    expect(deployed.started).toHaveLength(1);
  });

  it('is not resumed once it is not asked for any more', async () => {
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    await remove(deployed, LIVE);
    await guardHandler(queued(marked), deployed.runtime());
    const ledger = await openLedger(`s3://${LEDGER}`, '/', deployed.runtime().connection ?? {});

    expect(await healingToResume({ ledger, config: configOf({ heal: true }) })).toHaveLength(1);
    expect(await healingToResume({ ledger, config: configOf('lifecycle') })).toBeNull();
    expect(await healingToResume({ ledger, config: configOf({ mode: 'off', heal: true }) })).toBeNull();
  });

  it('leaves alone what is there again, and what no checkpoint names any more', async () => {
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    await remove(deployed, LIVE);
    await guardHandler(queued(marked), deployed.runtime());
    const order = deployed.started[0]?.event;
    await remove(deployed, job.root(7));

    expect(await undoHandler(order, deployed.runtime())).toMatchObject({ restored: 0, failed: 0, unneeded: 1 });
    putAll(deployed.s3, playedAgain());
    expect(await undoHandler(order, deployed.runtime())).toMatchObject({ restored: 0, failed: 0, unneeded: 1 });
  });

  it('says why something can not come back', async () => {
    const deployed = await versioned({ mode: 'lifecycle', heal: true });
    deployed.s3.put(BUCKET, LIVE, 'of another size');
    await remove(deployed, LIVE);
    await guardHandler(queued(marked), deployed.runtime());

    const answer = await undoHandler(deployed.started[0]?.event, deployed.runtime());

    expect(answer).toMatchObject({
      restored: 0,
      failed: 1,
      why: `The newest version of s3://${BUCKET}/${LIVE} has 15 bytes, and the checkpoint expects 100.`,
    });
  });
});
