import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ASSUMED } from '#core/bill/monthly-prices.ts';
import { RECORDINGS, recordedBucket } from '#test/support/corpus.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { DAY, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';
import { serveRecording } from '#test/support/served-recording.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { useCredentials } from './rules-bucket.ts';
import { runCaptured, steward } from './steward.ts';

/** What docs/deploying.md promises of a look: LIST requests beside those for objects and for job directories. */
const BESIDE = 50;
const BUCKET = 'checkpoints';

const serve = useEmbeddedS3();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();

function put(s3: EmbeddedS3, ...keys: readonly string[]): void {
  for (const key of keys) s3.put(BUCKET, key, '', { lastModified: NOW - 40 * DAY });
}

function jobId(number: number): string {
  // Spread over the key space, as real ones are.
  return Math.imul(number + 1, 0x9e3779b1)
    .toString(16)
    .replace('-', '')
    .padStart(8, '0')
    .repeat(4);
}

function most(s3: EmbeddedS3, bucket: string): number {
  const keys = s3.keys(bucket);
  const roots = keys.filter((key) => key === '_metadata' || key.endsWith('/_metadata'));
  const directories = new Set(roots.map((root) => root.replace(/(chk-\d+\/)?_metadata$/, '')));
  const { listsPerThousandObjects, listsPerJob } = ASSUMED;
  return (keys.length / 1_000) * listsPerThousandObjects + directories.size * listsPerJob + BESIDE;
}

async function listsOf(s3: EmbeddedS3, command: readonly string[], bucket = BUCKET): Promise<number> {
  s3.log.clear();
  const place = [`s3://${bucket}`, '--endpoint', s3.url, '--path-style', '--json'];
  const { out } = await steward(await makeDirectory({}), [...command, ...place]);
  expect(JSON.parse(out)).not.toHaveProperty('error');
  return s3.log.requests.filter(({ operation, bucket: of }) => operation === 'ListObjectsV2' && of === bucket).length;
}

const SHARED = `ck/${jobId(0)}/shared/`;

const LAYOUTS: Readonly<Record<string, readonly string[]>> = {
  'files in one folder': Array.from({ length: 4_000 }, (_, file) => `${SHARED}${uuid(file)}`),
  'files with entropy in their paths': Array.from(
    { length: 4_000 },
    (_, file) => `ck/${jobId(file).slice(0, 4)}/${jobId(0)}/shared/${uuid(file)}`,
  ),
  'partitions of a sink': Array.from({ length: 20_000 }, (_, file) => `wh/dt=${file % 5_000}/part-${file}`),
  'directories of jobs that are empty': Array.from({ length: 10_000 }, (_, job) => `ck/${jobId(job)}/`),
  'directories of jobs without roots': Array.from(
    { length: 4_000 },
    (_, job) => `ck/${jobId(job)}/shared/${uuid(job)}`,
  ),
  'folders of markers': Array.from({ length: 5_000 }, (_, folder) => `a/${folder}/b/c/`),
  'jobs with their checkpoints': Array.from({ length: 300 }, (_, job) => [
    `ck/${jobId(job)}/chk-7/_metadata`,
    ...Array.from({ length: 12 }, (__, file) => `ck/${jobId(job)}/shared/${uuid(file)}`),
  ]).flat(),
  'jobs in a folder each': Array.from({ length: 200 }, (_, job) => [
    `apps/app-${job}/ck/${jobId(job)}/chk-7/_metadata`,
    ...Array.from({ length: 20 }, (__, file) => `apps/app-${job}/sink/part-${file}`),
  ]).flat(),
};

describe('The LIST requests of a look', () => {
  useCredentials();

  it.each(Object.keys(LAYOUTS))('are no more than the documentation says, for %s', async (what) => {
    // Prepare
    const { s3 } = await serve({ clock: () => NOW });
    put(s3, `ck/${jobId(0)}/chk-7/_metadata`, ...(LAYOUTS[what] ?? []));

    // Act
    const lists = await listsOf(s3, ['audit']);

    // Assess
    expect(lists).toBeGreaterThan(0);
    expect(lists).toBeLessThanOrEqual(most(s3, BUCKET));
  });

  it('are no more for any mixture of them', async () => {
    const parts = fc.record({
      what: fc.constantFrom(...Object.keys(LAYOUTS)),
      from: fc.integer({ min: 0, max: 150 }),
      count: fc.integer({ min: 1, max: 2_500 }),
      below: fc.constantFrom('', 'x/', 'zz/y/'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 4 }), async (mixture) => {
        const { s3 } = await serve({ clock: () => NOW });
        put(s3, `${jobId(9)}/chk-1/_metadata`);
        for (const { what, from, count, below } of mixture) {
          put(s3, ...(LAYOUTS[what] ?? []).slice(from, from + count).map((key) => below + key));
        }

        expect(await listsOf(s3, ['audit'])).toBeLessThanOrEqual(most(s3, BUCKET));
      }),
      { numRuns: 8, seed: 20_261_130 },
    );
  });

  it.each(RECORDINGS)('are no more for %s', async (name) => {
    // Prepare
    const { s3 } = await serve({ clock: () => NOW });
    const recording = await recordedBucket(name);
    await serveRecording(s3, recording);

    // Act
    const lists = await listsOf(s3, ['audit'], recording.bucket);

    // Assess
    expect(lists).toBeLessThanOrEqual(most(s3, recording.bucket));
  });

  it.each(Object.keys(LAYOUTS))('are no more for each shard of a plan, for %s', async (what) => {
    // Prepare
    const { s3 } = await serve({ clock: () => NOW });
    put(s3, `ck/${jobId(0)}/chk-7/_metadata`, ...(LAYOUTS[what] ?? []));
    const shards = 3;

    // Act
    const lists = await listsOf(s3, ['plan', '--shards', String(shards)]);

    // Assess
    const sampled = s3.keys(BUCKET).length / 1_000;
    expect(lists).toBeLessThanOrEqual(most(s3, BUCKET) + sampled + shards * BESIDE);
  });

  it('are no more for each look again before objects are deleted', async () => {
    // Prepare
    let now = NOW;
    const { s3 } = await serve({ clock: () => now });
    const job = new PlayedJob(
      { put: (key, content, modified) => s3.put(BUCKET, key, content, { lastModified: modified }), remove: () => {} },
      `ck/${jobId(0)}/`,
      `s3://${BUCKET}`,
    );
    put(s3, ...(LAYOUTS['partitions of a sink'] ?? []));
    for (let file = 0; file < 40; file++) job.upload(file, NOW - 9 * DAY);
    job.complete(7, [job.file(1)]);
    const cwd = await makeDirectory({});
    const collect = async () =>
      await runCaptured(
        [
          'collect',
          `s3://${BUCKET}`,
          '--endpoint',
          s3.url,
          '--path-style',
          '--ledger',
          'ledger',
          '--execute',
          '--accept',
          'too-much',
          '--yes',
          '--json',
        ],
        { cwd, clock: () => now, columns: 100 },
      );
    await collect();
    now = NOW + DAY;
    vi.setSystemTime(now);
    s3.log.clear();
    const bound = most(s3, BUCKET);

    // Act
    const { out } = await collect();

    // Assess: one look, and another one before the only batch.
    expect(JSON.parse(out)).toMatchObject({ applied: { deleted: { objects: 39 } } });
    expect(s3.log.count('ListObjectsV2')).toBeLessThanOrEqual(bound + BESIDE + 5);
  });
});
