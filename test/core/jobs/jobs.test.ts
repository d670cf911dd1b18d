import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { amountOf, tally } from '#core/collect/totals.ts';
import { type Job, jobsOf } from '#core/jobs/jobs.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  OTHER_DIRECTORY,
  OTHER_JOB,
  uuid,
  type World,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const SAVEPOINT = 'sp/savepoint-aaaaaa-000000000001';
const FILE = `${DIRECTORY}/shared/${uuid(1)}`;

function jobs(spec: WorldSpec | World): readonly Job[] {
  const evidence = 'reachability' in spec ? spec : world(spec);
  return jobsOf(evidence, tally(evidence, judgeAll(evidence)), []);
}

describe('the jobs of an area', () => {
  it('are those with a job id or a root, the biggest first', () => {
    const found = jobs({
      objects: {
        [FILE]: { age: DAY, bytes: 10 },
        [`${OTHER_DIRECTORY}/shared/${uuid(2)}`]: { age: DAY, bytes: 5000 },
        [`nobody/shared/${uuid(3)}`]: { age: DAY, bytes: 9000 },
      },
      roots: { 'flat/chk-1': { age: HOUR } },
    });

    expect(found.map(({ label, job, directory }) => ({ label, job, directory }))).toEqual([
      { label: OTHER_JOB, job: OTHER_JOB, directory: `s3://bucket/${OTHER_DIRECTORY}/` },
      { label: 'flat', job: null, directory: 's3://bucket/flat/' },
      { label: JOB, job: JOB, directory: `s3://bucket/${DIRECTORY}/` },
    ]);
  });

  it('have their roots of equal time in the order of their numbers', () => {
    const [job] = jobs({
      roots: Object.fromEntries([9, 11, 10].map((number) => [`${DIRECTORY}/chk-${number}`, { age: DAY }])),
    });

    const numbers = [11n, 10n, 9n];
    expect(job?.roots.map((root) => root.class.checkpoint)).toEqual(numbers);
    expect(job?.restorePoints.map((root) => root.class.checkpoint)).toEqual(numbers);
  });

  it('of equal size stand in the order of their labels', () => {
    const keys = [`${OTHER_DIRECTORY}/shared/${uuid(1)}`, FILE];

    expect(jobs({ objects: Object.fromEntries(keys.map((key) => [key, DAY])) }).map(({ job }) => job)).toEqual([
      JOB,
      OTHER_JOB,
    ]);
    expect(
      jobs({ objects: Object.fromEntries(keys.reverse().map((key) => [key, DAY])) }).map(({ job }) => job),
    ).toEqual([JOB, OTHER_JOB]);
  });

  it.each([
    ['a', 'z'],
    ['z', 'a'],
  ])('of equal size stand in the order of their labels, wherever they lie: %s, %s', (first, second) => {
    const evidence = world({ objects: { [FILE]: DAY, [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: DAY } });
    const labels = [
      { jobId: JOB, job: first },
      { jobId: OTHER_JOB, job: second },
    ];

    const found = jobsOf(evidence, tally(evidence, judgeAll(evidence)), labels);

    expect(found.map(({ label }) => label)).toEqual(['a', 'z']);
  });

  it('bear the folder above them where several folders hold jobs', () => {
    const other = `eu/${OTHER_JOB}/shared/${uuid(1)}`;

    expect(jobs({ objects: { [FILE]: DAY, [other]: DAY } }).map(({ label }) => label)).toEqual([
      `cp/${JOB}`,
      `eu/${OTHER_JOB}`,
    ]);
    expect(
      jobs({ objects: { [FILE]: DAY, [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: DAY } }).map(({ label }) => label),
    ).toEqual([JOB, OTHER_JOB]);
  });

  it('have their roots newest first, without those that have vanished', () => {
    const evidence = world({
      objects: { [FILE]: DAY },
      roots: {
        [`${DIRECTORY}/chk-7`]: { age: 3 * HOUR },
        [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [`gone/${uuid(9)}`] },
        [`${DIRECTORY}/chk-8`]: { age: 2 * HOUR, names: [FILE] },
        [`${DIRECTORY}/chk-6`]: { age: 4 * HOUR, outcome: 'vanished' },
      },
    });

    const [job] = jobs(evidence);

    const chk = (number: number) => evidence.root(`${DIRECTORY}/chk-${number}`);
    expect(job?.roots).toEqual([chk(9), chk(8), chk(7)]);
    expect(job?.restorePoints).toEqual([chk(8), chk(7)]);
    expect(job?.damaged).toEqual([chk(9)]);
    expect(job?.owner).toBe(evidence.owner(FILE));
  });

  it('may have nothing listed yet but a root', () => {
    const [job] = jobs({ roots: { [`${DIRECTORY}/chk-1`]: { age: 0, listed: false } } });

    expect(job?.roots).toHaveLength(1);
    expect(job && amountOf(job.tally)).toEqual({ objects: 0, bytes: 0 });
  });
});

describe('a savepoint', () => {
  const spec = (further: WorldSpec['objects'] = {}): WorldSpec => ({
    objects: { [FILE]: { age: DAY, bytes: 10 }, [`${SAVEPOINT}/${uuid(5)}`]: { age: DAY, bytes: 700 }, ...further },
    roots: {
      [`${DIRECTORY}/chk-9`]: { age: 2 * HOUR, bytes: 1 },
      [SAVEPOINT]: { age: HOUR, kind: 'savepoint-native', bytes: 1 },
    },
  });

  it('counts to the one job that begins with its six digits', () => {
    const evidence = world(spec({ [`${OTHER_DIRECTORY}/shared/${uuid(2)}`]: { age: DAY, bytes: 1 } }));

    const found = jobs(evidence);

    expect(found.map(({ job }) => job)).toEqual([JOB, OTHER_JOB]);
    expect(found[0]?.roots).toEqual([evidence.root(SAVEPOINT), evidence.root(`${DIRECTORY}/chk-9`)]);
    expect(found[0] && amountOf(found[0].tally)).toEqual({ objects: 4, bytes: 712 });
  });

  it('stands for itself where two jobs begin with them', () => {
    const twin = `aaaaaa${'c'.repeat(26)}`;

    expect(jobs(spec({ [`cp/${twin}/shared/${uuid(2)}`]: { age: DAY, bytes: 1 } })).map(({ label }) => label)).toEqual([
      SAVEPOINT,
      JOB,
      twin,
    ]);
  });

  it('stands for itself where no job begins with them, or its name does not tell', () => {
    const root = { age: HOUR, kind: 'savepoint-native' as const };

    expect(
      jobs({ objects: { [FILE]: DAY }, roots: { 'sp/savepoint-cccccc-000000000001': root, mine: root } })
        .map(({ label }) => label)
        .sort(),
    ).toEqual([JOB, 'mine', 'sp/savepoint-cccccc-000000000001']);
  });

  it('without a root is no job of its own', () => {
    expect(jobs({ objects: { [`${SAVEPOINT}/${uuid(5)}`]: DAY } })).toEqual([]);
  });
});
