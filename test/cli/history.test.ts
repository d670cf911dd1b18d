import { join } from 'node:path';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { printHistory } from '#cli/print/history.ts';
import { EMPTY_RUN } from '#operations/ledger/run-records.ts';
import { EMPTY_STATE } from '#operations/ledger/state.ts';
import { JOB, NOW, OTHER_JOB, uuid } from '#test/support/played-job.ts';
import { useTempDirectories, writeTree } from '#test/support/temp-directory.ts';
import { AREA, at, filesBelow, runOf, serveQuarantine, settled, twoJobs } from './acting.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const GONE = `flink/${JOB}/shared/${uuid(11)}`;

/** A folder in which a run has deleted two objects and retired a root. */
async function swept(): Promise<{ readonly cwd: string; readonly run: string }> {
  const cwd = await makeDirectory({
    ...twoJobs(),
    'steward.json': '{"retain": [{"path": "**", "endedJobs": {"keepLast": 1}}]}',
  });
  await serveQuarantine(cwd);
  return { cwd, run: runOf(await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute', '--json'])) };
}

describe('steward history', () => {
  it('shows the runs, the newest first, and what holds now', async () => {
    const { cwd } = await swept();

    const { status, out, err } = await steward(cwd, ['history', ...AREA]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/ collect +done .* 2 \(200 B\) +1 +2027-03-01 00:00\n/);
    expect(settled(out, cwd)).toMatch(/\nRUN +collect +observed +.* 200 B +– +– +2027-03-01 00:00\n/);
    expect(settled(out, cwd)).toContain('\n1 retired checkpoint or savepoint in the ledger.\n');
    expect(settled(out, cwd)).toMatch(
      /\nTo list what the newest run that deleted something deleted, and why:\n {2}steward history bucket --as s3:\/\/bucket --run RUN\n$/,
    );
  });

  it('points to the newest run that deleted, whatever ran after it, and takes the beginning of its name', async () => {
    // Prepare
    const { cwd, run } = await swept();
    await steward(cwd, ['pause', ...AREA]);
    await steward(cwd, ['plan', ...AREA, '--now', at(2)]);
    const tail = run.slice(run.lastIndexOf('-') + 1);

    // Act
    const { out } = await steward(cwd, ['history', ...AREA]);
    const newest = await steward(cwd, ['history', ...AREA, '--limit', '1']);
    const whole = documentOf(await steward(cwd, ['history', ...AREA, '--run', run, '--json']));
    const byTail = documentOf(await steward(cwd, ['history', ...AREA, '--run', tail, '--json']));
    const several = await steward(cwd, ['history', ...AREA, '--run', run.slice(0, 4)]);
    const short = await steward(cwd, ['history', ...AREA, '--run', run.slice(0, 3)]);
    const undone = await steward(cwd, ['undo', tail, ...AREA]);

    // Assess
    const hint = `--run ${run}\n`;
    expect([out.endsWith(hint), newest.out.endsWith(hint)]).toEqual([true, true]);
    expect(out).toContain('\nObserved: the run was a dry run, a plan or a survey.\n');
    expect(out).toMatch(/ plan +stopped by a pause /);
    expect(byTail).toEqual(whole);
    expect([several.status, short.status]).toEqual([2, 2]);
    expect(several.err.replace(/\s+/g, ' ')).toContain(
      `${run.slice(0, 4)}: the names of 3 runs begin like this. Nothing was changed. Give more characters of one name: `,
    );
    expect(short.err).toContain('contains no run of that name');
    expect(undone.out).toContain(`undo ${run} `);
  });

  it('has whole commands in the sentences of a table too', async () => {
    const { cwd } = await swept();
    await steward(cwd, ['pause', ...AREA]);
    await steward(cwd, ['collect', ...AREA, '--now', at(2), '--execute']);

    const { out } = await steward(cwd, ['history', ...AREA, '--format', 'csv']);

    expect(out).toContain('To resume: steward resume bucket --as s3://bucket --execute,');
  });

  it('offers no undo of a run that has changed nothing', async () => {
    const { cwd, run } = await swept();
    await steward(cwd, ['plan', ...AREA, '--now', at(2)]);
    const listed = await steward(cwd, ['history', ...AREA]);
    const [, plan = ''] = /^(\S+) +plan /m.exec(listed.out) ?? [];

    const planned = await steward(cwd, ['history', ...AREA, '--run', plan]);
    const deleted = await steward(cwd, ['history', ...AREA, '--run', run]);

    expect(planned.out).toBe(`Run ${plan}\nplan: observed\n\nIt deleted nothing.\n`);
    expect(deleted.out).toContain('To see what can be put back:');
  });

  it('says of a run that it stopped because the store refused all', () => {
    const io = { cwd: '/', clock: () => 0, columns: 120, colors: pc.createColors(false), out: () => {}, err: () => {} };
    const at = '2027-03-01T00:00:00.000Z';
    const stopped = { run: 'one', command: 'collect', began: at, ended: at, area: [] as string[], executed: true };
    const runs = [
      { ...EMPTY_RUN, ...stopped, result: 'stopped', refused: 3, why: '3 objects were not deleted.' },
    ] as const;

    const history = { ledger: 'ledger', runs, newestDeleting: null, state: EMPTY_STATE, jobs: [] };
    const printed = printHistory(history, { places: [], options: {} }, io);

    expect(printed).toMatch(/\none +collect +stopped: the store refused/);
  });

  it('shows the runs since a time, or of the last days, and all of them', async () => {
    // Prepare
    const ledger = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString();
    const run = (hours: number) => `${ledger(hours).replace(/[-:.]/g, '')}-0000${hours}`;
    const record = (hours: number) => ({
      ...EMPTY_RUN,
      run: run(hours),
      command: 'collect',
      began: ledger(hours),
      ended: ledger(hours),
      area: [],
      executed: true,
      result: 'nothing-to-do',
      why: null,
    });
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['pin', 'chk-7', ...AREA]);
    const files = [1, 2, 30, 50].map((hours) => [`runs/${run(hours)}/summary.json`, JSON.stringify(record(hours))]);
    await writeTree(join(cwd, '.steward'), Object.fromEntries(files));
    const shown = async (...words: string[]) =>
      (documentOf(await steward(cwd, ['history', ...AREA, '--json', ...words])).runs as { run: string }[]).map(
        (one) => one.run,
      );

    // Act, Assess
    expect(await shown()).toEqual([1, 2, 30, 50].map(run));
    expect(await shown('--since', '36h')).toEqual([1, 2, 30].map(run));
    expect(await shown('--since', '1d', '--limit', '1')).toEqual([run(1)]);
    expect(await shown('--since', ledger(30))).toEqual([1, 2, 30].map(run));
    expect(await shown('--since', '2027-03-02')).toEqual([]);
    const wrong = await steward(cwd, ['history', ...AREA, '--since', 'yesterday']);
    expect(wrong.err).toContain('Write a time as 2027-03-01T00:00:00Z, or how long ago as 7d, 24h or 30m.');
    const beside = await steward(cwd, ['history', ...AREA, '--since', '7d', '--run', run(1)]);
    expect({ status: beside.status, err: beside.err }).toEqual({
      status: 2,
      err: "--since selects runs, so it can't be used with --run.\n",
    });
  });

  it('says of an area without a run since then that there is none', async () => {
    const { cwd } = await swept();

    const { out } = await steward(cwd, ['history', ...AREA, '--since', '2027-03-02']);

    expect(out).toContain('\nNone since 2027-03-02 00:00:00 UTC.\n');
  });

  it('says by which breaker a run was stopped', async () => {
    const cwd = await makeDirectory({ ...twoJobs(), 'steward.json': '{"collect": {"maxDeleteFraction": 0.01}}' });
    await serveQuarantine(cwd);
    await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute']);

    const { out } = await steward(cwd, ['history', ...AREA], 120);

    expect(settled(out, cwd)).toMatch(/\nRUN +collect +stopped by too-much +/);
    expect(out).toContain('No run has deleted or retired anything yet. To show one run:');
  });

  it.each([
    [120, ['run', 'command', 'result', 'size', 'quarantine', 'deleted', 'retired', 'began (UTC)']],
    [80, ['run', 'command', 'result', 'quarantine', 'deleted', 'retired']],
    [70, ['run', 'command', 'result', 'deleted', 'retired']],
  ])('leaves sizes out where its table has no room for them: in %i columns', async (columns, heads) => {
    const { cwd } = await swept();

    const { out } = await steward(cwd, ['history', ...AREA], columns);

    const table = out.slice(out.indexOf('\nrun ') + 1).split('\n\n')[0] ?? '';
    expect(table.split('\n')[0]?.split(/ +(?!\()/)).toEqual(heads);
    expect(table.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });

  it('leaves out first what no run has', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);

    const { out } = await steward(cwd, ['history', ...AREA], 80);

    expect(out).toMatch(/\nrun +command +result +quarantine +began \(UTC\)\n/);
  });

  it('shows of one run each object that it deleted, within 80 columns', async () => {
    const { cwd, run } = await swept();

    const { status, out } = await steward(cwd, ['history', ...AREA, '--run', run], 80);

    expect(status).toBe(0);
    expect(out.split('\n').filter((line) => line.length > 80 && !line.startsWith('  steward'))).toEqual([]);
    expect(out).toMatch(new RegExp(`/${uuid(11)} +100 B +deleted +2027-03-01 00:00\\n`));
    expect(out).toMatch(/chk-3\/_metadata +972 B +deleted +retired\n/);
  });

  it('prints one document of each kind with --json', async () => {
    const { cwd, run } = await swept();

    const runs = documentOf(await steward(cwd, ['history', ...AREA, '--json']));
    const one = documentOf(await steward(cwd, ['history', ...AREA, '--run', run, '--json']));
    const object = documentOf(await steward(cwd, ['history', ...AREA, '--object', GONE, '--json']));

    expect(runs).toMatchObject({
      runs: expect.arrayContaining([expect.objectContaining({ run, deleted: { objects: 2, bytes: 200 } })]),
      state: { paused: null },
    });
    expect(one).toMatchObject({
      run: { run },
      deletions: expect.arrayContaining([expect.objectContaining({ rule: 'retired' })]),
    });
    expect(object).toMatchObject({
      url: `s3://bucket/${GONE}`,
      deletions: [{ run, outcome: 'deleted', bytes: 100 }],
      retired: null,
    });
  });

  it.each([
    [
      ['--run', 'nope'],
      /^nope: the ledger .* contains no run of that name\. To list all runs: steward history bucket --as s3:\/\/bucket\n$/,
    ],
    [['--run', '../x'], /^\.\.\/x: the ledger .* contains no run of that name/],
    [['--object', 'nope'], /^nope: no run recorded in .* deleted an object of that name\./],
    [
      ['--limit', 'no'],
      /^error: option '--limit <number>' argument 'no' is invalid\. Write a number from 1 to 99999\./,
    ],
  ])('refuses %j', async (args, sentence) => {
    const { cwd } = await swept();

    const { status, out, err } = await steward(cwd, ['history', ...AREA, ...args]);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(sentence);
  });

  it('says where there is no ledger yet, and makes none', async () => {
    const cwd = await makeDirectory(twoJobs());
    const before = await filesBelow(cwd);

    const { status, err } = await steward(cwd, ['history', ...AREA, '--ledger', 'none']);

    expect({ status, err: settled(err, cwd) }).toEqual({
      status: 2,
      err: 'The ledger CWD/none does not exist yet. To create it, make a first run: steward collect bucket --as s3://bucket --ledger none\n',
    });
    expect(await filesBelow(cwd)).toEqual(before);
  });
});

describe('steward explain of an object that is gone', () => {
  it.each([
    ['its path below the location', GONE],
    ['its URL as jobs write it', `s3a://bucket/${GONE}`],
    ['the path that a shell completes', `bucket/${GONE}`],
  ])('finds it by %s', async (_, name) => {
    const { cwd, run } = await swept();

    const { status, out, err } = await steward(cwd, ['explain', name, 'bucket', '--as', 's3://bucket', '--now', at(2)]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.replace(/ETag \S+/, 'ETag E')).toBe(`s3://bucket/${GONE}
100 B, written 2027-02-24 00:00:00 UTC, ETag E

deleted: by run ${run}, which began at 2027-03-01 00:00:00 UTC.
No checkpoint or savepoint in the area referenced it, and its quarantine had ended. It had been
garbage since 2027-03-01 00:00:00 UTC.

To see what can be put back of that run:
  steward undo ${run} bucket --as s3://bucket --now 2027-03-03T00:00:00Z
`);
  });

  it('tells a retired checkpoint by its directory', async () => {
    const { cwd, run } = await swept();
    const args = ['explain', `flink/${OTHER_JOB}/chk-3`, 'bucket', '--as', 's3://bucket', '--now', at(2)];

    const { out } = await steward(cwd, args);
    const document = documentOf(await steward(cwd, [...args, '--json']));

    expect(out.replace(/\s+/g, ' ')).toContain(
      'It was the _metadata of a checkpoint or savepoint that "retain" in steward.json retired. A copy is in the ledger.',
    );
    expect(document).toMatchObject({
      gone: true,
      url: `s3://bucket/flink/${OTHER_JOB}/chk-3/_metadata`,
      retired: { run, state: 'retired' },
      undo: `steward undo ${run} bucket --as s3://bucket --now 2027-03-03T00:00:00Z`,
    });
  });

  it('says of one that is there what holds now, though it went once', async () => {
    const { cwd } = await swept();
    await writeTree(join(cwd, 'bucket'), { [GONE]: 'it is back' });

    const ran = await steward(cwd, ['explain', GONE, 'bucket', '--as', 's3://bucket', '--now', at(2), '--json']);

    expect(documentOf(ran)).toMatchObject({ verdict: expect.any(String), bytes: 10 });
  });

  it('says that no run deleted what nobody knows', async () => {
    const { cwd } = await swept();

    const { status, err } = await steward(cwd, ['explain', 'nope', 'bucket', '--as', 's3://bucket', '--now', at(2)]);

    expect(status).toBe(2);
    expect(settled(err, cwd)).toMatch(
      /^nope: there is no such object below "bucket", and no run recorded in CWD\/\.steward deleted it\. /,
    );
  });

  it.each([
    ['its whole key', GONE],
    ['its URL', `s3a://bucket/${GONE}`],
    ['too many slashes', `/${GONE.replace('/shared', '//shared')}`],
    ['its page in the AWS console', `https://eu-central-1.console.aws.amazon.com/s3/object/bucket?prefix=${GONE}`],
    ['its path from here', `bucket/${GONE}`],
    ['its name', uuid(11)],
    ['the end of its path', `shared/${uuid(11)}`],
  ])('says what runs did to one object, which may be named by %s', async (_, name) => {
    const { cwd, run } = await swept();

    const ran = await steward(cwd, ['history', '--object', name, ...AREA, '--json']);

    expect(documentOf(ran)).toMatchObject({ url: `s3://bucket/${GONE}`, deletions: [{ run }] });
  });

  it.each([
    ['the end of its directory', 'chk-3'],
    ['a directory that it was in', `flink/${OTHER_JOB}`],
  ])('knows a retired root by %s', async (_, name) => {
    const { cwd } = await swept();

    const ran = await steward(cwd, ['history', '--object', name, ...AREA, '--json']);

    expect(documentOf(ran)).toMatchObject({ url: `s3://bucket/flink/${OTHER_JOB}/chk-3/_metadata` });
  });

  it('names the objects where several are meant', async () => {
    const { cwd } = await swept();

    const { status, err } = await steward(cwd, ['history', '--object', `s3://bucket/flink/${JOB}`, ...AREA]);

    expect(status).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toContain(
      `s3://bucket/flink/${JOB}: runs deleted 2 objects that this name matches. Give a longer part of one of these paths: s3://bucket/${GONE}, s3://bucket/flink/${JOB}/shared/${uuid(12)}.`,
    );
  });
});
