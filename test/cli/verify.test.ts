import { describe, expect, it } from 'vitest';
import type { VerifyReport } from '#steward/verify.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { writeMetadata } from '#test/support/metadata-writer.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { sst } from '#test/support/sst-writer.ts';
import { type PlayedOperator, StatefulJob } from '#test/support/stateful-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { useCredentials } from './rules-bucket.ts';
import { documentOf, steward } from './steward.ts';

const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();
useMachineClock(NOW);
useCredentials();

const AREA = `s3://${BUCKET}/flink`;
const DEDUPE: PlayedOperator = {
  id: 'a',
  name: 'dedupe',
  tables: [
    { file: 1, family: 'payload' },
    { file: 2, family: 'payload', subtask: 1 },
    { file: 3, family: 'payload' },
  ],
};
const MORE: PlayedOperator = { ...DEDUPE, tables: [...DEDUPE.tables, { file: 4, family: 'payload' }] };

async function served(more: object = {}) {
  const { s3 } = await serve();
  const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ area: [AREA], ledger: './ledger', ...more }) });
  const reach = ['--endpoint', s3.url, '--region', 'us-east-1', '--path-style'];
  const put = (key: string, content: string | Uint8Array, lastModified: number) =>
    s3.put(BUCKET, key, content, { lastModified });
  const job = new StatefulJob({ put, remove: () => {} }, { url: `s3://${BUCKET}` });
  job.complete(6, [DEDUPE], NOW - 3 * DAY);
  job.complete(7, [MORE]);
  const run = (args: readonly string[]) => steward(cwd, [...args, ...reach], 100);
  /** As somebody overwrites it who knows its size. */
  const overwrite = (file: number) => {
    const { length } = sst({ properties: { 'column.family.name': 'payload', compression: 'Snappy' }, data: 1_000 });
    put(job.key(file), Buffer.alloc(length, 'x'), NOW - 2 * DAY);
  };
  return { s3, job, put, run, overwrite };
}

function reads(s3: EmbeddedS3): number {
  return s3.log.requests.filter(({ operation, key }) => operation === 'GetObject' && key.includes('/shared/')).length;
}

describe('steward verify', () => {
  it('says that the state files of each restore point are whole', async () => {
    const { run } = await served();

    const { status, out, err } = await run(['verify', AREA]);

    expect(status).toBe(0);
    expect(err).toContain('Reading the ends of state files: 4 GET requests, under 1 cent.');
    expect(out).toBe(`Files of restore points in ${AREA}, as of 2027-03-01 00:00:00 UTC

${JOB}: 2 restore points,
the ends of all 4 state files are intact (contents were not read)
`);
  });

  it('names a file that was overwritten although its size is right, with the restore points that need it', async () => {
    // Prepare
    const { job, run, overwrite } = await served();
    overwrite(2);

    // Act
    const { status, out } = await run(['verify', AREA]);
    const found = documentOf(await run(['verify', AREA, '--json']));

    // Assess
    expect(status).toBe(1);
    expect(out).toContain(`${JOB}: 2 restore points, 1 broken state file
  - s3://${BUCKET}/${job.key(2)}
`);
    expect(found).toMatchObject({
      looked: { files: 4, remembered: 0, requests: 4, left: 0 },
      jobs: [
        {
          restorePoints: [
            { path: `s3://${BUCKET}/flink/${JOB}/chk-7`, stateFiles: 4, looked: 4, broken: 1 },
            { path: `s3://${BUCKET}/flink/${JOB}/chk-6`, stateFiles: 3, looked: 3, broken: 1 },
          ],
          broken: [
            {
              url: `s3://${BUCKET}/${job.key(2)}`,
              problem: 'not-a-table',
              sentence: `s3://${BUCKET}/${job.key(2)} does not end as a file of RocksDB or ForSt does: it was cut or overwritten. Flink can't restore from chk-7, chk-6.`,
            },
          ],
          unread: [],
        },
      ],
    });
  });

  it('names a file whose end is not that of its beginning, and one that vanished or changed meanwhile', async () => {
    // Prepare
    const { s3, job, put, run, overwrite } = await served();
    const whole = sst({ properties: { 'column.family.name': 'payload', compression: 'Snappy' }, data: 1_000 });
    put(job.key(1), Buffer.concat([Buffer.alloc(whole.length - 53), whole.subarray(-53)]), NOW - DAY);
    const at = (file: number) => ({ operation: 'GetObject' as const, key: job.key(file) });
    s3.faults.add({ match: at(2), do: { kind: 'answer', code: 'NoSuchKey' } });
    s3.faults.add({ match: at(3), do: { kind: 'run', callback: () => overwrite(3) } });

    // Act
    const { jobs } = documentOf(await run(['verify', AREA, '--json'])) as unknown as VerifyReport;

    // Assess
    const restoring = "Flink can't restore from chk-7, chk-6.";
    const url = (file: number) => `s3://${BUCKET}/${job.key(file)}`;
    expect(jobs[0]?.broken.map(({ problem, sentence }) => [problem, sentence]).sort()).toEqual([
      ['gone', `${url(2)} was deleted since the listing. ${restoring}`],
      ['overwritten', `${url(3)} was overwritten since the listing. ${restoring}`],
      ['torn', `${url(1)} is torn: the directory of its blocks is none. ${restoring}`],
    ]);
  });

  it('asks nothing of a checkpoint that Flink subsumes meanwhile', async () => {
    // Prepare
    const { s3, job, run } = await served();
    const subsume = () => s3.erase(BUCKET, job.key(1), `flink/${JOB}/chk-6/_metadata`, `flink/${JOB}/chk-7/_metadata`);
    s3.faults.add({ match: { operation: 'GetObject', key: job.key(1) }, do: { kind: 'run', callback: subsume } });

    // Act
    const { status, out } = await run(['verify', AREA]);

    // Assess
    expect(status).toBe(0);
    expect(out).toContain(`${JOB}: no restore point`);
  });

  it('reads nothing again that it or "states" has read before, and looks again at what is broken', async () => {
    // Prepare
    const { s3, run, overwrite } = await served();
    overwrite(4);
    await run(['plan']);

    // Act
    await run(['states']);
    const afterStates = reads(s3);
    const first = await run(['verify']);
    const second = await run(['verify']);

    // Assess
    expect([afterStates, reads(s3)]).toEqual([4, 6]);
    expect([first.status, second.status]).toEqual([1, 1]);
    expect(second.err).toContain('(of 4 state files, of which 3 are known): 1 GET request');
  });

  it('is remembered by "restore-points --verified"', async () => {
    // Prepare
    const { s3, run } = await served();
    await run(['plan']);

    // Act
    const before = await run(['restore-points', '--verified']);
    await run(['verify']);
    const readBefore = reads(s3);
    const after = await run(['restore-points', '--verified']);
    const found = documentOf(await run(['restore-points', '--verified', '--json']));
    const unasked = documentOf(await run(['restore-points', '--json']));

    // Assess
    expect(before.out).toContain('  None of its 4 state files was looked at. To look at them:\n');
    expect(before.out).toContain(`steward verify --endpoint ${s3.url}`);
    expect(after.out).toContain('  The end of each of its 4 state files was looked at, and is intact.\n');
    expect(found).toMatchObject({ jobs: [{ newest: { verified: { stateFiles: 4, looked: 4 } } }] });
    expect(unasked.jobs).not.toHaveProperty('0.newest.verified');
    expect(reads(s3)).toBe(readBefore);
  });

  it('is told of single files, of none, and of jobs without restore point', async () => {
    // Prepare
    const { put, run } = await served();
    const single = new StatefulJob(
      { put, remove: () => {} },
      { directory: `flink/${OTHER_JOB}/`, url: `s3://${BUCKET}` },
    );
    single.complete(2, [{ ...DEDUPE, tables: [{ file: 50, family: 'payload' }] }]);
    const heap = { managedKeyed: { tag: 12, of: { inline: 9 } }, index: 0 } as const;
    const root = writeMetadata({ version: 4, operators: [{ id: 'c'.repeat(32), subtasks: [heap] }] });
    put(`flink/${'c'.repeat(32)}/chk-4/_metadata`, root, NOW - DAY);
    const plain = new PlayedJob({ put, remove: () => {} }, `flink/${'d'.repeat(32)}/`, `s3://${BUCKET}`);
    plain.complete(3, [`flink/${'d'.repeat(32)}/shared/missing`]);
    await run(['plan']);
    await run(['verify', '--job', OTHER_JOB]);

    // Act
    const { out } = await run(['restore-points', '--verified']);
    const withoutLedger = await run(['restore-points', '--verified', AREA]);

    // Assess
    expect(out).toContain('  The end of its state file was looked at, and is intact.\n');
    expect(out).toContain('  It has no state files of RocksDB or ForSt that could be looked at.\n');
    expect(withoutLedger.out).toContain('  None of its 1 state file was looked at.');
  });

  it('ends with status 3 where a file could not be read, or the limit is reached', async () => {
    // Prepare
    const { s3, job, run } = await served({ states: { maxRequests: 3 } });
    s3.faults.add({
      match: { operation: 'GetObject', key: job.key(1) },
      do: { kind: 'answer', code: 'InvalidObjectState' },
    });

    // Act
    const { status, out } = await run(['verify']);

    // Assess
    expect(status).toBe(3);
    expect(out).toContain('2 restore points,\nthe ends of 2 of 4 state files are intact; the others were not read\n');
    expect(out).toContain('could not be read: it is in an archive storage class.');
    expect(out).toContain('1 state file was not read, because "states.maxRequests" is reached.');
  });

  it('names checkpoints that lack a file, or have one of another size, and ends with status 1', async () => {
    // Prepare
    const { s3, job, put, run } = await served();
    s3.erase(BUCKET, job.key(4));
    put(job.key(1), 'cut', NOW - 3 * DAY);

    // Act
    const { status, out } = await run(['verify', AREA]);
    const { jobs } = documentOf(await run(['verify', AREA, '--json'])) as unknown as VerifyReport;

    // Assess
    const path = (checkpoint: number) => `s3://${BUCKET}/flink/${JOB}/chk-${checkpoint}`;
    expect(status).toBe(1);
    expect(out).toContain(
      `${JOB}: no restore point\n  - chk-7 is damaged: 2 files of it are missing or of another size.`,
    );
    expect(jobs[0]?.damaged).toMatchObject([
      { path: path(7), missing: 2, firstMissing: `s3://${BUCKET}/${job.key(1)}`, isFinding: true },
      { path: path(6), missing: 1, isFinding: true },
    ]);
  });

  it('names five damaged checkpoints of a job, and says how many more there are', async () => {
    const { s3, job, run } = await served();
    for (const checkpoint of [8, 9, 10, 11, 12]) job.complete(checkpoint, [MORE], NOW - 2 * DAY + checkpoint);
    s3.erase(BUCKET, job.key(1));

    const { out } = await run(['verify', AREA]);

    expect(out).toContain('chk-8 is damaged');
    expect(out).not.toContain('chk-7 is damaged');
    expect(out).toContain('… and 2 more damaged checkpoints or savepoints (see --json)\n');
  });

  it('looks over what Flink leaves of a job that continues elsewhere', async () => {
    // Prepare
    const { s3, put, run } = await served();
    const successor = new StatefulJob(
      { put, remove: () => {} },
      { directory: `flink/${OTHER_JOB}/`, url: `s3://${BUCKET}` },
    );
    const claimed: PlayedOperator = { ...DEDUPE, tables: [{ file: 1, family: 'payload', of: `flink/${JOB}/` }] };
    successor.complete(8, [claimed], NOW - DAY);
    s3.erase(BUCKET, `flink/${JOB}/shared/${uuid(4)}`);

    // Act
    const { status, out } = await run(['verify', AREA]);

    // Assess
    expect(out).toContain('chk-7 is damaged, but its job continues elsewhere');
    expect(status).toBe(0);
  });

  it('says of a bucket that its checkpoints call by another name what to declare, with status 3', async () => {
    // Prepare
    const { put, run } = await served();
    const elsewhere = new StatefulJob(
      { put, remove: () => {} },
      { directory: `flink/${OTHER_JOB}/`, url: 's3://prod' },
    );
    elsewhere.complete(3, [DEDUPE]);

    // Act
    const { status, out } = await run(['verify', AREA]);
    const states = await run(['states', AREA, '--job', OTHER_JOB]);

    // Assess
    expect([status, states.status]).toEqual([3, 3]);
    expect(out).toContain(`${OTHER_JOB}:\nnot checked: 1 checkpoint or savepoint references files outside the area.\n`);
    expect(out.replaceAll(/\n\s+/g, ' ')).toContain(`write "copies": {"s3://prod": "s3://${BUCKET}"}`);
    expect(states.out.replaceAll(/\n\s+/g, ' ')).toContain(
      '3 state files are not in the listing of the area. One that the checkpoint references outside the area: s3://prod/',
    );
    expect(states.out).toContain('undecidable');
  });

  it('says that nothing is remembered without a ledger, or before there is one', async () => {
    const { run } = await served();

    const without = await run(['verify', AREA]);
    const before = await run(['states']);
    await run(['plan']);
    const after = await run(['states']);

    expect(without.err).toContain('There is no ledger, so what is read of state files is not remembered');
    expect(before.err).toContain('does not exist yet, so what is read of state files is not remembered');
    expect(after.err).not.toContain('not remembered');
  });

  it('says so of a job without restore point, and of one without files of a database', async () => {
    // Prepare
    const { put, run } = await served();
    const plain = new PlayedJob({ put, remove: () => {} }, `flink/${OTHER_JOB}/`, `s3://${BUCKET}`);
    plain.complete(3, [`flink/${OTHER_JOB}/shared/missing`]);
    const heap = { managedKeyed: { tag: 12, of: { inline: 9 } }, index: 0 } as const;
    const root = writeMetadata({ version: 4, operators: [{ id: 'c'.repeat(32), subtasks: [heap] }] });
    put(`flink/${'c'.repeat(32)}/chk-4/_metadata`, root, NOW - DAY);

    // Act
    const { out } = await run(['verify', AREA]);

    // Assess
    expect(out).toContain(`${OTHER_JOB}: no restore point`);
    expect(out).toContain(': 1 restore point,\nno state files of RocksDB or ForSt, so only sizes are known\n');
  });
});
