import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { documentOf, steward } from './steward.ts';

const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();
useMachineClock(NOW);
const PREFIX = `flink/${JOB}/`;
const JOB_OF = new PlayedJob(new MovingStore({ now: NOW }), PREFIX);
const COLD = JOB_OF.file(2);

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('A checkpoint with a file in an archive storage class', () => {
  it('is not offered, and what restores it first is printed', async () => {
    const s3 = await serveJob('GLACIER');

    const ran = await steward('/', ['restore-points', `s3://${BUCKET}/flink`, ...reach(s3)]);
    const { jobs } = documentOf(await steward('/', ['restore-points', `s3://${BUCKET}/flink`, ...reach(s3), '--json']));

    const restoring = `aws s3api restore-object --bucket ${BUCKET} --key ${COLD} --restore-request '{"Days":7}'`;
    const command = `flink run -s s3a://${BUCKET}/${PREFIX}chk-7 -restoreMode no_claim job.jar`;
    expect(ran.status).toBe(0);
    const store = `--endpoint-url ${s3.url} --region eu-west-1`;
    expect(ran.out).toContain(`\n  ${restoring} ${store}\n  ${command}\n`);
    expect(jobs).toEqual([
      expect.objectContaining({
        newest: expect.objectContaining({ checkpointId: '6', archived: 0, firstArchived: null }),
        restorePoints: 1,
        withheld: [
          {
            path: `s3a://${BUCKET}/${PREFIX}chk-7`,
            completed: new Date(NOW - 2 * DAY).toISOString(),
            reason: 'archived',
            sentence: `chk-7: 1 file that it needs is in an archive storage class, and can't be read before it is restored from there: s3://${BUCKET}/${COLD}.`,
            commands: [`${restoring} ${store}`, command],
            files: [`s3://${BUCKET}/${COLD}`],
          },
        ],
        finding: null,
      }),
    ]);
  });

  it('is a note of the audit, with what its class costs, and no finding', async () => {
    const s3 = await serveJob('DEEP_ARCHIVE');

    const ran = await steward('/', ['audit', `s3://${BUCKET}/flink`, ...reach(s3), '--json']);

    expect(ran.status).toBe(0);
    expect(documentOf(ran)).toMatchObject({
      findings: [],
      jobs: [
        {
          restorePoints: 1,
          newestRestorePoint: { checkpointId: '6' },
          damaged: [],
          withheld: [{ reason: 'archived', files: [`s3://${BUCKET}/${COLD}`] }],
        },
      ],
      cost: {
        storageClasses: [
          { storageClass: 'STANDARD' },
          { storageClass: 'DEEP_ARCHIVE', objects: 1, bytes: 100, billedBytes: 100 },
        ],
      },
      notes: expect.arrayContaining([
        expect.stringMatching(/^Some storage classes bill an object for a least time, .*: DEEP_ARCHIVE 180 days\./),
        expect.stringMatching(/chk-7: 1 file that it needs is in an archive storage class/),
      ]),
    });
  });

  it('has the file explained with the command, and marked in the list of verdicts', async () => {
    // Prepare
    const s3 = await serveJob('GLACIER');
    const cwd = await makeDirectory({});

    // Act
    const explained = await steward(cwd, [
      'explain',
      `s3://${BUCKET}/${COLD}`,
      `s3://${BUCKET}/flink`,
      ...reach(s3),
      '--json',
    ]);
    await steward(cwd, ['plan', `s3://${BUCKET}/flink`, ...reach(s3), '--verdicts', 'verdicts.jsonl']);

    // Assess
    expect(documentOf(explained)).toMatchObject({
      verdict: 'keep-live',
      archived: true,
      namedBy: [{ path: `s3a://${BUCKET}/${PREFIX}chk-7`, restorePoint: false }],
      because: [
        '1 checkpoint or savepoint references it. It is kept while one of them exists.',
        `It is in an archive storage class, so it can't be read before it is restored from there, and 1 checkpoint or savepoint can't be restored before it is: aws s3api restore-object --bucket ${BUCKET} --key ${COLD} --restore-request '{"Days":7}' --endpoint-url ${s3.url} --region eu-west-1`,
      ],
    });
    const lines = (await readFile(join(cwd, 'verdicts.jsonl'), 'utf8')).trim().split('\n');
    const archived = lines.map((line) => JSON.parse(line)).filter((line) => line.archived === true);
    expect(archived.map(({ key }) => key)).toEqual([COLD]);
  });

  it('is one again while a restored copy is there, and not while it is being restored', async () => {
    const s3 = await serveJob('GLACIER');
    const stored = s3.object(BUCKET, COLD);
    if (stored === undefined) throw new Error('The file is not there.');

    stored.restore = 'under-way';
    const meanwhile = await newestOf(s3);
    stored.restore = NOW + DAY;
    const then = await newestOf(s3);

    expect([meanwhile, then]).toEqual(['6', '7']);
  });
});

describe('A checkpoint with a file in INTELLIGENT_TIERING', () => {
  it.each([
    ['in a bucket without archive tiers', [], '7'],
    ['younger than the archive tier of the bucket', [tier(90)], '7'],
    ['as old as the archive tier of the bucket', [tier(5)], '6'],
    ['as old as an archive tier of other keys', [tier(5, 'logs/')], '7'],
    ['as old as an archive tier of its keys', [tier(5, 'flink/')], '6'],
  ])('%s', async (_what, tiering, newest) => {
    const s3 = await serveJob('INTELLIGENT_TIERING');
    s3.bucket(BUCKET).tiering = tiering;

    expect(await newestOf(s3)).toBe(newest);
  });

  it('counts as readable where the bucket does not tell its tiers, and a note says so', async () => {
    const s3 = await serveJob('INTELLIGENT_TIERING');
    s3.bucket(BUCKET).tiering = [tier(5)];
    s3.faults.add({
      match: { operation: 'ListBucketIntelligentTieringConfigurations' },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    const ran = await steward('/', ['audit', `s3://${BUCKET}/flink`, ...reach(s3), '--json']);

    expect(await newestOf(s3)).toBe('7');
    expect(documentOf(ran)).toMatchObject({
      undecidable: [],
      notes: expect.arrayContaining([expect.stringContaining('s3:GetIntelligentTieringConfiguration')]),
    });
  });

  it('is asked about only where there is one', async () => {
    const s3 = await serveJob('STANDARD');

    await newestOf(s3);

    expect(s3.log.counts()).not.toHaveProperty('ListBucketIntelligentTieringConfigurations');
  });
});

function tier(days: number, prefix = '') {
  return { id: 'cold', status: 'Enabled', prefix, days } as const;
}

async function newestOf(s3: EmbeddedS3): Promise<unknown> {
  const { jobs } = documentOf(await steward('/', ['restore-points', `s3://${BUCKET}/flink`, ...reach(s3), '--json']));
  return Array.isArray(jobs) ? jobs[0]?.newest?.checkpointId : jobs;
}

/** Two checkpoints; only the newest references the file of this class, which is five days old. */
async function serveJob(storageClass: string): Promise<EmbeddedS3> {
  const { s3 } = await serve({ clock: () => NOW });
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store, PREFIX, `s3a://${BUCKET}`);
  job.complete(6, [job.upload(1)], NOW - 3 * DAY);
  job.complete(7, [job.file(1), job.upload(2)], NOW - 2 * DAY);
  for (const [key, { content, modified }] of Object.entries(store.files())) {
    s3.put(BUCKET, key, content, { lastModified: modified, ...(key === COLD ? { storageClass } : {}) });
  }
  return s3;
}

function reach(s3: EmbeddedS3): readonly string[] {
  return ['--endpoint', s3.url, '--region', 'eu-west-1', '--path-style'];
}
