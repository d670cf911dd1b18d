import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { printStatus } from '#cli/print/status.ts';
import { leaseOf } from '#operations/ledger/lease.ts';
import { EMPTY_RUN, type RunRecord } from '#operations/ledger/run-records.ts';
import type { StatusReport } from '#steward/status.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { JOB, NOW, OTHER_JOB } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, runOf, serveQuarantine, settled, twoJobs } from './acting.ts';
import { useCredentials } from './rules-bucket.ts';
import { documentOf, runCaptured, steward } from './steward.ts';

useCredentials();
const makeDirectory = useTempDirectories();
const PIN = `s3://bucket/flink/${JOB}/chk-7/_metadata`;
/** With what stands behind the name of a row in one line. */
const unwrapped = (text: string): string => text.replaceAll(/\n {15}/g, ' ');
const CONFIG = JSON.stringify({ labels: [{ jobId: OTHER_JOB, job: 'customers' }] });

async function area(): Promise<string> {
  return await makeDirectory({ ...twoJobs(), 'steward.json': CONFIG });
}

describe('steward status', () => {
  it('says of an area without a ledger that nothing is in force, and how to begin', async () => {
    const cwd = await area();

    const { status, out, err } = await steward(cwd, ['status', ...AREA]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(settled(out, cwd)).toBe(
      `Status of bucket

ledger         CWD/.steward, which does not exist yet
pause          none
in progress    no run
last deletion  none
quarantine     not known: no run has judged the area yet
retired        nothing
pinned         nothing
declared dead  nothing

No run has used this ledger yet. To start with one that deletes nothing:
  steward plan bucket --as s3://bucket
`,
    );
    expect(documentOf(await steward(cwd, ['status', ...AREA, '--json']))).toMatchObject({ exists: false, runs: [] });
  });

  it('shows pause, pins, declarations, quarantine and the last runs', async () => {
    // Prepare
    const cwd = await area();
    await serveQuarantine(cwd);
    let minutes = 0;
    const ask = async (command: string, ...words: readonly string[]) => {
      const now = NOW + ++minutes * 60_000;
      return await runCaptured([command, ...AREA, ...words], { cwd, clock: () => now, columns: 120 });
    };
    const run = runOf(await ask('collect', '--now', at(1), '--execute', '--json'));
    await runCaptured(['declare-dead', 'customers', ...AREA, '--execute'], { cwd, clock: () => NOW, columns: 120 });
    await ask('plan', '--now', at(2));
    await runCaptured(['pin', 'chk-7', ...AREA, '--why', 'audit of 2027'], { cwd, clock: () => NOW, columns: 120 });
    await ask('pause', '--why', 'an alarm');

    // Act
    const { status, out } = await ask('status');
    const document = documentOf(await ask('status', '--json'));

    // Assess
    expect(status).toBe(0);
    const told = unwrapped(settled(out, cwd));
    expect(told.split('\n')).toEqual(
      expect.arrayContaining([
        'ledger         CWD/.steward',
        'pause          Deleting has been paused since 2027-03-01T00:03:00.000Z by ops@host (an alarm).',
        'last deletion  2027-03-01 00:01:00 UTC: 2 objects (200 B) deleted by collect, run RUN',
        'quarantine     empty (as of 2027-03-01 00:02:00 UTC)',
        `pinned         ${PIN}, since 2027-03-01 00:00:00 UTC (audit of 2027)`,
        `declared dead  job ${OTHER_JOB} (customers), since 2027-03-01 00:00:00 UTC. By the last survey, it had completed no checkpoint since`,
        'To allow deleting again:',
      ]),
    );
    expect(out).toMatch(/\nLast runs\n\nrun +command +result .* began \(UTC\)\n/);
    expect(document).toMatchObject({
      exists: true,
      markers: [],
      inProgress: null,
      paused: { by: 'ops@host', why: 'an alarm' },
      deadJobs: [{ job: OTHER_JOB, label: 'customers', lapsed: false }],
      quarantine: { objects: 0, bytes: 0, firstEnds: null },
      lastDeleting: { run, deleted: { objects: 2 } },
      runs: [{}, {}, {}],
    });
  });

  it('says when the first object in quarantine may go, and what it was that an earlier version did not record', async () => {
    const cwd = await area();
    await serveQuarantine(cwd);

    const { out } = await steward(cwd, ['status', ...AREA], 120);
    const { quarantine } = documentOf(await steward(cwd, ['status', ...AREA, '--json']));

    expect(quarantine).toMatchObject({ objects: 2, bytes: 200, firstEnds: '2027-03-01T20:00:00.000Z' });
    expect(out).toContain(
      'quarantine     2 objects, 200 B; the first may go from 2027-03-01 20:00:00 UTC (as of 2027-03-01 00:00:00 UTC)\n',
    );
    expect(out).toContain('To see what a run would delete now, and why:\n  steward plan');
  });

  it('names the run that is in progress, until its lease has ended', async () => {
    const cwd = await area();
    await serveQuarantine(cwd);
    const lease = leaseOf(new LedgerFolder(join(cwd, '.steward')));
    const known = await lease.read();
    const held = {
      run: 'r1',
      command: 'steward collect',
      holder: { host: 'elsewhere', process: null },
      expires: new Date(NOW + 60_000).toISOString(),
      fence: 9,
    };
    await lease.write(held, known?.tag ?? null);

    const { out } = await steward(cwd, ['status', ...AREA]);

    expect(out).toContain('in progress    collect, run r1, on elsewhere\n');
  });

  it('says which ledger is responsible, if it is another one', async () => {
    const cwd = await area();
    await serveQuarantine(cwd);
    await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute']);

    const { status, out } = await steward(cwd, ['status', ...AREA, '--ledger', 'other'], 200);

    expect(status).toBe(0);
    expect(settled(out, cwd)).toMatch(
      /\nledger +CWD\/other, which does not exist yet\n +Another ledger, CWD\/\.steward, has been responsible for bucket since\s+2027-03-01/,
    );
  });

  it('shows declared roots, and a job of the configuration that has written since', async () => {
    const cwd = await makeDirectory({
      ...twoJobs(),
      'bucket/flink/bad/_metadata': 'no metadata',
      'steward.json': JSON.stringify({ deadJobs: [JOB] }),
    });
    await steward(cwd, ['collect', ...AREA]);
    const { err } = await steward(cwd, ['declare-dead', '--root', 'flink/bad', ...AREA]);
    const etag = /The ETag is (\S+) now/.exec(err)?.[1] ?? '';
    await steward(cwd, ['declare-dead', '--root', 'flink/bad', '--etag', etag, ...AREA, '--execute']);

    const { out } = await steward(cwd, ['status', ...AREA], 200);

    expect(out).toMatch(new RegExp(`\\ndeclared dead +job ${JOB}, since .* UTC, in the configuration`));
    expect(unwrapped(out)).toContain(' s3://bucket/flink/bad/_metadata, since 2027-03-01 00:00:00 UTC\n');
  });
});

describe('The words of a status', () => {
  const at = '2027-03-01T00:00:00.000Z';
  const io = { cwd: '/', clock: () => 0, columns: 200, colors: pc.createColors(false), out: () => {}, err: () => {} };
  const record = { ...EMPTY_RUN, run: 'r1', command: 'retire', began: at, ended: at, area: [], executed: true };
  const run: RunRecord = { ...record, result: 'done', why: null, retired: 3 };
  const status: StatusReport = {
    area: ['s3://bucket'],
    ledger: 's3://ledger',
    exists: true,
    markers: [],
    inProgress: null,
    paused: null,
    pins: [],
    deadJobs: [{ job: JOB, at, by: 'declared', label: JOB, lapsed: true }],
    deadRoots: [],
    retired: 3,
    quarantine: { run: 'r1', asOf: at, objects: 1, bytes: 10, firstEnds: null },
    runs: [],
    lastDeleting: run,
  };

  it('tell what was retired, what has lapsed, and no time that is not recorded', () => {
    expect(printStatus(status, { places: [], options: {} }, io)).toBe(`Status of s3://bucket

ledger         s3://ledger
pause          none
in progress    no run
last deletion  2027-03-01 00:00:00 UTC: 3 checkpoints and savepoints retired by retire, run r1
quarantine     1 object, 10 B (as of 2027-03-01 00:00:00 UTC)
retired        3 checkpoints and savepoints, which "undo" may put back
pinned         nothing
declared dead  job ${JOB}, since 2027-03-01 00:00:00 UTC. The declaration has lapsed: the job
               has completed a checkpoint since

To list what it deleted, and why:
  steward history --run r1
`);
  });
});

describe('steward status of a bucket', () => {
  const serve = useEmbeddedS3();

  it('points to the ledger that a marker names, where none was given', async () => {
    const cwd = await makeDirectory({ other: '' });
    const { s3, client } = await serve();
    const options = ['--endpoint', s3.url, '--region', 'us-east-1', '--path-style'];
    const none = await steward(cwd, ['status', `s3://${BUCKET}`, ...options]);
    const marker = { steward: 1, ledger: 'id', place: 's3://ledgers/flink', since: '2027-02-01T00:00:00.000Z' };
    const Body = JSON.stringify(marker);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: '.flink-steward.json', Body }));

    const { status, err } = await steward(cwd, ['status', `s3://${BUCKET}`, ...options]);

    expect(none.err).toContain('For a bucket this command needs a ledger');
    expect(status).toBe(2);
    expect(err).toContain(
      `No ledger was given. The marker of the area names the ledger s3://ledgers/flink. To see what is in force by it: steward status s3://${BUCKET} --ledger s3://ledgers/flink`,
    );
  });
});
