import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLICKS, ORDERS, PAYMENTS, putJob, putRoot } from '#test/support/found-bucket.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { NOW, uuid } from '#test/support/played-job.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { areaOf, useInit } from './init-bucket.ts';
import { documentOf } from './steward.ts';

const open = useInit();
useMachineClock(NOW);

const TENANT = '0'.repeat(31);

function put(s3: EmbeddedS3, ...keys: readonly string[]): void {
  for (const key of keys) s3.put('state', key, 'x'.repeat(100));
}

/** How people lay out their buckets: what is in them, and the area that holds all of it. */
const LAYOUTS: readonly (readonly [string, (s3: EmbeddedS3) => void, readonly string[]])[] = [
  ['jobs at the top of the bucket', (s3) => putJob(s3, 'state', ORDERS), ['s3://state']],
  [
    'jobs that share one folder (create-subdir: false)',
    (s3) => putJob(s3, 'state', 'flink/checkpoints', { checkpoint: 3 }),
    ['s3://state/flink/checkpoints'],
  ],
  [
    'tenants that are named like jobs',
    (s3) => {
      putJob(s3, 'state', `${TENANT}1/checkpoints/${ORDERS}`);
      putJob(s3, 'state', `${TENANT}2/checkpoints/${PAYMENTS}`);
    },
    [`s3://state/${TENANT}1/checkpoints`, `s3://state/${TENANT}2/checkpoints`],
  ],
  [
    'savepoints and high availability among the checkpoints',
    (s3) => {
      putJob(s3, 'state', `flink/${ORDERS}`);
      putRoot(s3, 'state', 'flink/savepoint-aaaaaa-0123456789ab/_metadata', []);
      put(s3, 'flink/my-cluster/completedCheckpoint0a1b', `flink/job-result-store/my-cluster/${ORDERS}.json`);
    },
    ['s3://state/flink'],
  ],
  [
    'a changelog and a ForSt directory of their own',
    (s3) => {
      const changelog = `log/${ORDERS}/dstl/${uuid(7)}`;
      put(s3, changelog, `primary/${ORDERS}/op_a_1_2__attempt_0/db/${uuid(8)}`);
      putJob(s3, 'state', `flink/${ORDERS}`, { references: [`s3://state/${changelog}`] });
    },
    ['s3://state/flink', 's3://state/log', 's3://state/primary'],
  ],
  [
    'a checkpoint directory in another one',
    (s3) => {
      putJob(s3, 'state', `flink/${ORDERS}`);
      putJob(s3, 'state', `flink/team/${PAYMENTS}`, { references: [`s3://state/flink/${ORDERS}/shared/${uuid(1)}`] });
    },
    ['s3://state/flink'],
  ],
  [
    'many teams',
    (s3) => {
      for (let team = 0; team < 12; team++) {
        putJob(s3, 'state', `teams/t${team}/chk/${team.toString(16).padStart(32, 'f')}`, { files: [team + 1] });
      }
    },
    ['s3://state/teams'],
  ],
  [
    'clusters of one name in several regions, which give their jobs one id',
    (s3) => {
      for (const region of ['euw1', 'use1', 'aps1']) {
        putJob(s3, 'state', `ckpt/${region}/${ORDERS}`, { files: [region.charCodeAt(0)] });
      }
    },
    ['s3://state/ckpt'],
  ],
  [
    'entropy at the top of the bucket',
    (s3) => {
      const files = ['17Sr', '1Osp', '2Cnq', '3R0A'].map((random, at) => `${random}/c/${ORDERS}/shared/${uuid(at)}`);
      put(s3, ...files);
      putRoot(
        s3,
        'state',
        `c/${ORDERS}/chk-7/_metadata`,
        files.map((key) => `s3://state/${key}`),
      );
    },
    ['s3://state'],
  ],
  [
    'names that patterns and URLs take for something else',
    (s3) => {
      putJob(s3, 'state', `a{b}/checkpoints/eu%20*/${ORDERS}`);
      put(s3, 'a{b}/checkpoints/ha[1]/c/completedCheckpoint0a1b');
    },
    ['s3://state/a{b}/checkpoints'],
  ],
  [
    'a savepoint under a name of its own, and checkpoints that were restored from it',
    (s3) => {
      put(s3, `kept/before-upgrade/${uuid(5)}`);
      putRoot(s3, 'state', 'kept/before-upgrade/_metadata', [`s3://state/kept/before-upgrade/${uuid(5)}`]);
      putJob(s3, 'state', `flink/${CLICKS}`, { references: [`s3://state/kept/before-upgrade/${uuid(5)}`] });
    },
    ['s3://state/flink', 's3://state/kept'],
  ],
];

describe('steward init, of buckets as people have them:', () => {
  it.each(LAYOUTS)('%s', async (_, fill, area) => {
    const { s3, init, run, written } = await open();
    fill(s3);
    put(s3, 'other/things/report.pdf');

    const ran = await init('s3://state');

    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(areaOf(await written())).toEqual(area);
    // Nothing here is a copy, though the same folders are in several places.
    expect(await written()).not.toHaveProperty('copies');
    expect(await written()).not.toHaveProperty('outside');
    const audit = await run(['audit', '--json']);
    expect({ status: audit.status, undecidable: documentOf(audit).undecidable }).toEqual({
      status: 0,
      undecidable: [],
    });
    // The pass over the rest of the bucket finds no checkpoint that was left out.
    const checks = documentOf(await run(['doctor', '--json'])).checks as { check: string; state: string }[];
    expect(checks.filter(({ check }) => check === 'scope').map(({ state }) => state)).toEqual(['ok']);
  });

  it('keys that begin with a slash, or have empty folders', async () => {
    const { s3, init, run, written } = await open();
    putJob(s3, 'state', `/flink/${ORDERS}`);
    putJob(s3, 'state', `data//${PAYMENTS}`, { files: [3] });

    const ran = await init('s3://state');

    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(areaOf(await written())).toEqual(['s3://state']);
    expect((await run(['audit', '--json'])).status).toBe(0);
  });

  it('an access point through which jobs write that share one folder', async () => {
    const { s3, init, run, written } = await open();
    putJob(s3, 'state', 'flink/cp', { as: 's3://ours-abc123-s3alias/flink/cp' });

    await init('s3://state');

    expect(areaOf(await written())).toEqual(['s3://state/flink/cp']);
    expect((await written()).aliases).toEqual({ 's3://ours-abc123-s3alias': 's3://state' });
    expect(await written()).not.toHaveProperty('outside');
    const jobs = documentOf(await run(['audit', '--json'])).jobs as { restorePoints: number }[];
    expect(jobs.map(({ restorePoints }) => restorePoints)).toEqual([1]);
  });

  it.each([
    ['checkpoints of jobs that share one folder', 'flink/cp', 'flink/cp/chk-7'],
    ['a savepoint', 'sp/savepoint-aaaaaa-0123456789ab', 'sp/savepoint-aaaaaa-0123456789ab'],
  ])('a copy in a bucket of its own: %s', async (_, base, root) => {
    const { s3, init, run, written } = await open(['replica']);
    const files = [`${base}/shared/${uuid(1)}`, `${base}/${uuid(2)}`];
    for (const key of files) s3.put('replica', key, 'x'.repeat(100));
    putRoot(
      s3,
      'replica',
      `${root}/_metadata`,
      files.map((key) => `s3://gone/${key}`),
    );

    await init('s3://replica');

    expect((await written()).copies).toEqual({ 's3://gone': 's3://replica' });
    expect(await written()).not.toHaveProperty('outside');
    const { undecidable } = documentOf(await run(['audit', '--json']));
    expect(undecidable).toEqual([]);
  });

  it('two copies of one original', async () => {
    const { s3, init, run, written, cwd } = await open(['one', 'two']);
    for (const bucket of ['one', 'two']) putJob(s3, bucket, `flink/${ORDERS}`, { as: `s3://gone/flink/${ORDERS}` });

    const ran = await init('s3://one', 's3://two');

    expect(ran).toMatchObject({ status: 0, err: '' });
    expect((await written()).copies).toEqual({ 's3://gone': 's3://one' });
    expect((await readFile(join(cwd, 'steward.json'), 'utf8')).replaceAll(/\s+(?:\/\/ )?/g, ' ')).toContain(
      'So it is below s3://two; write the one from which you would restore.',
    );
    expect((await run(['audit'])).status).toBe(0);
  });

  it('an access point that may lead to either of two buckets', async () => {
    const { s3, init, run, written } = await open(['one', 'two']);
    const as = `s3://ours-abc123-s3alias/flink/${ORDERS}`;
    for (const bucket of ['one', 'two']) putJob(s3, bucket, `flink/${ORDERS}`, { as });

    expect(await init('s3://one', 's3://two')).toMatchObject({ status: 0, err: '' });

    expect(await written()).not.toHaveProperty('aliases');
    expect(await written()).not.toHaveProperty('outside');
    // Until somebody says to which.
    expect((await run(['audit'])).status).toBe(3);
  });

  it('several buckets at once, of which one restored from the other', async () => {
    const { s3, init, run, written } = await open(['one', 'two', 'empty']);
    putJob(s3, 'one', `flink/${ORDERS}`);
    putJob(s3, 'two', `jobs/${PAYMENTS}`, { references: [`s3://one/flink/${ORDERS}/shared/${uuid(1)}`] });

    const ran = await init('s3://one', 's3://two', 's3://empty', '--json');

    expect(areaOf(await written())).toEqual(['s3://one/flink', 's3://two/jobs']);
    expect(documentOf(ran).notes).toEqual([
      "Nothing in s3://empty looks like Flink's checkpoints or savepoints, so it is not proposed.",
    ]);
    expect((await run(['audit'])).status).toBe(0);
  });

  it('finds in another bucket what only a checkpoint tells, and proposes it', async () => {
    const { s3, init, run, written } = await open(['one', 'two']);
    putJob(s3, 'one', `flink/${ORDERS}`);
    putJob(s3, 'two', `jobs/${PAYMENTS}`, { references: [`s3://one/flink/${ORDERS}/shared/${uuid(1)}`] });

    await init('s3://two');

    expect(areaOf(await written())).toEqual(['s3://two/jobs', 's3://one/flink']);
    expect((await run(['audit'])).status).toBe(0);
  });
});
