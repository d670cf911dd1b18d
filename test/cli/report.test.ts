import { mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReportDocument } from '#report/model/document.ts';
import { JOB, NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, documentOf, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const DAY = 86_400_000;

/** What the page shows. */
async function reportIn(folder: string, file = 'report.html'): Promise<ReportDocument> {
  const page = await readFile(join(folder, file), 'utf8');
  return JSON.parse(/id="report">([^<]*)</.exec(page)?.[1] ?? '');
}

describe('audit --html', () => {
  it('writes one page with what it saw, and says where it is', async () => {
    // Prepare
    const cwd = await makeDirectory(below('copy', smallJob()));

    // Act
    const { status, out, err } = await steward(cwd, ['audit', 'copy', '--as', 's3://bucket', '--html', 'report.html']);

    // Assess
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.split('\n').slice(-2)).toEqual(['The report was written to report.html. Open it in a browser.', '']);
    expect(await reportIn(cwd)).toMatchObject({
      version: 1,
      at: NOW,
      area: ['copy (as s3://bucket)'],
      total: { objects: 3 },
      jobs: [
        {
          label: JOB,
          restorePoints: 1,
          roots: [{ name: 'chk-7' }],
          composition: {
            root: 'chk-7',
            newSince: null,
            operators: [expect.objectContaining({ kinds: [expect.objectContaining({ kind: 'keyed' })] })],
          },
        },
      ],
    });
    expect((await readdir(cwd)).sort()).toEqual(['copy', 'report.html']);
  });

  it('has commands that can be pasted, as those on the terminal can', async () => {
    const broken = { 'copy/savepoints/broken/_metadata': 'cut off' };
    const cwd = await makeDirectory({ ...below('copy', smallJob()), ...broken });

    await steward(cwd, ['audit', 'copy', '--as', 's3://bucket', '--html', 'report.html']);

    const { undecidable } = await reportIn(cwd);
    expect(undecidable).toEqual([
      {
        sentence: expect.stringMatching(
          /^s3:\/\/bucket\/savepoints\/broken\/_metadata can't be read: .* the same ledger:$/,
        ),
        command: expect.stringMatching(
          /^steward declare-dead copy --as s3:\/\/bucket --root s3:\/\/bucket\/savepoints\/broken\/_metadata --etag \S+ --execute$/,
        ),
      },
    ]);
  });

  it('takes the place of an older report, through a link too, which stays one', async () => {
    // Prepare
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'reports/old.html': 'old' });
    await symlink('reports/old.html', join(cwd, 'report.html'));

    // Act
    const { status } = await steward(cwd, ['audit', 'copy', '--as', 's3://bucket', '--html', 'report.html']);

    // Assess
    expect(status).toBe(0);
    expect(await readlink(join(cwd, 'report.html'))).toBe('reports/old.html');
    expect(await reportIn(cwd, 'reports/old.html')).toMatchObject({ at: NOW });
    expect(await readdir(join(cwd, 'reports'))).toEqual(['old.html']);
  });

  it('leaves stdout to the document with --json', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const ran = await steward(cwd, ['audit', 'copy', '--as', 's3://bucket', '--html', 'report.html', '--json']);

    expect(documentOf(ran)).toMatchObject({ roots: 1 });
    expect(ran.err).toBe('The report was written to report.html. Open it in a browser.\n');
  });

  it('writes a page that says so where there is nothing, and ends as without it', async () => {
    // Prepare
    const cwd = await makeDirectory();
    await mkdir(join(cwd, 'empty'));

    // Act
    const without = await steward(cwd, ['audit', 'empty']);
    const { status, out, err } = await steward(cwd, ['audit', 'empty', '--html', 'report.html']);

    // Assess
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(`The report was written to report.html. Open it in a browser.\n${without.err}`);
    expect(await reportIn(cwd)).toMatchObject({ total: { objects: 0 }, jobs: [] });
  });

  it('shows what the ledger remembers of earlier runs', async () => {
    // Prepare
    const cwd = await makeDirectory(below('copy', smallJob()));
    const area = ['copy', '--as', 's3://bucket', '--ledger', 'ledger'];
    const before = await steward(cwd, ['plan', ...area, '--now', new Date(NOW - DAY).toISOString()]);

    // Act
    const { status } = await steward(cwd, ['audit', ...area, '--html', 'report.html']);

    // Assess
    expect([before.status, status]).toEqual([0, 0]);
    const { trend, jobs, quarantine } = await reportIn(cwd);
    expect(trend.at).toEqual([NOW - DAY, NOW]);
    expect(trend.quarantined[0]).toBe(100);
    expect(jobs[0]?.growth).toEqual({ since: NOW - DAY, from: jobs[0]?.total.bytes });
    expect(quarantine.unremembered).toBe(0);
  });

  it.each([
    [
      'none/report.html',
      "none/report.html can't be written: no such directory. Give a file in a directory that exists, that you may write to, and that has free space.",
    ],
    [
      'copy',
      "copy can't be written: it is a directory. Give a file in a directory that exists, that you may write to, and that has free space.",
    ],
    [
      'copy/_metadata',
      '--html copy/_metadata: this file is inside copy and has a name that Flink uses, so it could overwrite a checkpoint. Give another file, best outside the location.',
    ],
    ['-', '--html -: give the name of a file. The report itself is printed on stdout, see --json.'],
  ])('refuses to write to %s, in a sentence', async (file, sentence) => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const { status, out, err } = await steward(cwd, ['audit', 'copy', '--as', 's3://bucket', '--html', file]);

    expect({ status, out, err }).toEqual({ status: 2, out: '', err: `${sentence}\n` });
    expect(await readdir(cwd)).toEqual(['copy']);
  });
});
