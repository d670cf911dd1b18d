import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JOB, OTHER_JOB, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, runOf, serveQuarantine, twoJobs } from './acting.ts';
import { below, damagedJob, documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const LABELS = JSON.stringify({ labels: [{ jobId: JOB, job: '=orders, "eu"' }] });

/** The cells of simple lines, by the names of their columns. */
function rowsOf(csv: string): readonly Readonly<Record<string, string | undefined>>[] {
  const [head = '', ...lines] = csv.split('\r\n').slice(0, -1);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) =>
      quoted === undefined ? plain : quoted.replaceAll('""', '"'),
    );
    expect(cells).toHaveLength(names.length);
    return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
  });
}

async function area(): Promise<string> {
  return await makeDirectory({ ...twoJobs(), 'steward.json': LABELS });
}

describe('--format csv', () => {
  it('prints the jobs of an audit, with whole ids and plain numbers, and what else there is to say on stderr', async () => {
    const cwd = await area();
    await steward(cwd, ['pin', 'chk-7', ...AREA]);

    const { status, out, err } = await steward(cwd, ['audit', ...AREA, '--format', 'csv'], 80);

    const rows = rowsOf(out);
    expect(status).toBe(0);
    expect(
      rows.map(({ label, job, live_bytes, reclaimable_bytes }) => [label, job, live_bytes, reclaimable_bytes]),
    ).toEqual([
      [`'=orders, "eu"`, JOB, '2989', '200'],
      [OTHER_JOB, OTHER_JOB, expect.any(String), '0'],
    ]);
    expect(rows[1]).toMatchObject({
      directory: `s3://bucket/flink/${OTHER_JOB}/`,
      newest_restore_point: `s3a://bucket/flink/${OTHER_JOB}/chk-4`,
      cost_per_month_usd: expect.stringMatching(/^[\d.e-]+$/),
      declared_dead: 'false',
    });
    expect(err).toContain('Note: 1 checkpoint or savepoint is pinned.\n');
  });

  it.each(['audit', 'plan', 'restore-points'])('says on stderr why an area is undecidable: %s', async (command) => {
    const cwd = await makeDirectory({ ...twoJobs(), 'bucket/flink/bad/_metadata': 'no metadata' });

    const { status, out, err } = await steward(cwd, [command, ...AREA, '--format', 'csv']);

    expect(status).toBe(3);
    expect(out).not.toContain('ndecidable, so');
    expect(err).toMatch(/^Undecidable, so nothing would be deleted: .*bad.* steward declare-dead .* --execute$/m);
  });

  it('says on stderr what is damaged', async () => {
    const cwd = await makeDirectory(below('bucket', damagedJob()));

    const { status, err } = await steward(cwd, ['audit', ...AREA, '--format', 'csv']);

    expect(status).toBe(1);
    expect(err).toMatch(/^Finding: .*chk-7/m);
  });

  it('tells where the page is on stderr', async () => {
    const cwd = await area();

    const { out, err } = await steward(cwd, ['audit', ...AREA, '--format', 'csv', '--html', 'page.html']);

    expect(out).toMatch(/^label,job,/);
    expect(err).toContain('The report was written to page.html. Open it in a browser.\n');
  });

  it('prints the rules of a plan, and writes every verdict as a row', async () => {
    const cwd = await area();

    const { status, out, err } = await steward(cwd, ['plan', ...AREA, '--format', 'csv', '--verdicts', 'v.csv']);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(rowsOf(out).find(({ rule }) => rule === 'quarantine')).toEqual({
      rule: 'quarantine',
      verdict: 'quarantined',
      objects: '2',
      bytes: '200',
      reason: expect.stringContaining('garbage'),
    });
    const verdicts = rowsOf(await readFile(join(cwd, 'v.csv'), 'utf8'));
    expect(verdicts).toHaveLength(17);
    expect(verdicts.find(({ key }) => key?.endsWith(uuid(1)))).toMatchObject({
      location: 'bucket',
      key: `flink/${JOB}/shared/${uuid(1)}`,
      verdict: 'keep-live',
      first_root: `flink/${JOB}/chk-7/_metadata`,
      archived: 'false',
    });
  });

  it('prints restore points, runs and what a run deleted', async () => {
    const cwd = await area();
    await serveQuarantine(cwd);
    const run = runOf(await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute', '--json']));
    const csv = async (...words: string[]) => rowsOf((await steward(cwd, [...words, ...AREA, '--format', 'csv'])).out);

    expect((await csv('restore-points', '--job', OTHER_JOB.slice(0, 4)))[0]).toMatchObject({
      job: OTHER_JOB,
      newest_kind: 'checkpoint',
      newest_bytes: expect.stringMatching(/^\d+$/),
      command: `flink run -s s3a://bucket/flink/${OTHER_JOB}/chk-4 -restoreMode no_claim job.jar`,
    });
    expect((await csv('history')).find((row) => row.run === run)).toMatchObject({
      command: 'collect',
      result: 'done',
      deleted_objects: '2',
      deleted_bytes: '200',
      breakers: '',
    });
    const deletions = await csv('history', '--run', run);
    expect(deletions.map(({ url, outcome }) => [url, outcome])).toEqual([
      [`s3://bucket/flink/${JOB}/shared/${uuid(11)}`, 'deleted'],
      [`s3://bucket/flink/${JOB}/shared/${uuid(12)}`, 'deleted'],
    ]);
    expect(await csv('history', '--object', `${uuid(11)}`)).toEqual([deletions[0]]);
  });

  it.each([[['explain', 'chk-7']], [['inspect', 'chk-7']], [['pause']]])(
    'is refused by a command that has no table: %j',
    async (words) => {
      const { status, err } = await steward(await area(), [...words, '--format', 'csv']);

      expect(status).toBe(2);
      expect(err).toContain("option '--format <format>' argument 'csv' is invalid. Allowed choices are text, json.");
    },
  );
});

describe('--format', () => {
  it('json is --json, also of a failure', async () => {
    const cwd = await area();

    const long = await steward(cwd, ['audit', ...AREA, '--format', 'json']);
    const short = await steward(cwd, ['audit', ...AREA, '--json']);
    const failed = await steward(cwd, ['audit', 'nowhere', '--format=json']);

    expect(documentOf(long)).toEqual(documentOf(short));
    expect(documentOf(failed)).toMatchObject({ error: { status: failed.status } });
  });

  it('text is what is printed without it', async () => {
    const cwd = await area();

    expect(await steward(cwd, ['plan', ...AREA, '--format', 'text'])).toEqual(await steward(cwd, ['plan', ...AREA]));
  });

  it.each(['csv', 'text'])('%s is refused beside --json', async (format) => {
    const { status, out, err } = await steward(await area(), ['audit', ...AREA, '--json', '--format', format]);

    const message = `--json and --format ${format} contradict each other. Leave one of them out.`;
    expect({ status, err }).toEqual({ status: 2, err: `${message}\n` });
    expect(JSON.parse(out)).toEqual({ error: { message, status: 2 } });
  });
});

describe('--sort', () => {
  it('sorts the jobs of an audit in every format', async () => {
    const cwd = await area();
    const byName = ['audit', ...AREA, '--sort', 'name'];

    const { jobs } = documentOf(await steward(cwd, [...byName, '--json']));

    expect(jobs).toMatchObject([{ label: '=orders, "eu"' }, { label: OTHER_JOB }]);
    expect((await steward(cwd, byName)).out).toMatch(/\n=orders, "eu" .*\ne8281d81/);
    expect(
      rowsOf((await steward(cwd, ['audit', ...AREA, '--sort', 'restore-point', '--format', 'csv'])).out),
    ).toMatchObject([{ job: OTHER_JOB }, { job: JOB }]);
  });

  it('sorts the rules of a plan', async () => {
    const cwd = await area();
    const sorted = async (order: string) => {
      const { reasons } = documentOf(await steward(cwd, ['plan', ...AREA, '--sort', order, '--json']));
      return (reasons as { rule: string }[]).map(({ rule }) => rule);
    };

    const bySize = await sorted('size');
    expect(await sorted('rule')).toEqual(bySize.toSorted());
    expect((await sorted('objects')).at(-1)).toBe('quarantine');
    expect((await sorted('verdict')).at(-1)).toBe('quarantine');
  });

  it('names the columns where there is no such one', async () => {
    const { status, err } = await steward(await area(), ['audit', ...AREA, '--sort', 'cost']);

    expect(status).toBe(2);
    expect(err).toContain(
      'Allowed choices are size, live, reclaimable, checkpoints, growth, age, restore-point, name.',
    );
  });
});

describe('plan --job', () => {
  it('counts and writes the objects of one job only, and judges the whole area', async () => {
    const cwd = await area();
    const all = documentOf(await steward(cwd, ['plan', ...AREA, '--assume-quarantined', '--json']));
    const words = ['plan', ...AREA, '--job', JOB.slice(0, 5), '--assume-quarantined'];

    const { out } = await steward(cwd, [...words, '--verdicts', 'v.ndjson', '--out', 'plan.ndjson']);
    const part = documentOf(await steward(cwd, [...words, '--json']));
    const other = documentOf(
      await steward(cwd, ['plan', ...AREA, '--job', OTHER_JOB, '--assume-quarantined', '--json']),
    );

    expect(out).toContain(`Only the objects of ${JOB.slice(0, 5)} are counted here. The whole area was judged.\n`);
    expect(out).toContain(`Written: v.ndjson (the verdicts on ${JOB.slice(0, 5)})`);
    expect(part).toMatchObject({ job: JOB.slice(0, 5), totals: { delete: { objects: 2, bytes: 200 } } });
    expect(other).toMatchObject({ totals: { delete: { objects: 0 } } });
    const objects = ({ totals }: Record<string, unknown>) =>
      Object.values(totals as Record<string, { objects: number }>).reduce((sum, one) => sum + one.objects, 0);
    // The marker is no job's.
    expect(objects(part) + objects(other)).toBeLessThanOrEqual(objects(all));
    const verdicts = (await readFile(join(cwd, 'v.ndjson'), 'utf8')).trimEnd().split('\n');
    expect(verdicts.map((line) => JSON.parse(line).job)).toEqual(verdicts.map(() => JOB));
    const [, ...planned] = (await readFile(join(cwd, 'plan.ndjson'), 'utf8')).trimEnd().split('\n');
    expect(planned).toHaveLength(2);
  });

  it('refuses a job that is not there', async () => {
    const { status, err } = await steward(await area(), ['plan', ...AREA, '--job', 'nobody']);

    expect(status).toBe(2);
    expect(err).toContain('No job in the area is called nobody. To list all jobs: steward restore-points');
  });
});
