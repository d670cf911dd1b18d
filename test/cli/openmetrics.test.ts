import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { type ReadSample, readExposition } from '#test/support/read-exposition.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, bucketFiles, damagedJob, documentOf, smallJob, steward } from './steward.ts';

/** `audit --openmetrics`: the numbers of an audit for the textfile collector of node_exporter. */

const makeDirectory = useTempDirectories();
const LOOK = ['audit', 'copy', '--as', 's3://bucket', '--openmetrics', 'out/steward.prom'];
const AREA = { area: 'copy' };
const SECOND = 1_000;

async function measured(files: Parameters<typeof makeDirectory>[0], ...more: readonly string[]) {
  const cwd = await makeDirectory({ ...files, 'out/': '' });
  const ran = await steward(cwd, [...LOOK, ...more]);
  return { ran, cwd, samples: readExposition(await readFile(join(cwd, 'out/steward.prom'), 'utf8')) };
}

/** The values of one name, by what tells them apart. */
function valuesOf(samples: readonly ReadSample[], name: string): readonly (readonly [string, number])[] {
  return samples
    .filter((sample) => sample.name === `flink_steward_${name}`)
    .map(({ labels: { area: _, ...labels }, value }) => [Object.values(labels).join(' '), value]);
}

describe('The numbers of an audit for Prometheus', () => {
  it('are those of its document', async () => {
    const { ran, cwd, samples } = await measured(below('copy', smallJob()));
    const document = documentOf(await steward(cwd, ['audit', 'copy', '--as', 's3://bucket', '--json']));

    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(document).toMatchObject({ total: { objects: 3, bytes: 1_172 } });
    const of = (name: string) => valuesOf(samples, name);
    expect(of('look_timestamp_seconds')).toEqual([['', NOW / SECOND]]);
    expect(of('area_undecidable')).toEqual([['', 0]]);
    expect([of('area_objects'), of('area_total_bytes'), of('area_reclaimable_bytes')]).toEqual([
      [['', 3]],
      [['', 1_172]],
      [['', 100]],
    ]);
    expect(of('area_findings')).toEqual([
      ['damaged-checkpoint', 0],
      ['pinned-root-missing', 0],
      ['lifecycle-rule', 0],
    ]);
    expect(of('area_monthly_cost')).toEqual([['USD objects', expect.closeTo((1_172 / 1024 ** 3) * 0.023, 12)]]);
    expect([of('job_live_bytes'), of('job_reclaimable_bytes'), of('job_young_bytes')]).toEqual([
      [[JOB, 1_072]],
      [[JOB, 100]],
      [[JOB, 0]],
    ]);
    expect([of('job_restore_points'), of('job_damaged_checkpoints')]).toEqual([[[JOB, 1]], [[JOB, 0]]]);
    expect(of('job_newest_restore_point_timestamp_seconds')).toEqual([[JOB, (NOW - 2 * DAY) / SECOND]]);
    expect(of('job_last_write_timestamp_seconds')).toEqual([[JOB, (NOW - 2 * DAY) / SECOND]]);
    expect(of('job_state')).toEqual([
      [`${JOB} running`, 0],
      [`${JOB} silent`, 1],
      [`${JOB} ended`, 0],
    ]);
    expect(samples.every(({ labels }) => labels.area === AREA.area)).toBe(true);
  });

  it('have one job for all submissions of a label, whatever characters it has', async () => {
    const label = 'a "quoted" \\ name\nof two lines';
    const { samples } = await measured({
      ...below(
        'copy',
        bucketFiles((store) => {
          const first = new PlayedJob(store, `flink/${OTHER_JOB}/`);
          first.complete(3, [first.upload(1, NOW - 40 * DAY)], NOW - 39 * DAY);
          const second = new PlayedJob(store);
          second.complete(4, [second.upload(2)], NOW - 1_000);
        }),
      ),
      'steward.json': JSON.stringify({ labels: [JOB, OTHER_JOB].map((jobId) => ({ jobId, job: label })) }),
    });

    expect(valuesOf(samples, 'job_objects')).toEqual([[label, 4]]);
    expect(valuesOf(samples, 'job_restore_points')).toEqual([[label, 2]]);
    expect(valuesOf(samples, 'job_newest_restore_point_timestamp_seconds')).toEqual([[label, (NOW - 1_000) / SECOND]]);
    expect(valuesOf(samples, 'job_state')).toContainEqual([`${label} running`, 1]);
  });

  it('tell what is wrong, and have no time of a restore point that is not there', async () => {
    const { ran, samples } = await measured({
      ...below('copy', damagedJob()),
      [`copy/flink/${OTHER_JOB}/chk-1/_metadata`]: { content: 'cut off', modified: NOW - DAY },
    });

    expect(ran.status).toBe(3);
    expect(valuesOf(samples, 'area_undecidable')).toEqual([['', 1]]);
    expect(valuesOf(samples, 'area_findings')).toContainEqual(['damaged-checkpoint', 1]);
    expect(valuesOf(samples, 'job_damaged_checkpoints')).toContainEqual([JOB, 1]);
    expect(valuesOf(samples, 'job_newest_restore_point_timestamp_seconds')).toEqual([[JOB, (NOW - 3 * DAY) / SECOND]]);
  });

  it('have no costs where no prices are known', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    await steward(cwd, ['audit', 'copy', '--as', 'file:///opt/flink', '--openmetrics', 'steward.prom']);

    const names = readExposition(await readFile(join(cwd, 'steward.prom'), 'utf8')).map(({ name }) => name);
    expect(names).toContain('flink_steward_job_live_bytes');
    expect(names.filter((name) => name.includes('cost'))).toEqual([]);
  });

  it('stay as they were where there is nothing to look at, so that their age tells', async () => {
    const cwd = await makeDirectory({ 'copy/flink/': '', 'steward.prom': 'old' });

    const { status } = await steward(cwd, ['audit', 'copy', '--as', 's3://bucket', '--openmetrics', 'steward.prom']);

    expect([status, await readFile(join(cwd, 'steward.prom'), 'utf8')]).toEqual([2, 'old']);
  });

  it('are of one job with --job', async () => {
    const files = {
      ...below('copy', smallJob()),
      ...below('copy', smallJob(`flink/${OTHER_JOB}/`)),
    };

    const { samples } = await measured(files, '--job', JOB.slice(0, 6));

    expect(valuesOf(samples, 'job_objects')).toEqual([[JOB, 3]]);
    expect(valuesOf(samples, 'area_objects')).toEqual([['', 6]]);
  });

  it('take the place of the old ones whole, through a link too, and leave nothing beside them', async () => {
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'out/': '', 'real/': '' });
    await writeFile(join(cwd, 'real/steward.prom'), 'old');
    await symlink(join(cwd, 'real/steward.prom'), join(cwd, 'out/steward.prom'));

    await steward(cwd, LOOK);

    expect(readExposition(await readFile(join(cwd, 'real/steward.prom'), 'utf8')).length).toBeGreaterThan(20);
    expect([await readdir(join(cwd, 'real')), await readdir(join(cwd, 'out'))]).toEqual([
      ['steward.prom'],
      ['steward.prom'],
    ]);
  });

  it.each([
    ['copy/_metadata', '--openmetrics copy/_metadata: this file is inside copy and has a name that Flink uses'],
    ['nowhere/x.prom', "nowhere/x.prom can't be written: no such directory"],
  ])('are not written to %s', async (file, why) => {
    const cwd = await makeDirectory(below('copy', smallJob()));
    await mkdir(join(cwd, 'copy'), { recursive: true });

    const { status, err } = await steward(cwd, ['audit', 'copy', '--as', 's3://bucket', '--openmetrics', file]);

    expect(status).toBe(2);
    expect(err).toContain(why);
  });
});

describe('The strict reader of these tests', () => {
  const GOOD = '# HELP a_bytes One.\n# TYPE a_bytes gauge\n# UNIT a_bytes bytes\na_bytes{x="1"} 1\n# EOF\n';

  it.each([
    ['without an end', GOOD.replace('# EOF\n', '')],
    ['with an empty line', GOOD.replace('# TYPE', '\n# TYPE')],
    ['with a time', GOOD.replace('} 1', '} 1 1700000000')],
    ['with a value twice', GOOD.replace('# EOF', 'a_bytes{x="1"} 2\n# EOF')],
    ['with a unit that the name has not', GOOD.replace('a_bytes bytes', 'a_bytes seconds')],
    ['with a quote in a label', GOOD.replace('x="1"', 'x="1"1"')],
    ['with a value that is none', GOOD.replace('} 1', '} NULL')],
    ['with a value of another name', GOOD.replace('a_bytes{', 'b_bytes{')],
    ['without a type', GOOD.replace('# TYPE a_bytes gauge\n', '')],
  ])('refuses a text %s', (_, text) => {
    expect(readExposition(GOOD)).toHaveLength(1);
    expect(() => readExposition(text)).toThrow();
  });
});
