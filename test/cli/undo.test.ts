import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OTHER_JOB, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, filesBelow, runOf, serveQuarantine, settled, twoJobs } from './acting.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const CONFIG = { 'steward.json': '{"retain": [{"path": "**", "endedJobs": {"keepLast": 1}}]}' };
const RETIRED = `flink/${OTHER_JOB}/chk-3`;

/** A folder in which `retire` has withdrawn one checkpoint. */
async function retired(): Promise<{ readonly cwd: string; readonly run: string }> {
  const cwd = await makeDirectory({ ...twoJobs(), ...CONFIG });
  return { cwd, run: runOf(await steward(cwd, ['retire', ...AREA, '--execute', '--json'])) };
}

describe('steward retire', () => {
  it('says of every checkpoint why it would stay or go, and does it with --execute', async () => {
    const cwd = await makeDirectory({ ...twoJobs(), ...CONFIG });
    const before = await filesBelow(join(cwd, 'bucket'));

    const dry = await steward(cwd, ['retire', ...AREA]);
    const untouched = await filesBelow(join(cwd, 'bucket'));
    const done = await steward(cwd, ['retire', ...AREA, '--execute']);

    expect({ status: dry.status, err: dry.err }).toEqual({ status: 0, err: '' });
    expect(dry.out).toMatch(/\nchk-3 +49 d old +checkpoint +retire +its job has written nothing within deadAfter/);
    expect(dry.out).toMatch(/\nchk-7 +2 d old +checkpoint +keep +/);
    expect(dry.out).toContain(`
Dry run: 1 checkpoint or savepoint would be retired.
To do it:
  steward retire bucket --as s3://bucket --execute
`);
    expect(untouched).toEqual(before);
    expect(done.status).toBe(0);
    expect(settled(done.out, cwd)).toContain(`
1 checkpoint or savepoint was retired.
Until the files of a retired root are deleted, it can be put back with:
  steward undo RUN bucket --as s3://bucket
`);
    const after = await filesBelow(join(cwd, 'bucket'));
    expect([...before.keys()].filter((key) => !after.has(key))).toEqual([`${RETIRED}/_metadata`]);
  });

  it('retires nothing without a policy', async () => {
    const cwd = await makeDirectory(twoJobs());

    const { status, out } = await steward(cwd, ['retire', ...AREA, '--execute']);

    expect(status).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain(
      '3 checkpoints and savepoints kept, none retired. There was nothing to do. ',
    );
  });
});

describe('steward undo', () => {
  it('puts back what was retired, as it was, once', async () => {
    // Prepare
    const { cwd, run } = await retired();
    const args = ['undo', run, ...AREA];

    // Act
    const dry = await steward(cwd, args);
    const done = await steward(cwd, [...args, '--execute']);
    const again = await steward(cwd, [...args, '--execute']);

    // Assess
    expect({ status: dry.status, err: dry.err }).toEqual({ status: 0, err: '' });
    expect(settled(dry.out, cwd)).toMatch(/^Undo of run RUN\n\nroot +complete since +why\n/);
    expect(dry.out.replace(/\s+/g, ' ')).toContain(
      `${RETIRED.slice(-20)} 2027-01-11 00:00:00 UTC can be put back all its files exist`,
    );
    expect(settled(dry.out, cwd)).toContain(`
Dry run: nothing was changed. 1 checkpoint or savepoint would be put back.
To do it:
  steward undo RUN bucket --as s3://bucket --execute
`);
    expect(done.status).toBe(0);
    expect(done.out).toContain(`
1 checkpoint or savepoint was put back.
The policy that retired them will retire them again, unless they are pinned:
  steward pin s3://bucket/${RETIRED}/_metadata bucket --as s3://bucket
`);
    expect(again).toMatchObject({ status: 2, out: '' });
    expect(settled(again.err, cwd)).toBe(
      'RUN: this run has nothing to undo. It retired and deleted nothing, or it was undone before. To list all runs: steward history bucket --as s3://bucket\n',
    );
  });

  it('leaves the area as it was before, to the byte, the time and the verdicts', async () => {
    const cwd = await makeDirectory({ ...twoJobs(), ...CONFIG });
    const before = await filesBelow(join(cwd, 'bucket'));
    const points = await steward(cwd, ['restore-points', ...AREA, '--json']);

    const run = runOf(await steward(cwd, ['retire', ...AREA, '--execute', '--json']));
    const done = await steward(cwd, ['undo', run, ...AREA, '--execute', '--json']);

    expect(documentOf(done)).toMatchObject({
      executed: true,
      restoredRoots: [`s3://bucket/${RETIRED}/_metadata`],
      lost: [],
    });
    const after = await filesBelow(join(cwd, 'bucket'));
    expect([...after].filter(([key]) => key !== '.flink-steward.json')).toEqual([...before]);
    expect((await steward(cwd, ['restore-points', ...AREA, '--json'])).out).toBe(points.out);
  });

  it('says what can not come back, and puts back nothing that would be no restore point', async () => {
    const { cwd, run } = await retired();
    await rm(join(cwd, `bucket/flink/${OTHER_JOB}/shared/${uuid(21)}`));

    const { status, out } = await steward(cwd, ['undo', run, ...AREA, '--execute']);

    expect(status).toBe(1);
    expect(out.replace(/\s+/g, ' ')).toContain(
      `It references files that can't be put back. s3://bucket/flink/${OTHER_JOB}/shared/${uuid(21)}: It does not exist, and no run of this ledger deleted it.`,
    );
    expect(out).toContain('\nNothing was put back.\n');
    expect((await filesBelow(join(cwd, 'bucket'))).has(`${RETIRED}/_metadata`)).toBe(false);
  });

  it('of a sweep in a directory says that nothing can be put back', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    const run = runOf(await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute', '--json']));

    const { status, out } = await steward(cwd, ['undo', run, ...AREA]);

    expect(status).toBe(1);
    expect(out.replace(/\s+/g, ' ')).toContain("2 objects can't be put back. The first: s3://bucket/flink/");
    expect(settled(out, cwd)).toContain(`
Dry run: nothing was changed. Nothing of this run can be put back.
To list what the run deleted:
  steward history bucket --as s3://bucket --run RUN
`);
  });

  it.each([
    ['nope', /^nope: the ledger .* contains no run of that name\. /],
    ['../../x', /^\.\.\/\.\.\/x: the ledger .* contains no run of that name\. /],
  ])('of %j names the command that shows the runs', async (run, sentence) => {
    const { cwd } = await retired();

    const { status, err } = await steward(cwd, ['undo', run, ...AREA, '--execute']);

    expect(status).toBe(2);
    expect(err).toMatch(sentence);
  });

  it('without a ledger makes none', async () => {
    const cwd = await makeDirectory(twoJobs());
    const before = await filesBelow(cwd);

    const { status, err } = await steward(cwd, ['undo', 'x', ...AREA]);

    expect(status).toBe(2);
    expect(settled(err, cwd)).toBe(
      'The ledger CWD/.steward does not exist yet. To create it, make a first run: steward collect bucket --as s3://bucket\n',
    );
    expect(await filesBelow(cwd)).toEqual(before);
  });
});
