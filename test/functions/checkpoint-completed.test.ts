import { describe, expect, it } from 'vitest';
import { BadEventError } from '#functions/shared/bad-event.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { updateState } from '#operations/ledger/state.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { type Deployed, LEDGER, ledgerKeys, ledgerText, putAll, useDeployments } from './deployed.ts';
import { checkpointCompletedHandler } from './handlers.ts';

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
  const texts = ledgerKeys(deployed, 'observations/').map((key) => ledgerText(deployed, key) ?? '');
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
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
    expect(ledgerKeys(deployed, 'observations/')).toEqual([
      expect.stringMatching(/^observations\/20270227T00\/[0-9a-f]{16}\.ndjson$/),
    ]);
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
    expect(new Set(once.map(({ checkpointId }) => checkpointId))).toEqual(new Set(['7', '8']));
    expect(once).toHaveLength(2);
    const distinct = new Set(observations(deployed).map((line) => JSON.stringify(line)));
    expect(distinct).toEqual(new Set(once.map((line) => JSON.stringify(line))));
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

  it('reads the checkpoints of a batch sixteen at a time, and writes one file for all of an hour', async () => {
    // Prepare
    const roots = Array.from({ length: 40 }, (_, at) => `flink/${String(at).padStart(32, '0')}/chk-7/_metadata`);
    const deployed = await deploy(undefined, (store) => {
      for (const root of roots) {
        const job = new PlayedJob(store, root.slice(0, -'chk-7/_metadata'.length), `s3a://${BUCKET}`);
        job.complete(7, [job.upload(1)], NOW - DAY);
      }
    });
    let arrived: () => void = () => {};
    const sixteen = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let reading = 0;
    deployed.s3.faults.add({
      match: { operation: 'GetObject', bucket: BUCKET, key: /_metadata$/ },
      do: {
        kind: 'run',
        callback: async () => {
          reading++;
          if (reading === 16) arrived();
          await sixteen;
        },
      },
    });

    // Act
    const answer = await checkpointCompletedHandler(
      queued(...roots.map((root) => notification(root))),
      deployed.runtime(),
    );

    // Assess
    expect(answer).toMatchObject({ batchItemFailures: [], outcomes: { observed: 40 } });
    expect(observations(deployed).map(({ url }) => url)).toEqual(roots.map((root) => `s3://${BUCKET}/${root}`));
    const { requests } = deployed.s3.log;
    expect(requests.filter(({ operation }) => operation === 'PutObject')).toHaveLength(1);
    expect(requests.filter(({ bucket }) => bucket === BUCKET)).toHaveLength(40);
    expect(requests.filter(({ bucket }) => bucket === LEDGER).length).toBeLessThan(10);
  });

  it('writes checkpoints of two hours into two files', async () => {
    // Prepare
    const deployed = await deploy();
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
    job.complete(8, [job.file(1)], NOW - DAY);
    putAll(deployed.s3, store);

    // Act
    await checkpointCompletedHandler(
      queued(notification(ROOT), notification(`flink/${JOB}/chk-8/_metadata`)),
      deployed.runtime(),
    );

    // Assess
    expect(ledgerKeys(deployed, 'observations/')).toEqual([
      expect.stringMatching(/^observations\/20270227T00\//),
      expect.stringMatching(/^observations\/20270228T00\//),
    ]);
  });

  it('gives back every message with an observation where the ledger can’t be written', async () => {
    // Prepare
    const deployed = await deploy();
    deployed.s3.faults.add({
      match: { operation: 'PutObject', bucket: LEDGER, key: /^observations\// },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    // Act
    const answer = await checkpointCompletedHandler(
      queued(notification(ROOT), notification('elsewhere/chk-1/_metadata'), notification(ROOT)),
      deployed.runtime(),
    );

    // Assess
    expect(answer).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }, { itemIdentifier: 'message-3' }],
      outcomes: { observed: 0, unreadable: 0, gone: 0, restored: 0, foreign: 1 },
    });
    expect(deployed.logged).toContainEqual({ level: 'error', sentence: expect.stringContaining('access denied') });
  });

  it('leaves out what undo has put back, and nothing else of the batch', async () => {
    // Prepare
    const deployed = await deploy();
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
    const eight = job.complete(8, [job.file(1)], NOW - DAY);
    putAll(deployed.s3, store);
    const etag = deployed.s3.object(BUCKET, ROOT)?.etag ?? '';
    const { ledger } = await openDeployedSteward(deployed.runtime());
    await updateState(ledger, (state) => ({
      ...state,
      retired: [
        {
          url: `s3://${BUCKET}/${ROOT}`,
          etag,
          bytes: 977,
          completed: new Date(NOW - 2 * DAY).toISOString(),
          run: 'a-run',
          file: 'retired/a-run/1',
          state: 'restored',
          restoredEtag: etag,
        },
      ],
    }));

    // Act
    const answer = await checkpointCompletedHandler(
      queued(notification(ROOT), notification(eight)),
      deployed.runtime(),
    );

    // Assess
    expect(answer).toMatchObject({ batchItemFailures: [], outcomes: { observed: 1, restored: 1 } });
    expect(observations(deployed).map(({ url }) => url)).toEqual([`s3://${BUCKET}/${eight}`]);
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
