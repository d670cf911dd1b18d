import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { DAY, JOB, NOW, OTHER_JOB, uuid } from '#test/support/played-job.ts';
import { JOB_PREFIX, serveJob } from '#test/support/served-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { below, documentOf, smallJob, steward } from './steward.ts';

const serve = useEmbeddedS3();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();
const BUCKET = 'state';
const GIB = 1024 ** 3;
/** Of the files of the large jobs, and their roots. */
const BYTES = expect.closeTo(2_700 * GIB, -4);

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('The cost of a bucket', () => {
  it('is told of each job and of the survey, by the prices of its region', async () => {
    const s3 = await serveLargeJobs();

    const ran = await audit(s3, 80);

    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(ran.out).toContain(`
Prices: AWS's list prices of 2025-10 for S3 Standard in eu-central-1. This
survey took 4 LIST and 2 GET requests: under 1 cent. From cron, once a day, a
survey like this costs under 1 cent a month. A deployment for 2 jobs costs about
$13.56 a month, as much as storing 594 GB of garbage.

a month                             live  reclaimable     all
${JOB}  $49.00        $7.35  $56.35
${OTHER_JOB}   $9.80           $0   $9.80
all objects                       $58.80        $7.35  $66.15

`);
    expect(ran.out).toContain(`
Cost: about $66.15 a month.
  - $7.35 a month can be saved now: 322 GB in 1 object that no checkpoint or
    savepoint references.
`);
    expect(s3.log.count('GetObject')).toBe(2);
    expect(s3.log.count('ListObjectsV2')).toBe(4);
  });

  it.each([60, 80, 100, 120])('fits %i columns', async (columns) => {
    const s3 = await serveLargeJobs();

    const { out } = await audit(s3, columns);

    const from = out.indexOf('\nPrices: ');
    const lines = out.slice(from).split('\n');
    expect(from).toBeGreaterThan(0);
    // A command is not broken, so that it can be copied.
    const text = lines.filter((line) => !line.startsWith('  steward '));
    expect(text.filter((line) => line.length > columns)).toEqual([]);
  });

  it('is a part of the document of --json', async () => {
    const s3 = await serveLargeJobs();

    const document = documentOf(await audit(s3, 80, ['--json']));

    expect(document.cost).toEqual({
      currency: 'USD',
      pricesOf: '2025-10',
      regions: ['eu-central-1'],
      regionAssumed: false,
      perMonth: { live: 58.8, reclaimable: 7.35, total: 66.15 },
      storageClasses: [{ storageClass: 'STANDARD', objects: 5, bytes: BYTES, billedBytes: BYTES, perMonth: 66.15 }],
      unlisted: {
        versions: null,
        uploads: { count: 0, bytes: 0, perMonth: 0, atLeast: false },
        notLookedAt: [],
        afterDeletion: [],
      },
      wholePerMonth: 66.15,
      stack: { jobs: 2, perMonth: 13.564, bytes: expect.closeTo(13.564 / (0.0245 / GIB), -8) },
      survey: {
        listRequests: s3.log.count('ListObjectsV2'),
        getRequests: s3.log.count('GetObject'),
        cost: 0.00002246,
      },
    });
    expect(document.jobs).toMatchObject([
      { job: JOB, costPerMonth: { live: 49, reclaimable: 7.35, total: 56.35 } },
      { job: OTHER_JOB, costPerMonth: { live: 9.8, reclaimable: 0, total: 9.8 } },
    ]);
  });

  it('counts attempts that failed among its requests', async () => {
    const { s3 } = await serve({ clock: () => NOW, buckets: [BUCKET] });
    serveJob(s3, BUCKET);
    s3.faults.add({ match: { operation: 'GetObject', nth: 1 }, do: { kind: 'answer', code: 'InternalError' } });

    const { cost } = documentOf(await audit(s3, 80, ['--json']));

    expect(cost).toMatchObject({
      survey: { listRequests: s3.log.count('ListObjectsV2'), getRequests: 2 },
    });
  });

  it('leaves jobs of less than a cent, and all but ten, to --json', async () => {
    const { s3 } = await serve({ clock: () => NOW, buckets: [BUCKET] });
    serveJob(s3, BUCKET);
    for (let job = 0; job < 12; job++) {
      const id = job.toString(16).repeat(32);
      s3.put(BUCKET, `flink/${id}/shared/${uuid(job)}`, { size: (100 + job) * GIB }, { lastModified: NOW - DAY });
    }

    const { out } = await audit(s3, 80);

    const from = out.indexOf('\na month');
    const table = out.slice(from + 1, out.indexOf('\n\n', from)).split('\n');
    expect(table.map((line) => line.split(/ {2,}/).join(' | '))).toEqual([
      'a month | live | reclaimable | all',
      ...['b | $2.72', 'a | $2.70', '9 | $2.67', '8 | $2.65', '7 | $2.62', '6 | $2.60', '5 | $2.57', '4 | $2.55']
        .concat('3 | $2.52', '2 | $2.50')
        .map((row) => row.replace(/^./, (digit) => `${digit.repeat(32)} | $0 | $0`)),
      '… and 2 more jobs | $0 | $0 | $4.92',
      'all objects | under 1 cent | under 1 cent | $31.02',
    ]);
  });
});

describe('The cost of a directory', () => {
  it('is not told where it stands for no bucket', async () => {
    const cwd = await makeDirectory(smallJob());

    const ran = await steward(cwd, ['audit', '.', '--as', 'file:///opt/flink']);
    const json = documentOf(await steward(cwd, ['audit', '.', '--as', 'file:///opt/flink', '--json']));

    expect(ran.out).not.toContain('Cost');
    expect(json.cost).toBeNull();
    expect(json.jobs).toMatchObject([{ costPerMonth: null }]);
  });

  it('is told by the prices of steward.json, wherever it lies', async () => {
    const prices = { storagePerGiBMonth: 1e8, listPer1000: 0, getPer1000: 0, currency: 'EUR' };
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'steward.json': JSON.stringify({ prices }) });

    const { out, err } = await steward(cwd, ['audit', 'copy', '--as', 's3://bucket']);

    expect(err).toBe('');
    expect(out).toContain(`
Prices: those of steward.json.
Noncurrent versions and incomplete uploads of s3://bucket are not in this sum. They are counted only
if the bucket itself is audited, with its own rules.

a month                                live  reclaimable      all
${JOB}  99.84 EUR     9.31 EUR  109 EUR
all objects                       99.84 EUR     9.31 EUR  109 EUR
`);
  });
});

/** Two jobs in Frankfurt: 2,000 GiB live and 300 GiB reclaimable, and 400 GiB live. */
async function serveLargeJobs(): Promise<EmbeddedS3> {
  const { s3 } = await serve({ clock: () => NOW, buckets: [] });
  s3.createBucket(BUCKET, { region: 'eu-central-1' });
  const put = (prefix: string, file: number, gib: number): string => {
    const key = `${prefix}shared/${uuid(file)}`;
    s3.put(BUCKET, key, { size: gib * GIB }, { lastModified: NOW - 5 * DAY });
    return key;
  };
  const complete = (prefix: string, key: string, gib: number): void => {
    const shared = [{ path: `s3a://${BUCKET}/${key}`, bytes: gib * GIB }];
    const content = incrementalCheckpoint({ id: 7, shared });
    s3.put(BUCKET, `${prefix}chk-7/_metadata`, content, { lastModified: NOW - 2 * DAY });
  };
  complete(JOB_PREFIX, put(JOB_PREFIX, 1, 2_000), 2_000);
  put(JOB_PREFIX, 2, 300);
  const other = `flink/${OTHER_JOB}/`;
  complete(other, put(other, 3, 400), 400);
  return s3;
}

async function audit(s3: EmbeddedS3, columns: number, args: readonly string[] = []) {
  const reach = ['--endpoint', s3.url, '--region', 'eu-central-1', '--path-style'];
  return await steward('/', ['audit', `s3://${BUCKET}/flink`, ...reach, ...args], columns);
}
