import { describe, expect, it } from 'vitest';
import type { VerifyReport } from '#steward/verify.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { writeMetadata } from '#test/support/metadata-writer.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
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

${JOB}: 2 restore points, all 4 state files are whole
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
    expect(before.out).toContain('  Of its 4 state files, 0 were looked at, and are whole. To look at the others:\n');
    expect(before.out).toContain(`steward verify --endpoint ${s3.url}`);
    expect(after.out).toContain('  Each of its 4 state files was looked at, and is whole.\n');
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
    expect(out).toContain('  Its state file was looked at, and is whole.\n');
    expect(out).toContain('  It has no state files of RocksDB or ForSt that could be looked at.\n');
    expect(withoutLedger.out).toContain('  Of its 1 state file, 0 were looked at');
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
    expect(out).toContain('2 restore points, 2 of 4 state files looked at, and whole');
    expect(out).toContain('could not be read: it is in an archive storage class.');
    expect(out).toContain('1 state file was not read, because "states.maxRequests" is reached.');
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
