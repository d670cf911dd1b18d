import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, runOf, serveQuarantine, settled, twoJobs } from './acting.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

/** A folder in which a run has deleted objects and retired a root. */
async function swept(): Promise<{ readonly cwd: string; readonly run: string }> {
  const cwd = await makeDirectory({
    ...twoJobs(),
    'steward.json': '{"retain": [{"path": "**", "endedJobs": {"keepLast": 1}}], "protect": ["flink/ha/**"]}',
  });
  await serveQuarantine(cwd);
  return { cwd, run: runOf(await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute', '--json'])) };
}

/** The files that a run has left in the ledger. */
function folderOf(cwd: string, run: string): string {
  return join(cwd, '.steward', 'runs', run);
}

/** Lets the log of a run tell of objects at other places. */
async function rewriteLog(cwd: string, run: string, change: (url: string) => string): Promise<void> {
  const folder = folderOf(cwd, run);
  for (const name of (await readdir(folder)).filter((each) => each.startsWith('planned-'))) {
    const lines = gunzipSync(await readFile(join(folder, name))).toString('utf8');
    const changed = lines.replaceAll(/"url":"([^"]*)"/g, (_, url: string) => `"url":${JSON.stringify(change(url))}`);
    await writeFile(join(folder, name), gzipSync(changed));
  }
}

describe('steward verify-run', () => {
  it('proves a run, by the beginning of its name', async () => {
    const { cwd, run } = await swept();

    const { status, out, err } = await steward(cwd, ['verify-run', run.slice(run.lastIndexOf('-') + 1), ...AREA]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(settled(out, cwd)).toBe(
      'Run RUN: proven, 3 deletions\n  Read again: 2 of 3 checkpoints and savepoints. Gone or changed since: 1.\n',
    );
  });

  it('goes by the ledger alone, of the newest runs, and prints a document', async () => {
    const { cwd, run } = await swept();

    const ran = await steward(cwd, ['verify-run', '--last', '5', ...AREA, '--ledger-only', '--json']);

    expect(ran.status).toBe(0);
    expect(documentOf(ran)).toEqual({
      runs: [
        {
          run,
          proof: 'proven',
          why: null,
          notes: [],
          deletions: 3,
          roots: null,
          certificate: expect.stringMatching(/^[0-9a-f]{64}$/),
          findings: [],
        },
      ],
    });
  });

  it('says which rule does not hold, with status 1', async () => {
    const { cwd, run } = await swept();
    const folder = folderOf(cwd, run);
    for (const name of await readdir(folder)) {
      if (name.startsWith('planned-')) await rm(join(folder, name));
    }
    await appendFile(join(folder, 'certificate.ndjson.gz'), 'x');

    const ran = await steward(cwd, ['verify-run', run, ...AREA]);
    const quiet = await steward(cwd, ['verify-run', '--last', '1', ...AREA, '--quiet']);

    expect([ran.status, quiet.status]).toEqual([1, 1]);
    expect(settled(ran.out, cwd)).toContain('Run RUN: not proven, 0 deletions\n');
    expect(settled(ran.out, cwd)).toContain('  - chain: The record of run RUN names another certificate.\n');
    expect(settled(quiet.out, cwd)).toBe('verify-run: RUN: not proven\n');
  });

  it('tells a log that names no place of any store from an error of its own', async () => {
    // Prepare
    const { cwd, run } = await swept();
    await rewriteLog(cwd, run, (url) => url.replace('s3://bucket', 'nonsense'));

    // Act
    const { status, out, err } = await steward(cwd, ['verify-run', run, ...AREA]);

    // Assess
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(settled(out, cwd)).toContain('  - log: runs/RUN/planned-000001.ndjson.gz has changed since the run.\n');
  });

  it('holds "protect" against what lies outside the area of today, with and without a slash before it', async () => {
    // Prepare: a key that a URL would write in another way.
    const { cwd, run } = await swept();
    await rewriteLog(cwd, run, (url) => url.replace('s3://bucket/flink/', 's3://elsewhere/flink/ha/a b/'));

    // Act
    const ran = await steward(cwd, ['verify-run', run, ...AREA, '--json']);

    // Assess
    expect(documentOf(ran).runs).toMatchObject([
      { findings: expect.arrayContaining([expect.objectContaining({ rule: 'protect-pattern' })]) },
    ]);
  });

  it('shows no more findings than people read', async () => {
    const { cwd, run } = await swept();
    const folder = folderOf(cwd, run);
    for (let number = 100; number < 125; number++) {
      await appendFile(join(folder, `planned-000${number}.ndjson.gz`), 'x');
    }

    const { out } = await steward(cwd, ['verify-run', run, ...AREA]);

    expect(out).toMatch(/\n {2}… and \d+ more findings \(see --json\)\n$/);
  });

  it('says of a run without a certificate why it has none, and that is no failure', async () => {
    const { cwd } = await swept();
    const dry = runOf(await steward(cwd, ['collect', ...AREA, '--now', at(2), '--json']));

    const { status, out } = await steward(cwd, ['verify-run', dry, ...AREA]);

    expect(status).toBe(0);
    expect(settled(out, cwd)).toBe(
      'Run RUN: no certificate, 0 deletions\n  Run RUN deleted nothing, so it needs no certificate.\n',
    );
  });

  it('says that no run has deleted anything yet', async () => {
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);

    const { status, out } = await steward(cwd, ['verify-run', '--last', '3', ...AREA]);

    expect({ status, out }).toEqual({ status: 0, out: 'No run has deleted or retired anything yet.\n' });
  });

  it('finds a run of which only the list of certificates knows', async () => {
    const { cwd, run } = await swept();
    await rm(folderOf(cwd, run), { recursive: true });

    const named = await steward(cwd, ['verify-run', run, ...AREA]);
    const last = await steward(cwd, ['verify-run', '--last', '1', ...AREA]);

    expect([named.status, last.status]).toEqual([1, 1]);
    expect(settled(last.out, cwd).replace(/\s+/g, ' ')).toContain(
      "chain: The certificate of run RUN is gone, and the ledger's list of certificates names it.",
    );
  });

  it.each([
    [['verify-run'], 'Name a run, as "steward history" shows it, or give --last NUMBER.'],
    [['verify-run', '--last', 'x'], 'Write a number from 1 to 9999.'],
    [['verify-run', '20270101T000000000Z-00000', ...AREA], 'contains no run of that name'],
  ])('refuses %j', async (typed, sentence) => {
    const { cwd } = await swept();

    const { status, err } = await steward(cwd, typed);

    expect(status).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toContain(sentence);
  });
});
