import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { type Tree, useTempDirectories } from '#test/support/temp-directory.ts';
import { below, bucketFiles, documentOf, linesOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];

/** Two jobs with files that are live, garbage and missing. */
function jobs(): Tree {
  return bucketFiles((store) => {
    for (const [at, job] of [JOB, OTHER_JOB].entries()) {
      const played = new PlayedJob(store, `flink/${job}/`);
      const files = [1, 2, 3, 4, 5].map((number) => played.upload(number + 10 * at));
      played.complete(7, [...files, ...(at === 1 ? [played.file(99)] : [])], NOW - DAY);
      played.upload(6 + 10 * at);
    }
  });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('steward plan --shards', () => {
  it.each(['1', '3', '12'])('prints what one process prints, and leaves no files behind (%s)', async (count) => {
    // Prepare
    const cwd = await makeDirectory(below('bucket', jobs()));
    const args = ['plan', 'bucket', ...AS, '--json', '--verdicts', 'verdicts.ndjson'];
    const scratch = await makeDirectory();
    vi.stubEnv('TMPDIR', scratch);
    const atOnce = await steward(cwd, args);
    const verdicts = await readFile(join(cwd, 'verdicts.ndjson'), 'utf8');

    // Act
    const inShards = await steward(cwd, [...args, '--shards', count]);

    // Assess
    expect(inShards.status).toBe(atOnce.status);
    expect(documentOf(inShards)).toEqual(documentOf(atOnce));
    expect(await readFile(join(cwd, 'verdicts.ndjson'), 'utf8')).toBe(verdicts);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('goes by the memory of the ledger, adds nothing to it, and writes a plan that can be executed', async () => {
    // Prepare
    const cwd = await makeDirectory({ ...below('bucket', jobs()) });
    const area = ['bucket', ...AS, '--ledger', 'ledger'];
    await steward(cwd, ['plan', ...area, '--now', new Date(NOW).toISOString()]);
    const later = ['--now', new Date(NOW + 2 * DAY).toISOString()];

    // Act
    const { err, out } = await steward(cwd, ['plan', ...area, ...later, '--shards', '3', '--out', 'plan.ndjson']);

    // Assess
    expect(err).toContain('A plan in shards does not count as a run');
    expect(out).toContain('Written: plan.ndjson (the plan)');
    const [head, ...entries] = linesOf(await readFile(join(cwd, 'plan.ndjson'), 'utf8'));
    expect(head).toMatchObject({ plan: 1, decidable: true, lookAhead: false, ledger: expect.any(String) });
    expect(entries.map(({ rule }) => rule)).toEqual(['garbage', 'garbage']);
    const history = await steward(cwd, ['history', ...area, '--json']);
    expect(documentOf(history)).toMatchObject({ runs: [{ command: 'plan' }] });
  });

  it('writes a table of verdicts', async () => {
    const cwd = await makeDirectory(below('bucket', jobs()));

    const args = ['plan', 'bucket', ...AS, '--format', 'csv', '--verdicts', 'verdicts.csv'];
    await steward(cwd, args);
    const expected = await readFile(join(cwd, 'verdicts.csv'), 'utf8');
    await steward(cwd, [...args, '--shards', '2', '--at-once', '1']);

    expect(await readFile(join(cwd, 'verdicts.csv'), 'utf8')).toBe(expected);
  });

  it.each([
    [['--shards', '0'], 'Write a whole number from 1 to 10,000.'],
    [['--shards', 'many'], 'Write a whole number from 1 to 10,000.'],
    [['--at-once', '2'], '--at-once is for plans in shards.'],
    [['--shards', '2', '--job', JOB], '--job and --shards cannot be used together'],
  ])('refuses %j', async (options, sentence) => {
    const cwd = await makeDirectory(jobs());

    const { status, err } = await steward(cwd, ['plan', '.', ...AS, ...options]);

    expect(status).toBe(2);
    expect(err).toContain(sentence);
  });

  it('says that there is nothing to report where no Flink state lies', async () => {
    const cwd = await makeDirectory({ 'readme.txt': 'nothing' });

    const { status, err } = await steward(cwd, ['plan', '.', ...AS, '--shards', '2']);

    expect(status).toBe(2);
    expect(err).toContain("does not have a name that Flink's state code writes");
  });

  it('notes patterns that protect nothing', async () => {
    const cwd = await makeDirectory({
      ...below('bucket', jobs()),
      'steward.json': '{"protect": ["nowhere/**", "**/chk-7/**"]}',
    });

    const { err } = await steward(cwd, ['plan', 'bucket', ...AS, '--shards', '2']);

    expect(err).toContain('protect: "nowhere/**" matches no object in the area.');
    expect(err).not.toContain('chk-7');
  });
});
