import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JOB, uuid } from '#test/support/played-job.ts';
import { useTempDirectories, writeTree } from '#test/support/temp-directory.ts';
import { AREA, at, filesBelow, serveQuarantine, settled, twoJobs } from './acting.ts';
import { documentOf, linesOf, type Ran, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const GARBAGE = `flink/${JOB}/shared/${uuid(11)}`;

/** A folder in which a plan of two objects lies, a day after the first run. */
async function planned(): Promise<string> {
  const cwd = await makeDirectory(twoJobs());
  await serveQuarantine(cwd);
  await steward(cwd, ['plan', ...AREA, '--now', at(1), '--out', 'plan.ndjson']);
  return cwd;
}

async function apply(cwd: string, ...more: readonly string[]): Promise<Ran> {
  return await steward(cwd, ['apply', 'plan.ndjson', '--now', at(1.5), ...more]);
}

/** The plan with another head. */
async function rewriteHead(cwd: string, change: Record<string, unknown>): Promise<void> {
  const file = join(cwd, 'plan.ndjson');
  const [head, ...entries] = linesOf(await readFile(file, 'utf8'));
  await writeFile(file, [{ ...head, ...change }, ...entries].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('steward apply', () => {
  it('is what a written plan says to run, and where it was made, needs no locations', async () => {
    const cwd = await planned();

    const plan = await steward(cwd, ['plan', ...AREA, '--now', at(1), '--out', 'other.ndjson']);
    const dry = await apply(cwd);
    const done = await apply(cwd, '--execute');

    expect(plan.out).toMatch(
      /\nTo execute it, within a day:\n {2}steward apply other\.ndjson bucket --as s3:\/\/bucket --now 2027-03-02T00:00:00Z --execute\n$/,
    );
    expect(dry.out).toContain('\nDry run: 2 objects (200 B) would be deleted. The plan contains 2 objects.\nTo do it:');
    expect({ status: done.status, err: done.err }).toEqual({ status: 0, err: '' });
    expect(settled(done.out, cwd)).toContain(
      '\n2 objects were deleted (200 B).\nTo list each deleted object, and why:\n',
    );
    expect((await filesBelow(join(cwd, 'bucket'))).has(GARBAGE)).toBe(false);
  });

  it('leaves what has changed since, and says of how many the plan spoke', async () => {
    const cwd = await planned();
    await writeTree(join(cwd, 'bucket'), { [GARBAGE]: 'another content' });

    const { status, out } = await apply(cwd);

    expect(status).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain(
      'Dry run: 1 object (100 B) would be deleted. The plan contains 2 objects; 1 of them no longer exists, has changed, or must be kept.',
    );
  });

  it('is done once', async () => {
    const cwd = await planned();
    await apply(cwd, '--execute');

    const again = await apply(cwd, '--execute');
    const dry = await apply(cwd, '--json');

    const message = 'plan.ndjson has been executed before. Nothing was deleted; make a new plan.';
    expect(again).toEqual({ status: 2, out: '', err: `${message}\n` });
    expect(documentOf(dry)).toEqual({ error: { message, status: 2 } });
  });

  it.each([
    ['expires', { expires: at(1.25) }, /^plan\.ndjson is too old: it expired at 2027-03-02T06:00:00\.000Z\. /],
    ['area', { area: ['s3://other/'] }, /^plan\.ndjson is for the area s3:\/\/other\/, not for s3:\/\/bucket\/\. /],
    ['ledger', { ledger: 'another' }, /^plan\.ndjson was made with another ledger\. /],
    [
      'ledger (none)',
      { ledger: null },
      /^plan\.ndjson was made without a ledger, so the quarantine of its objects is not over\. /,
    ],
    [
      'lookAhead',
      { lookAhead: true },
      /^plan\.ndjson was made with --assume-quarantined, so the quarantine of its objects may not be over\. /,
    ],
    ['decidable', { decidable: false }, /^plan\.ndjson was made while the area was undecidable\. /],
    ['plan', { plan: 2 }, /^plan\.ndjson is not a plan of this version: /],
    ['id', { id: '../../x' }, /^plan\.ndjson is not a plan of this version: /],
  ])('refuses a plan by its %s, and changes nothing', async (_, change, sentence) => {
    const cwd = await planned();
    await rewriteHead(cwd, change);
    const before = await filesBelow(cwd);

    const { status, out, err } = await apply(cwd, '--execute');

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(sentence);
    expect(err).toMatch(/ Nothing was deleted;.*\n$/);
    expect(await filesBelow(cwd)).toEqual(before);
  });

  it('refuses what is no plan, and a damaged one', async () => {
    const cwd = await planned();
    const [head = ''] = (await readFile(join(cwd, 'plan.ndjson'), 'utf8')).split('\n');
    await writeTree(cwd, { empty: '', text: 'hello\n', damaged: `${head}\n{"url": 1}\n` });

    const refusals = [];
    for (const file of ['nowhere', 'empty', 'text', 'damaged', 'bucket']) {
      const { status, err } = await steward(cwd, ['apply', file, '--now', at(1.5), '--execute']);
      refusals.push(`${status} ${err}`);
    }

    const now = `--now ${at(1.5).replace('.000', '')}`;
    expect(refusals).toEqual([
      `2 nowhere can't be read: no such file. To write a plan: steward plan ${now} --out nowhere\n`,
      `2 empty is empty, so it is not a plan. Nothing was deleted. To write a plan: steward plan ${now} --out empty\n`,
      '2 text is not a plan of this version: its first line is not what "steward plan --out" writes. Nothing was deleted; make a new plan.\n',
      '2 damaged is damaged: one of its lines is not an object to delete ("{\\"url\\": 1}"). Nothing was deleted; make a new plan.\n',
      `2 bucket can't be read: it is a directory. To write a plan: steward plan ${now} --out bucket\n`,
    ]);
    expect((await filesBelow(join(cwd, 'bucket'))).has(GARBAGE)).toBe(true);
  });

  it('knows no --assume-quarantined', async () => {
    const cwd = await planned();

    const { status, err } = await apply(cwd, '--execute', '--assume-quarantined');

    expect(status).toBe(2);
    expect(err).toMatch(/^error: unknown option '--assume-quarantined'/);
  });
});
