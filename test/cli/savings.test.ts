import { utimesSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, prefixed, putRules, reach, serveJob, useCredentials } from './rules-bucket.ts';
import { bucketFiles, documentOf, steward } from './steward.ts';

/** What can be saved: by collecting, by time, by a declaration and by a policy. */

const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();
useMachineClock(NOW);
useCredentials();

const LOOK = ['audit', 'bucket', '--as', 's3://bucket', '--ledger', 'ledger'];
const KEEP_LAST = [{ path: '**', endedJobs: { keepLast: 1 } }];

interface Savings {
  readonly reclaimable: { readonly bytes: number };
  readonly endedJobs: { readonly jobs: number; readonly objects: number; readonly bytes: number } | null;
  readonly retain: object | null;
}

function savingsOf(ran: Awaited<ReturnType<typeof steward>>): Savings {
  const { savings } = documentOf(ran) as { readonly savings: Savings };
  return savings;
}

/** One job that ended with two checkpoints that share a file, and one that runs. */
function endedAndRunning() {
  return bucketFiles((store) => {
    const ended = new PlayedJob(store, `flink/${OTHER_JOB}/`);
    const shared = ended.upload(1, NOW - 90 * DAY);
    ended.complete(7, [ended.upload(2, NOW - 80 * DAY), shared], NOW - 79 * DAY);
    ended.complete(8, [ended.upload(3, NOW - 70 * DAY), shared], NOW - 69 * DAY);
    const running = new PlayedJob(store, `flink/${JOB}/`);
    running.complete(9, [running.upload(4, NOW - DAY)], NOW - DAY / 48);
  });
}

async function folder(retain?: readonly object[]): Promise<string> {
  const cwd = await makeDirectory(prefixed('bucket', endedAndRunning()));
  await configure(cwd, retain);
  return cwd;
}

async function configure(cwd: string, retain: readonly object[] = []): Promise<void> {
  await writeFile(join(cwd, 'steward.json'), JSON.stringify({ retain }));
}

describe('What ended jobs hold', () => {
  it('is told with what the proposed policy would free, which is what it frees once it is set', async () => {
    // Prepare
    const cwd = await folder();

    // Act
    const proposed = savingsOf(await steward(cwd, [...LOOK, '--json']));
    await configure(cwd, KEEP_LAST);
    const configured = savingsOf(await steward(cwd, [...LOOK, '--json']));
    const retired = await steward(cwd, ['retire', ...LOOK.slice(1), '--execute']);
    const after = savingsOf(await steward(cwd, [...LOOK, '--json']));

    // Assess
    expect(proposed.endedJobs).toMatchObject({ jobs: 1, objects: 5 });
    expect(proposed.retain).toEqual({
      configured: false,
      setting: '"retain": [{ "path": "**", "endedJobs": { "keepLast": 1 } }]',
      roots: 1,
      objects: 1,
      bytes: 100,
      perMonth: expect.closeTo((0.023 * 100) / 1024 ** 3, 14),
      heldBy: null,
    });
    expect(configured.retain).toEqual({ ...proposed.retain, configured: true, setting: '"retain"' });
    expect(retired.status).toBe(0);
    expect([proposed.reclaimable.bytes, after.reclaimable.bytes]).toEqual([0, 100]);
    expect(after.retain).toMatchObject({ configured: true, roots: 0, bytes: 0 });
  });

  it('is told in words, also where nothing of it would be freed', async () => {
    const cwd = await folder();
    const lone = await makeDirectory(
      prefixed(
        'bucket',
        bucketFiles((store) => {
          const ended = new PlayedJob(store);
          ended.complete(7, [ended.upload(1, NOW - 90 * DAY)], NOW - 80 * DAY);
        }),
      ),
    );

    const several = await steward(cwd, LOOK);
    const one = await steward(lone, LOOK);

    const words = (out: string) => out.replaceAll(/\s+/g, ' ');
    expect(words(several.out)).toContain(
      '- Nothing can be saved now: there is no garbage. - 1 ended job holds 2.5 kB; "retain": [{ "path": "**", "endedJobs": { "keepLast": 1 } }] would free 100 B, by retiring 1 checkpoint or savepoint.',
    );
    expect(words(one.out)).toContain(
      'would free none of it now, because all of it belongs to restore points that are kept.',
    );
  });

  it('is not freed while a job may have been restored from any of it, and the reason is told', async () => {
    const cwd = await folder(KEEP_LAST);
    const starting = 'c'.repeat(32);
    const marker = join(cwd, `bucket/flink/${starting}/shared/${uuid(9)}`);
    await mkdir(join(marker, '..'), { recursive: true });
    await writeFile(marker, 'x');
    utimesSync(marker, NOW / 1_000, NOW / 1_000);

    const { out } = await steward(cwd, LOOK);

    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `"retain" frees none of it now, because flink/${starting}/ is being written to and has no checkpoint yet, so its job may have been restored from one of them (if that job will not run again:`,
    );
  });

  it('is not told where no job has ended', async () => {
    const cwd = await makeDirectory(
      prefixed(
        'bucket',
        bucketFiles((store) => {
          const running = new PlayedJob(store);
          running.complete(7, [running.upload(1)], NOW - DAY / 48);
        }),
      ),
    );

    const ran = await steward(cwd, LOOK);
    const { endedJobs, retain } = savingsOf(await steward(cwd, [...LOOK, '--json']));

    expect([endedJobs, retain]).toEqual([null, null]);
    expect(ran.out).not.toContain('retain');
    expect(ran.out).toMatch(/^9468946f38e9d60efc7468a374aec04f {2}running /m);
  });

  it('is not reckoned in an area that is undecidable', async () => {
    const cwd = await makeDirectory({
      ...prefixed('bucket', endedAndRunning()),
      [`bucket/flink/${JOB}/chk-1/_metadata`]: { content: 'cut off', modified: NOW - DAY },
    });

    const ran = await steward(cwd, LOOK);
    const { retain } = savingsOf(await steward(cwd, [...LOOK, '--json']));

    expect(retain).toBeNull();
    expect(ran.out).toContain('  - Nothing can be saved in this run: the area is undecidable.\n');
    expect(ran.out).not.toContain('ended job holds');
  });
});

describe('What silent jobs have in progress', () => {
  it('is told with the time that frees it, and the word that does not wait', async () => {
    const cwd = await makeDirectory(
      prefixed(
        'bucket',
        bucketFiles((store) => {
          const silent = new PlayedJob(store);
          silent.complete(7, [silent.upload(1, NOW - 8 * DAY)], NOW - 7 * DAY - 1);
          silent.upload(2, NOW - 7 * DAY);
        }),
      ),
    );

    const { out } = await steward(cwd, LOOK);

    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `- 100 B more of 1 silent job is in progress. It becomes garbage in 7 d. Only if that job has ended for good, declare it dead now: steward declare-dead ${JOB} ${LOOK.slice(1).join(' ')} --execute `,
    );
  });
});

describe('What a bucket bills beside its objects', () => {
  it('is a part of the cost: noncurrent versions and incomplete uploads, each by its class', async () => {
    // Prepare
    const served = await serveJob(serve);
    const { s3, client } = served;
    const GIB = 1024 ** 3;
    s3.bucket(BUCKET).versioning = 'Enabled';
    for (const [file, storageClass] of [
      [21, undefined],
      [22, 'STANDARD_IA'],
    ] as const) {
      const key = `flink/${JOB}/shared/${uuid(file)}`;
      const options = { lastModified: NOW - 5 * DAY, ...(storageClass === undefined ? {} : { storageClass }) };
      s3.put(BUCKET, key, { size: 100 * GIB }, options);
      s3.bucket(BUCKET).remove(key, NOW - DAY, () => `marker-${file}`);
    }
    await putRules(served, [{ Filter: { Prefix: '' }, NoncurrentVersionExpiration: { NoncurrentDays: 3 } }]);

    // Act
    const ran = await steward('/', ['audit', AREA, ...reach(s3)]);
    const { cost } = documentOf(await steward('/', ['audit', AREA, ...reach(s3), '--json']));

    // Assess
    client.destroy();
    expect(cost).toMatchObject({
      unlisted: {
        versions: { count: 2, bytes: 200 * GIB, perMonth: 3.55, atLeast: false },
        uploads: { count: 0, bytes: 0, perMonth: 0 },
        notLookedAt: [],
        afterDeletion: [
          's3://checkpoints keeps versions. Deleted objects are billed as noncurrent versions until its lifecycle rule expires them, 3 days later.',
        ],
      },
      wholePerMonth: expect.closeTo(3.55, 5),
    });
    expect(ran.out).toContain('\nCost: about $3.55 a month. $3.55 for 2 noncurrent versions (215 GB) is part of it.\n');
    expect(ran.out.replaceAll(/\s+/g, ' ')).toContain(
      '- s3://checkpoints keeps versions. Deleted objects are billed as noncurrent versions until',
    );
  });

  it('is added up over the prefixes of a bucket, class by class', async () => {
    const { s3 } = await serveJob(serve);
    s3.bucket(BUCKET).versioning = 'Enabled';
    for (const [at, [folder, storageClass]] of [
      ['flink', 'STANDARD_IA'],
      ['other', 'STANDARD_IA'],
      ['other', 'GLACIER_IR'],
      ['other', 'STANDARD'],
    ].entries()) {
      const key = `${folder}/${OTHER_JOB}/shared/${uuid(60 + at)}`;
      s3.put(BUCKET, key, 'x', { lastModified: NOW - 5 * DAY, storageClass: storageClass ?? '' });
      s3.bucket(BUCKET).remove(key, NOW - DAY, () => `marker-${at}`);
    }

    const { buckets } = documentOf(await steward('/', ['audit', AREA, `s3://${BUCKET}/other`, ...reach(s3), '--json']));

    const small = (objects: number) => ({ objects, bytes: objects, billed: objects * 131_072, small: objects });
    expect(buckets).toMatchObject([
      {
        versionsExpireAfter: null,
        versions: {
          noncurrent: 4,
          classes: [
            { storageClass: 'STANDARD_IA', ...small(2) },
            { storageClass: 'GLACIER_IR', ...small(1) },
          ],
        },
      },
    ]);
  });

  it('is said to be missing where the bucket did not tell', async () => {
    const { s3 } = await serveJob(serve);
    s3.bucket(BUCKET).versioning = 'Enabled';
    s3.faults.add({ match: { operation: 'ListObjectVersions' }, do: { kind: 'answer', code: 'AccessDenied' } });
    s3.faults.add({ match: { operation: 'ListMultipartUploads' }, do: { kind: 'answer', code: 'AccessDenied' } });

    const ran = await steward('/', ['audit', AREA, ...reach(s3)]);

    expect(ran.out).toContain(
      '\nCost: under 1 cent a month. Noncurrent versions or incomplete uploads were not counted.\n',
    );
    expect(ran.out).toContain(
      '\nThe noncurrent versions and incomplete uploads of s3://checkpoints are not known, so this sum does\nnot contain them.\n',
    );
    expect(ran.out.replaceAll(/\s+/g, ' ')).toContain(
      'billed as noncurrent versions, and no lifecycle rule expires them: see lifecycle.noncurrentVersionsFor',
    );
  });

  it('has objects of each storage class at its own price, small ones with the size that is billed', async () => {
    const { s3 } = await serveJob(serve);
    s3.put(
      BUCKET,
      `flink/${JOB}/shared/${uuid(31)}`,
      { size: 1024 ** 4 },
      { lastModified: NOW - 5 * DAY, storageClass: 'GLACIER_IR' },
    );
    for (let file = 0; file < 20; file++) {
      const options = { lastModified: NOW - 5 * DAY, storageClass: 'STANDARD_IA' };
      s3.put(BUCKET, `flink/${JOB}/shared/${uuid(40 + file)}`, 'x', options);
    }

    const { out } = await steward('/', ['audit', AREA, ...reach(s3)]);

    expect(out).toContain(`
storage class  objects    size  billed       a month
STANDARD             3  1.2 kB  1.2 kB  under 1 cent
STANDARD_IA         20    20 B  2.6 MB  under 1 cent
GLACIER_IR           1  1.1 TB  1.1 TB         $4.10
`);
    expect(out).toContain('S3 Standard in eu-west-1; other classes by those of\nus-east-1, in proportion.');
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'STANDARD_IA bills an object below 128 KiB as one of 128 KiB: 20 B count as 2.6 MB.',
    );
    expect(out.replaceAll(/\s+/g, ' ')).toContain('STANDARD_IA 30 days, GLACIER_IR 90 days. What is younger');
  });
});
