import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { type Tree, useTempDirectories } from '#test/support/temp-directory.ts';
import { below, bucketFiles, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];

/** Jobs with all kinds of files, long labels, savepoints as newest restore points, and damage. */
function everything(): Tree {
  const sizes = [7, 70, 700, 7_000].map((bytes, index) => [`flink/${JOB}/shared/${uuid(90 + index)}`, bytes] as const);
  return {
    ...bucketFiles((store) => {
      const job = new PlayedJob(store);
      job.complete(123_456, [job.upload(1), job.file(2)]);
      job.upload(3, NOW - DAY / 2);
      job.upload(4, NOW - 1.5 * DAY);
      job.upload(5, NOW - 5 * DAY, 'taskowned');
      for (const [key, bytes] of sizes) {
        store.put(key, 'x'.repeat(bytes), NOW - 5 * DAY);
      }
      const other = new PlayedJob(store, `flink/${OTHER_JOB}/`);
      other.complete(7, [other.upload(6)], NOW - 3 * DAY);
      other.upload(2);
      store.put(
        `flink/savepoint-${OTHER_JOB.slice(0, 6)}-0c236dd65946/_metadata`,
        incrementalCheckpoint({ id: 8, kind: 'savepoint-native', shared: [] }),
        NOW - DAY,
      );
      store.put('flink/notes.txt', 'x', NOW - 5 * DAY);
      store.put('flink/ha/completedCheckpoint1234abcd', 'x', NOW - 5 * DAY);
    }),
    'steward.json': JSON.stringify({
      labels: [{ jobId: JOB, job: 'a label that somebody made as long as a whole sentence, for good reasons' }],
    }),
  };
}

describe.each([60, 80, 100, 120, 200])('In %i columns', (columns) => {
  it.each([
    ['audit', []],
    ['plan', []],
    ['plan', ['--assume-quarantined']],
  ])('no line of %s %j is wider, but for words that are', async (command, flags) => {
    const cwd = await makeDirectory(everything());

    const { out } = await steward(cwd, [command, '.', ...AS, ...flags], columns);

    // A path or a command is never broken, so that it can be copied.
    const widest = Math.max(columns, 80);
    const lines = out
      .split('\n')
      .filter((line) => line.split(' ').every((word) => word.length < 60) && !/^ +steward /.test(line));
    expect(lines.filter((line) => line.length > widest)).toEqual([]);
    expect(lines.length).toBeGreaterThan(10);
  });

  it('the rows of the table of jobs stay one under the other', async () => {
    const cwd = await makeDirectory(everything());

    const { out } = await steward(cwd, ['audit', '.', ...AS], columns);

    const [head = '', ...rows] = out.slice(out.indexOf('\njob ') + 1).split('\n');
    const at = head.indexOf('newest');
    const table = rows.slice(0, rows.indexOf(''));
    expect(table.length).toBeGreaterThanOrEqual(2);
    for (const row of table) {
      expect(row.slice(at - 2, at)).toBe('  ');
      expect(row.charAt(at)).toMatch(/\S/);
    }
  });
});

describe.each([80, 100])('In %i columns, with several long paths and large numbers', (columns) => {
  it.each(['audit', 'plan', 'restore-points'])('%s begins with whole paths and a whole time', async (command) => {
    // Prepare
    const names = ['one', 'two', 'three'].map((name) => `a folder with a long name ${name}`);
    const cwd = await makeDirectory({
      ...below(names[0] ?? '', smallJob()),
      [`${names[1]}/${JOB}/shared/${uuid(4)}`]: 'x',
      [`${names[2]}/${JOB}/shared/${uuid(5)}`]: 'x',
      'steward.json': JSON.stringify({ area: [{ path: names[0], as: 's3://bucket' }, names[1], names[2]] }),
    });

    // Act
    const { out } = await steward(cwd, [command, ...names], columns);

    // Assess
    const lines = out.split('\n');
    const time = lines.indexOf('as of 2027-03-01 00:00:00 UTC');
    expect(time).toBeGreaterThan(0);
    expect(lines.slice(0, time).every((line) => line.length <= columns)).toBe(true);
    for (const name of names) {
      expect(lines.slice(0, time).filter((line) => line.includes(name))).toHaveLength(1);
    }
  });

  it('shortens labels, so that the last column of the table of jobs stays within', async () => {
    const cwd = await makeDirectory({
      ...bucketFiles((store) => {
        const job = new PlayedJob(store);
        job.complete(123_456_789, [job.upload(1)]);
        const half = new PlayedJob(store, `flink/${OTHER_JOB}/`);
        half.complete(7, [half.upload(2), half.file(3)], NOW - DAY / 2);
        store.put(`flink/savepoint-${JOB.slice(0, 6)}-0c236dd65946/_metadata`, half.metadata(9, []), NOW - 5 * DAY);
      }),
      'steward.json': JSON.stringify({
        labels: [JOB, OTHER_JOB].map((jobId) => ({
          jobId,
          job: 'a label made as long as a whole sentence, for reasons',
        })),
      }),
    });

    const { out } = await steward(cwd, ['audit', '.', ...AS], columns);

    const table = out.slice(out.indexOf('\njob ') + 1).split('\n\n')[0] ?? '';
    expect(table.split('\n').filter((line) => line.length > columns)).toEqual([]);
    expect(table).toMatch(/^a label .*….*946894…\) /m);
    expect(table).toMatch(/^a label .*….*e8281d…\) .* none$/m);
  });
});

describe.each([80, 100])('In %i columns, with labels of characters that take two', (columns) => {
  it.each([
    ['short enough', '注文処理'],
    ['too long', '注文処理を行うジョブの名前としてはとても長いが、それでも誰かが付けた名前である'],
  ])('the table of jobs has its columns one under the other: %s', async (_, label) => {
    const cwd = await makeDirectory({
      ...everything(),
      'steward.json': JSON.stringify({ labels: [{ jobId: JOB, job: label }] }),
    });

    const { out } = await steward(cwd, ['audit', '.', ...AS], columns);

    const [head = '', ...rows] = (out.slice(out.indexOf('\njob ') + 1).split('\n\n')[0] ?? '').split('\n');
    const lastColumn = (line: string) => stringWidth(line.slice(0, line.lastIndexOf('  ') + 2));
    expect(rows.filter((row) => row.startsWith('注文処理'))).toHaveLength(1);
    expect([head, ...rows].filter((line) => stringWidth(line) > columns)).toEqual([]);
    expect(rows.map(lastColumn)).toEqual(rows.map(() => lastColumn(head)));
    expect(rows.join('\n').includes(label)).toBe(label === '注文処理');
  });
});

describe('In 80 columns', () => {
  it('the reasons of a plan are broken within their column', async () => {
    const cwd = await makeDirectory(everything());

    const { out } = await steward(cwd, ['plan', '.', ...AS], 80);

    expect(out).toContain(
      [
        'keep-live               1   100 B  has the name of a missing file that a',
        '                                   checkpoint or savepoint references',
        '',
      ].join('\n'),
    );
  });
});
