import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { DAY, JOB, NOW, OTHER_JOB } from '#test/support/played-job.ts';
import { DESCRIPTION, holding, type PlayedOperator, StatefulJob } from '#test/support/stateful-job.ts';
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
    { file: 1, family: 'payload', data: 60_000, properties: holding(600, 60, 100) },
    { file: 2, family: 'payload', data: 20_000, subtask: 1, properties: holding(200, 0, 100) },
    { file: 3, family: 'session', data: 9_000, properties: holding(50, 0, 20) },
    { file: 4, family: '_timer_state/event_user-timers', data: 500, properties: holding(10, 0, 0) },
  ],
};
const JOIN: PlayedOperator = { id: 'b', name: 'join', tables: [{ file: 5, family: 'left', data: 3_000 }] };

async function served() {
  const { s3 } = await serve();
  const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ area: [AREA], ledger: './ledger' }) });
  const reach = ['--endpoint', s3.url, '--region', 'us-east-1', '--path-style'];
  const place = {
    put: (key: string, content: string | Uint8Array, lastModified: number) =>
      s3.put(BUCKET, key, content, { lastModified }),
    remove: () => {},
  };
  const job = (directory?: string) =>
    new StatefulJob(place, { url: `s3://${BUCKET}`, ...(directory === undefined ? {} : { directory }) });
  const run = (args: readonly string[], columns = 80) => steward(cwd, [...args, ...reach], columns);
  return {
    s3,
    cwd,
    job,
    run,
    config: (more: object) => makeDirectory({ 'steward.json': JSON.stringify(more) }),
    reach,
  };
}

/** How many requests read state files. */
function reads(s3: EmbeddedS3): number {
  return s3.log.requests.filter(({ operation, key }) => operation === 'GetObject' && key.includes('/shared/')).length;
}

describe('steward states', () => {
  it('shows which operators and states make up a job', async () => {
    // Prepare
    const { job, run } = await served();
    job().complete(7, [DEDUPE, JOIN]);

    // Act
    const { status, out, err } = await run(['states', AREA]);

    // Assess
    expect({ status, err: err.split('\n')[2] }).toEqual({
      status: 0,
      err: 'Reading the ends of state files: 5 GET requests, under 1 cent.',
    });
    expect(out).toBe(`States of jobs in ${AREA}, as of 2027-03-01 00:00:00 UTC

${JOB}, chk-7, 2 d old: 103 kB
operator and state               size  share  entries  deleted  value
dedupe                        96.7 kB   94 %
  payload (value)             80.5 kB   78 %      800      8 %  100 B
  session (value, TTL)         9.2 kB    9 %       50        -   20 B
  (files of the database)      6.2 kB    6 %
  event_user-timers (timers)    752 B   <1 %       10        -    0 B
join                           6.3 kB    6 %
  left                         3.2 kB    3 %
  (files of the database)      3.1 kB    3 %
`);
  });

  it('shows more where there is room, and costs', async () => {
    const { job, run } = await served();
    job().complete(7, [DEDUPE]);

    const { out } = await run(['states', AREA], 130);

    expect(out).toContain('files  entries  deleted  value  compression       a month\n');
    expect(out).toContain('80.5 kB   83 %      2      800      8 %  100 B  Snappy       under 1 cent\n');
  });

  it('prints a line for each state as CSV', async () => {
    const { job, run } = await served();
    job().complete(7, [DEDUPE]);

    const { out } = await run(['states', AREA, '--format', 'csv']);

    const [head = '', ...lines] = out.trimEnd().split('\n');
    const cells = (line: string) =>
      Object.fromEntries(line.split(',').map((cell, at) => [head.split(',')[at] ?? '', cell.trim()]));
    expect(lines.map(cells).slice(0, 4)).toMatchObject([
      { label: JOB, operator: 'dedupe', kind: 'state', state: 'payload', has_ttl: 'no', files: '2', entries: '800' },
      { kind: 'state', state: 'session', has_ttl: 'yes', compression: 'Snappy' },
      { kind: 'database', state: '', has_ttl: '' },
      { kind: 'timers' },
    ]);
  });

  it('prints one JSON document whose states sum up to the operators, and those to the root', async () => {
    // Prepare
    const { job, run } = await served();
    job().complete(7, [DEDUPE, JOIN]);

    // Act
    const ran = await run(['states', AREA, '--json']);

    // Assess
    const { jobs, looked } = documentOf(ran) as {
      readonly jobs: readonly {
        readonly operators: { readonly bytes: number };
        readonly root: { readonly bytes: number };
        readonly states: readonly { readonly bytes: number; readonly state: string | null }[];
      }[];
      readonly looked: object;
    };
    const [found] = jobs;
    const sum = found?.states.reduce((all, { bytes }) => all + bytes, 0);
    expect([sum, found?.root.bytes]).toEqual([found?.operators.bytes, found?.operators.bytes]);
    expect(looked).toEqual({ files: 5, remembered: 0, requests: 5, cost: 0.000002, left: 0 });
    expect(found?.states.find(({ state }) => state === 'payload')).toMatchObject({
      operator: 'a'.repeat(32),
      kind: 'state',
      type: 'VALUE',
      hasTtl: false,
      files: 2,
      entries: 800,
      deletions: 60,
      meanValueBytes: 100,
      compression: ['Snappy'],
      oldestFile: '2027-02-26T23:59:00.000Z',
      skew: { subtask: 0, ratio: expect.closeTo(1.5, 1) },
      growthBytesPerDay: null,
    });
  });

  it('reads each file once in its life, and knows then how states grow', async () => {
    // Prepare
    const { s3, job, run } = await served();
    const its = job();
    its.complete(7, [DEDUPE], NOW - 5 * DAY);
    // Nothing is remembered before there is a ledger, which a run begins.
    await run(['plan']);

    // Act
    const first = await run(['states']);
    const readAtFirst = reads(s3);
    const more = { file: 6, family: 'payload', data: 40_000, properties: holding(100, 0, 400) };
    its.complete(8, [{ ...DEDUPE, tables: [...DEDUPE.tables, more] }], NOW - 3 * DAY);
    const second = await run(['states']);
    const third = await run(['states', '--json']);

    // Assess
    expect(first.err).toContain('Reading the ends of state files: 4 GET requests, under 1 cent.');
    expect(second.err).toContain(
      'Reading the ends of state files (of 5 state files, of which 4 are known): 1 GET request, under 1 cent.',
    );
    expect([readAtFirst, reads(s3)]).toEqual([4, 5]);
    expect(second.out).toMatch(/a day\n/);
    expect(second.out).toMatch(/payload \(value\) +121 kB .* \+20.1 kB\n/);
    expect(third.err).not.toContain('Reading the ends');
    expect(documentOf(third)).toMatchObject({ looked: { files: 5, remembered: 5, requests: 0 } });
  });

  it('sends no more requests than states.maxRequests, those of the largest files first, and goes on next time', async () => {
    // Prepare
    const { s3, job, run, cwd, config, reach } = await served();
    job().complete(7, [DEDUPE]);
    const area = { area: [AREA], ledger: `${cwd}/ledger`, states: { maxRequests: 3 } };
    const folder = await config(area);
    await run(['plan']);

    // Act
    const { out, err } = await steward(folder, ['states', ...reach], 80);
    const next = await steward(folder, ['states', ...reach], 80);

    // Assess
    expect(err).toContain(
      'Reading the ends of state files: 3 GET requests, under 1 cent. 1 more request would pass "states.maxRequests", and wait for the next look.',
    );
    expect(out).toContain('  session (value, TTL)');
    expect(out).toContain('(files not read)');
    expect(out).toContain(
      '1 state file was not read, because "states.maxRequests" is reached. The next\n    look goes on.',
    );
    expect(next.out).not.toContain('not read');
    expect(reads(s3)).toBe(4);
  });

  it('reads a description that stands in a file of its own, once for each operator', async () => {
    // Prepare
    const { s3, job, run } = await served();
    const its = job();
    const meta = { file: `s3://${BUCKET}/${its.key(90)}`, bytes: DESCRIPTION.length };
    s3.put(BUCKET, its.key(90), DESCRIPTION, { lastModified: NOW - 3 * DAY });
    its.complete(7, [{ ...DEDUPE, meta }]);

    // Act
    const { out } = await run(['states', AREA]);

    // Assess
    expect(out).toContain('  session (value, TTL)');
    expect(reads(s3)).toBe(5);
  });

  it('says what it could not read, and why', async () => {
    // Prepare
    const { s3, job, run } = await served();
    const its = job();
    const tables = [
      ...DEDUPE.tables,
      { file: 10, family: '', content: Buffer.alloc(9_000, 7) },
      { file: 11, family: 'x' },
      { file: 12, family: 'y' },
    ];
    its.complete(7, [{ ...DEDUPE, tables }]);
    const at = (file: number) => ({ operation: 'GetObject' as const, key: its.key(file) });
    s3.faults.add({ match: at(11), do: { kind: 'answer', code: 'InvalidObjectState' } });
    s3.faults.add({ match: at(12), do: { kind: 'answer', code: 'NoSuchKey' } });

    // Act
    const { status, out } = await run(['states', AREA]);

    // Assess
    expect(status).toBe(0);
    expect(out).toContain('  (files not read) ');
    expect(out).toContain('1 state file does not end as a file of RocksDB or ForSt does. To list them:\n');
    expect(out).toContain('1 state file is in an archive storage class, so nothing is known of it.');
    expect(out).toContain('1 state file has been deleted since the listing.');
  });

  it('sends nobody to "verify" for files of a checkpoint that it passes over', async () => {
    const { s3, job, run } = await served();
    const its = job();
    its.complete(7, [
      { ...DEDUPE, tables: [...DEDUPE.tables, { file: 10, family: '', content: Buffer.alloc(9_000, 7) }] },
    ]);
    s3.erase(BUCKET, its.key(1));

    const { out } = await run(['states', AREA]);

    expect(out).toContain('1 state file is not in the listing of the area.\n');
    expect(out).toContain('1 state file does not end as a file of RocksDB or ForSt does.\n');
  });

  it('counts as new what the checkpoint before does not have', async () => {
    // Prepare
    const { job, run } = await served();
    const its = job();
    its.complete(6, [DEDUPE], NOW - 3 * DAY);
    its.complete(7, [DEDUPE, JOIN]);

    // Act
    const { jobs } = documentOf(await run(['states', AREA, '--json']));
    const audited = await run(['audit', AREA, '--job', JOB.slice(0, 8)]);

    // Assess
    expect(jobs).toMatchObject([
      {
        operators: {
          newSince: 'chk-6',
          operators: [
            { name: 'dedupe', newBytes: 2 * DESCRIPTION.length },
            { name: 'join', bytes: 6_267, newBytes: 6_267 },
          ],
        },
      },
    ]);
    expect(audited.out).toContain(' of it new since chk-6\n');
  });

  it('takes the count of Flink where the checkpoint before cannot be read any more', async () => {
    const { s3, job, run } = await served();
    const its = job();
    const before = its.complete(6, [DEDUPE], NOW - 3 * DAY);
    its.complete(7, [DEDUPE, JOIN]);
    const again = { operation: 'GetObject' as const, key: before, nth: (nth: number) => nth > 1 };
    s3.faults.add({ match: again, do: { kind: 'answer', code: 'NoSuchKey' } });

    const { out } = await run(['audit', AREA, '--job', JOB.slice(0, 8)]);

    expect(out).toContain(' of it new in this checkpoint, as Flink counts\n');
  });

  it('tells what makes a state large, and ends with status 1', async () => {
    // Prepare
    const cwd = await makeDirectory({});
    const put = (key: string, content: string | Uint8Array, modified: number): void => {
      const file = join(cwd, 'bucket', key);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      utimesSync(file, modified / 1_000, modified / 1_000);
    };
    const job = new StatefulJob({ put, remove: () => {} });
    const halves = (file: number) =>
      [file, file + 1].map((half) => ({
        file: half,
        family: 'payload',
        data: 35_000_000,
        properties: holding(9, 0, 9),
      }));
    const small = Array.from({ length: 1_000 }, (_, at) => ({ file: 100 + at, family: 'left', data: 10 }));
    job.complete(6, [{ ...DEDUPE, tables: halves(1) }], NOW - 3 * DAY);
    job.complete(7, [
      { ...DEDUPE, tables: halves(3) },
      { ...JOIN, tables: small },
    ]);

    // Act
    const args = ['states', 'bucket', '--as', 's3://bucket'];
    const { status, out } = await steward(cwd, args, 100);
    const { jobs } = documentOf(await steward(cwd, [...args, '--json']));

    // Assess
    expect(status).toBe(1);
    expect(out).toContain(`
Findings:
  - State payload of dedupe was rewritten as a whole since chk-6: each of its 2 files (70.0 MB) is`);
    expect(jobs).toMatchObject([{ findings: [{ kind: 'rewritten', state: 'payload' }, { kind: 'small-files' }] }]);
  });

  it('says so where nothing could be remembered', async () => {
    // Prepare
    const { s3, job, config, reach } = await served();
    s3.createBucket('ledger');
    job().complete(7, [DEDUPE]);
    const cwd = await config({ area: [AREA], ledger: 's3://ledger/flink' });
    await steward(cwd, ['plan', ...reach], 80);
    s3.faults.add({ match: { operation: 'PutObject', key: /states/ }, do: { kind: 'answer', code: 'AccessDenied' } });

    // Act
    const { status, out, err } = await steward(cwd, ['states', ...reach], 80);

    // Assess
    expect(status).toBe(0);
    expect(out).toContain('payload (value)');
    expect(err).toContain('What was read of state files could not be remembered in the ledger');
  });

  it('ends with status 3 where state files may not be read at all', async () => {
    const { s3, job, run } = await served();
    job().complete(7, [DEDUPE]);
    s3.faults.add({
      match: { operation: 'GetObject', key: /shared/ },
      do: { kind: 'answer', code: 'AccessDenied', status: 403 },
    });

    const { status, err } = await run(['states', AREA]);

    expect(status).toBe(3);
    expect(err).toContain('s3:GetObject');
  });

  it('shows one job by its name, and refuses one that is not there', async () => {
    const { job, run } = await served();
    job().complete(7, [DEDUPE]);
    job(`flink/${OTHER_JOB}/`).complete(3, [JOIN]);

    const { out } = await run(['states', AREA, '--job', OTHER_JOB.slice(0, 6)]);
    const refused = await run(['states', AREA, '--job', 'nobody']);

    expect(out).not.toContain(JOB);
    expect(out).toContain(`${OTHER_JOB}, chk-3`);
    expect(refused).toMatchObject({ status: 2, err: expect.stringContaining('No job in the area is called nobody.') });
  });

  it('says so where there is no checkpoint, or none could be read', async () => {
    const { s3, run } = await served();
    s3.put(BUCKET, `flink/${JOB}/chk-7/_metadata`, 'no metadata', { lastModified: NOW - DAY });

    const { out } = await run(['states', AREA]);

    expect(out).toContain(`${JOB}: no checkpoint or savepoint of it could be\nread.`);
  });
});
