import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, bucketFiles, damagedJob, documentOf, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];

function expireAfter(days: number, prefix = ''): string {
  return JSON.stringify({
    Rules: [{ ID: 'expire', Status: 'Enabled', Filter: { Prefix: prefix }, Expiration: { Days: days } }],
  });
}

describe('steward audit', () => {
  it('tells people what is live, what could go and what can be restored', async () => {
    const cwd = await makeDirectory(smallJob());

    const { status, out, err } = await steward(cwd, ['audit', '.', ...AS]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toBe(`Flink state in ., as of 2027-03-01 00:00:00 UTC
3 objects, 1.2 kB; 1 checkpoint or savepoint

Cost: under 1 cent a month. Noncurrent versions or incomplete uploads were not counted.
  - Under 1 cent a month can be saved now: 100 B in 1 object that no checkpoint or savepoint
    references.

             objects    size
live               2  1.1 kB  referenced by a checkpoint or savepoint
reclaimable        1   100 B  referenced by none, and old enough

job                               state     live  reclaimable  other  chk  newest restore point
9468946f38e9d60efc7468a374aec04f  silent  1.1 kB        100 B      -    1  chk-7, 2 d old

Prices: AWS's list prices of 2025-10 for S3 Standard in us-east-1 (assumed; see "prices" in
steward.json). A deployment for 1 job costs about $12.64 a month, as much as storing 590 GB of
garbage.
Noncurrent versions and incomplete uploads of s3://bucket are not in this sum. They are counted only
if the bucket itself is audited, with its own rules.

What waits or stays, and what would free it
  - 1 object (100 B), the oldest 5 d old: garbage that no run has recorded yet. The quarantine
    begins with the first run that has a ledger. It is deleted when it has been garbage for 20 h, in
    at least two runs.

Nothing was changed. To see what would be deleted, and why:
  steward plan . --as s3://bucket
To see why one object is kept or deleted:
  steward explain OBJECT . --as s3://bucket
`);
  });

  it('shows the state of the newest restore point of one job by operator, and of no job unasked', async () => {
    // Prepare
    const cwd = await makeDirectory(smallJob());

    // Act
    const text = await steward(cwd, ['audit', '.', ...AS, '--job', JOB]);
    const asked = documentOf(await steward(cwd, ['audit', '.', ...AS, '--job', JOB, '--json']));
    const unasked = documentOf(await steward(cwd, ['audit', '.', ...AS, '--json']));

    // Assess
    expect(text.out).toContain(`
chk-7 of ${JOB}
State by operator: 164 B, 999 B of it new in this checkpoint, as Flink counts
operator                          state  share    new  of which
20ba6b65f97481d5570070de90e4e791  164 B  100 %  999 B  keyed
`);
    expect(asked.jobs).toMatchObject([{ operators: { bytes: 164, operators: [{ byKind: { keyed: 164 } }] } }]);
    expect(unasked.jobs).not.toHaveProperty('0.operators');
  });

  it('tells no operators of a job without restore point, and those of three submissions of a label', async () => {
    // Prepare
    const damaged = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(7, [job.upload(1), job.file(2)]);
      }),
    );
    const ids = ['1', '2', '3', '4'].map((digit) => digit.repeat(32));
    const labels = ids.map((jobId) => ({ jobId, job: 'orders' }));
    const several = await makeDirectory({
      ...bucketFiles((store) => {
        for (const [at, id] of ids.entries()) {
          const job = new PlayedJob(store, `flink/${id}/`);
          job.complete(1, [job.upload(at)]);
        }
      }),
      'steward.json': JSON.stringify({ area: [{ path: '.', as: 's3://bucket' }], labels }),
    });

    // Act
    const without = documentOf(await steward(damaged, ['audit', '.', ...AS, '--job', JOB, '--json']));
    const { out } = await steward(several, ['audit', '--job', 'orders']);

    // Assess
    expect(without.jobs).toMatchObject([{ newestRestorePoint: null, operators: null }]);
    expect(out.match(/State by operator/g)).toHaveLength(3);
    expect(out).toContain('… and the operators of 1 more job (see --json)\n');
  });

  it('prints one JSON document with --json', async () => {
    const cwd = await makeDirectory(smallJob());

    const ran = await steward(cwd, ['audit', '.', ...AS, '--json']);

    expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: '' });
    expect(documentOf(ran)).toMatchObject({
      area: ['.'],
      start: '2027-03-01T00:00:00.000Z',
      total: { objects: 3 },
      groups: { live: { objects: 2 }, reclaimable: { objects: 1, bytes: 100 }, undecided: { objects: 0, bytes: 0 } },
      roots: 1,
      jobs: [
        {
          label: JOB,
          job: JOB,
          directory: `s3://bucket/flink/${JOB}/`,
          checkpoints: 1,
          savepoints: 0,
          restorePoints: 1,
          newestRestorePoint: {
            path: `s3a://bucket/flink/${JOB}/chk-7`,
            checkpointId: '7',
            ageSeconds: 172_800,
            missing: 0,
          },
          damaged: [],
        },
      ],
      undecidable: [],
      findings: [],
      notes: [],
      lifecycle: null,
    });
  });

  it('ends with 1 where a job without successor has a damaged newest checkpoint', async () => {
    const cwd = await makeDirectory(damagedJob());

    const ran = await steward(cwd, ['audit', '.', ...AS]);
    const json = documentOf(await steward(cwd, ['audit', '.', ...AS, '--json']));

    expect({ status: ran.status, err: ran.err }).toEqual({ status: 1, err: '' });
    expect(unwrap(ran.out)).toContain(
      `The newest checkpoint of ${JOB}, chk-7, can't be restored: 1 file that it references is missing or of another size (the first: s3a://bucket/flink/${JOB}/shared/${uuid(2)}). The checkpoint is older than twice its timeout, so Flink no longer writes these files. The newest restore point is chk-6. To list all: steward restore-points`,
    );
    expect(json.findings).toMatchObject([{ kind: 'damaged-checkpoint' }]);
  });

  it('tells damaged submissions of one job apart', async () => {
    const cwd = await makeDirectory({
      ...bucketFiles((store) => {
        for (const job of [JOB, OTHER_JOB]) {
          const damaged = new PlayedJob(store, `flink/${job}/`);
          damaged.complete(7, [damaged.upload(1), damaged.file(2)], NOW - DAY);
        }
      }),
      'steward.json': JSON.stringify({ labels: [JOB, OTHER_JOB].map((jobId) => ({ jobId, job: 'orders' })) }),
    });

    const { out } = await steward(cwd, ['audit', '.', ...AS]);
    const text = unwrap(out);

    for (const job of [JOB, OTHER_JOB]) {
      expect(text).toContain(`chk-7 of orders (${job.slice(0, 6)}…): 1 file missing or of another size`);
      expect(text).toContain(`The newest checkpoint of orders (job ${job}), chk-7, can't be restored: 1 file`);
    }
  });

  it('ends with 0 where another job goes on from the damaged checkpoint', async () => {
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const claimed = new PlayedJob(store);
        claimed.complete(7, [claimed.upload(1), claimed.file(2)]);
        new PlayedJob(store, `flink/${OTHER_JOB}/`).complete(8, [claimed.file(1)], NOW - DAY);
      }),
    );

    const { status, out } = await steward(cwd, ['audit', '.', ...AS]);

    expect(status).toBe(0);
    expect(out).toContain('Damaged checkpoints');
    expect(out).not.toContain('Findings');
  });

  it.each([
    ['expires what a checkpoint needs', expireAfter(7), ['copy', ...AS], 1, 'lifecycle-rule'],
    ['expires what may come to lie there', expireAfter(7, 'sp/'), ['copy', ...AS], 1, 'lifecycle-rule'],
    ['leaves state alone', expireAfter(7, 'logs/'), ['copy/flink', '--as', 's3://bucket/flink'], 0, undefined],
  ])('judges a lifecycle rule that %s', async (_, rules, area, expected, kind) => {
    // Prepare
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'rules.json': rules });
    const args = ['audit', ...area, '--lifecycle', 'rules.json'];

    // Act
    const ran = await steward(cwd, args);
    const json = documentOf(await steward(cwd, [...args, '--json']));

    // Assess
    expect(ran.status).toBe(expected);
    expect(ran.out).toContain('Lifecycle rules of the bucket:');
    expect(json).toMatchObject({ findings: kind === undefined ? [] : [{ kind }] });
  });

  it('says that a declaration does not hold any more, and what times cannot be trusted', async () => {
    // Prepare
    const cwd = await makeDirectory({
      ...bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(7, [job.upload(1)], NOW - DAY / 2);
        const copied = new PlayedJob(store, `flink/${OTHER_JOB}/`);
        copied.complete(8, [copied.upload(2)], NOW - 3 * DAY);
        copied.complete(9, [copied.file(2)], NOW - 4 * DAY);
      }),
      'steward.json': JSON.stringify({ deadJobs: [JOB] }),
    });

    // Act
    const { out, err, status } = await steward(cwd, ['audit', './flink', '--as', 's3://bucket/flink']);

    // Assess
    expect(status).toBe(0);
    expect(unwrap(out)).toContain(
      `Job ${JOB} is declared dead, but its directory was written to at 2027-02-28T12:00:00.000Z`,
    );
    expect(unwrap(out)).toContain(`Job ${OTHER_JOB}: chk-9 is older than chk-8`);
    expect(err).toBe('');
  });

  it('says that restore points were not checked where files lie outside the area', async () => {
    const cwd = await makeDirectory({
      ...bucketFiles((store) => {
        const job = new PlayedJob(store);
        const shared = [
          { path: `s3://bucket/${job.upload(1)}`, bytes: 100 },
          { path: `s3://production/${uuid(3)}`, bytes: 1 },
        ];
        store.put(job.root(7), incrementalCheckpoint({ id: 7, shared }), NOW - DAY);
      }),
      'steward.json': '{"outside": ["s3://production"]}',
    });

    const { out } = await steward(cwd, ['audit', '.', ...AS]);

    expect(out).toMatch(/^9468946f\w+ .* not checked$/m);
  });

  it('takes area, labels and rules from steward.json', async () => {
    // Prepare
    const cwd = await makeDirectory({
      ...smallJob(),
      'conf/steward.json': JSON.stringify({
        area: [{ path: '../flink', as: 's3://bucket/flink' }],
        labels: [{ jobId: JOB, job: 'orders' }],
        collect: { minAge: '30m' },
      }),
    });

    // Act
    const ran = await steward(cwd, ['audit', '--config', 'conf/steward.json', '--json']);

    // Assess
    expect(documentOf(ran)).toMatchObject({ area: [join(cwd, 'flink')], jobs: [{ label: 'orders' }] });
    expect(documentOf(ran).notes).toEqual([expect.stringMatching(/^collect\.minAge is 30m/)]);
  });
});

function unwrap(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
