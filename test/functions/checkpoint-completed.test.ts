import { describe, expect, it } from 'vitest';
import { checkpointCompletedHandler } from '#functions/checkpoint-completed/handler.ts';
import { BadEventError } from '#functions/shared/bad-event.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { type Deployed, ledgerKeys, ledgerText, putAll, useDeployments } from './deployed.ts';

const deploy = useDeployments();

const ROOT = `flink/${JOB}/chk-7/_metadata`;

/** As S3 writes it into a queue; the key is encoded as in a query of a URL. */
function notification(key: string, eventName = 'ObjectCreated:Put'): string {
  const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'eu-central-1',
        eventTime: '2027-02-27T00:00:00.000Z',
        eventName,
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'flink-steward-checkpoint-completed',
          bucket: { name: BUCKET, ownerIdentity: { principalId: 'A3' }, arn: `arn:aws:s3:::${BUCKET}` },
          object: {
            key: encoded,
            size: 977,
            eTag: '5d41402abc4b2a76b9719d911017c592',
            sequencer: '0055AED6DCD90281E5',
          },
        },
      },
    ],
  });
}

/** As EventBridge hands it on; the key is as it is. */
function bridged(key: string, detailType = 'Object Created'): string {
  return JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': detailType,
    source: 'aws.s3',
    account: '123456789012',
    time: '2027-02-27T00:00:00Z',
    region: 'eu-central-1',
    resources: [`arn:aws:s3:::${BUCKET}`],
    detail: { version: '0', bucket: { name: BUCKET }, object: { key, size: 977, etag: 'b1946ac9', sequencer: '00' } },
  });
}

function queued(...bodies: readonly string[]): object {
  return {
    Records: bodies.map((body, at) => ({
      messageId: `message-${at + 1}`,
      receiptHandle: 'handle',
      body,
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {},
      eventSource: 'aws:sqs',
    })),
  };
}

function observations(deployed: Deployed): readonly Record<string, unknown>[] {
  return ledgerKeys(deployed, 'observations/').map((key) => JSON.parse(ledgerText(deployed, key) ?? ''));
}

describe('checkpoint-completed', () => {
  it('records size, time and job of a checkpoint that S3 tells of', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await checkpointCompletedHandler(queued(notification(ROOT)), deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ batchItemFailures: [], outcomes: { observed: 1 } });
    expect(observations(deployed)).toEqual([
      {
        observation: 1,
        url: `s3://${BUCKET}/${ROOT}`,
        etag: expect.stringMatching(/^[0-9a-f]{32}$/),
        completed: '2027-02-27T00:00:00.000Z',
        metadataBytes: 977,
        job: JOB,
        directory: `flink/${JOB}/`,
        checkpointId: '7',
        kind: 'checkpoint',
        files: 1,
        bytes: expect.any(Number),
        exclusiveBytes: 0,
        unreadable: null,
      },
    ]);
    expect(ledgerKeys(deployed, 'observations/')[0]).toMatch(
      new RegExp(`^observations/20270227T00/${JOB}/20270227T000000Z-[0-9a-f]{16}\\.json$`),
    );
  });

  it('comes to the same for an event that comes twice, in both forms, and out of order', async () => {
    // Prepare
    const deployed = await deploy();
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
    job.complete(8, [job.file(1)], NOW - DAY);
    putAll(deployed.s3, store);
    const eight = `flink/${JOB}/chk-8/_metadata`;

    // Act
    await checkpointCompletedHandler(queued(bridged(eight), notification(ROOT), bridged(ROOT)), deployed.runtime());
    const once = observations(deployed);
    deployed.now += DAY;
    await checkpointCompletedHandler(queued(notification(ROOT), notification(eight)), deployed.runtime());

    // Assess
    expect(observations(deployed)).toEqual(once);
    expect(once.map(({ checkpointId }) => checkpointId)).toEqual(['7', '8']);
  });

  it.each([
    ['a percent sign and a plus', `100%+1/${JOB}`],
    ['a space and an umlaut', `flink checkpoints/Zähler/${JOB}`],
    ['what looks encoded', `a%20b%2Bc/${JOB}`],
    ['signs of a query', `x=1&y=2;z?/#/${JOB}`],
    ['an emoji', `☃/🦦/${JOB}`],
  ])('finds a key with %s, encoded and plain', async (_, folder) => {
    // Prepare
    const deployed = await deploy({ area: [`s3://${BUCKET}`] }, (store) => {
      const job = new PlayedJob(store, `${folder}/`, `s3a://${BUCKET}`);
      job.complete(7, [job.upload(1)], NOW - DAY);
    });
    const root = `${folder}/chk-7/_metadata`;

    // Act
    const encoded = await checkpointCompletedHandler(queued(notification(root)), deployed.runtime());
    const [observation] = observations(deployed);
    const plain = await checkpointCompletedHandler(queued(bridged(root)), deployed.runtime());

    // Assess
    expect([encoded.outcomes.observed, plain.outcomes.observed]).toEqual([1, 1]);
    expect(observations(deployed)).toEqual([observation]);
    expect(observation).toMatchObject({ url: `s3://${BUCKET}/${root}`, checkpointId: '7' });
  });

  it('takes a checkpoint that is gone for nothing special', async () => {
    // Prepare
    const deployed = await deploy();
    deployed.s3.erase(BUCKET, ROOT);

    // Act
    const answer = await checkpointCompletedHandler(queued(notification(ROOT)), deployed.runtime());

    // Assess
    expect(answer).toEqual({
      batchItemFailures: [],
      outcomes: { observed: 0, unreadable: 0, gone: 1, restored: 0, foreign: 0 },
    });
    expect(observations(deployed)).toEqual([]);
  });

  it('passes over the test message of S3, deletions, other objects and other buckets', async () => {
    // Prepare
    const deployed = await deploy();
    const bodies = [
      JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: BUCKET, Time: '2027-02-27T00:00:00.000Z' }),
      JSON.stringify({ Event: 's3:TestEvent' }),
      notification(ROOT, 'ObjectRemoved:Delete'),
      bridged(ROOT, 'Object Deleted'),
      notification(`flink/${JOB}/shared/x`),
      notification('elsewhere/chk-1/_metadata'),
      notification(ROOT).replaceAll(BUCKET, 'another-bucket'),
    ];

    // Act
    const answer = await checkpointCompletedHandler(queued(...bodies), deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ batchItemFailures: [], outcomes: { observed: 0, foreign: 3 } });
  });

  it('gives back only the messages that failed', async () => {
    // Prepare
    const deployed = await deploy();
    const bodies = [
      'no JSON',
      notification(ROOT),
      '{"Records":[{"eventName":"x"}]}',
      notification(ROOT).replace('_metadata', '%zz'),
    ];

    // Act
    const answer = await checkpointCompletedHandler(queued(...bodies), deployed.runtime());

    // Assess
    expect(answer.batchItemFailures).toEqual([
      { itemIdentifier: 'message-1' },
      { itemIdentifier: 'message-3' },
      { itemIdentifier: 'message-4' },
    ]);
    expect(answer.outcomes.observed).toBe(1);
    expect(deployed.logged.filter(({ level }) => level === 'error').map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^A message of the queue is neither .* about an object: "no JSON"\./),
      expect.stringMatching(/^A message of the queue is neither /),
      expect.stringMatching(
        /^A message of the queue contains the key .*%zz", which is not encoded as S3 encodes keys\./,
      ),
    ]);
  });

  it('gives a message back where the store does not answer, and not where the file is broken', async () => {
    // Prepare
    const deployed = await deploy();
    const broken = `flink/${JOB}/chk-9/_metadata`;
    deployed.s3.put(BUCKET, broken, 'cut', { lastModified: NOW - DAY });
    deployed.s3.faults.add({
      match: { operation: 'GetObject', key: ROOT },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    // Act
    const answer = await checkpointCompletedHandler(
      queued(notification(ROOT), notification(broken)),
      deployed.runtime(),
    );

    // Assess
    expect(answer).toMatchObject({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
      outcomes: { observed: 0, unreadable: 1 },
    });
    expect(observations(deployed)).toMatchObject([{ url: `s3://${BUCKET}/${broken}`, files: null, bytes: null }]);
  });

  it('passes over the _metadata of a Parquet dataset', async () => {
    // Prepare
    const deployed = await deploy();
    const key = 'flink/lake/_metadata';
    const store = new MovingStore({ now: NOW });
    store.put(key, Buffer.from('PAR1 columns and the footer PAR1'), NOW - DAY);
    putAll(deployed.s3, store);

    // Act
    const answer = await checkpointCompletedHandler(queued(notification(key)), deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ batchItemFailures: [], outcomes: { observed: 0, unreadable: 0, foreign: 1 } });
    expect(observations(deployed)).toEqual([]);
  });

  it('gives back what it has no time for any more', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await checkpointCompletedHandler(
      queued(notification(ROOT)),
      deployed.runtime({ remaining: () => 1 }),
    );

    // Assess
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'message-1' }]);
  });

  it('refuses what comes from no queue', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const asked = checkpointCompletedHandler({ detail: {} }, deployed.runtime());

    // Assess
    await expect(asked).rejects.toThrow(BadEventError);
  });
});
