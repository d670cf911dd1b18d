import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { borrowings } from '#core/jobs/borrowed-files.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  NOW,
  OTHER_DIRECTORY,
  OTHER_JOB,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const SAVEPOINT = 'sp/savepoint-aaaaaa-000000000001';

function find(spec: WorldSpec) {
  const evidence = world(spec);
  const jobs = jobsOf(evidence, tally(evidence, judgeAll(evidence)), []);
  return borrowings(evidence, jobs).map(({ borrower, lender, ...rest }) => ({
    from: borrower.job,
    to: lender?.job ?? null,
    ...rest,
  }));
}

function file(directory: string, number: number): string {
  return `${directory}/shared/${uuid(number)}`;
}

describe('The files that a job borrows', () => {
  it('are those that its checkpoints name in the directory of another job, each counted once', () => {
    const found = find({
      objects: {
        [file(DIRECTORY, 1)]: { age: 9 * DAY, bytes: 10 },
        [file(DIRECTORY, 2)]: { age: 5 * DAY, bytes: 7 },
        [file(OTHER_DIRECTORY, 3)]: { age: 2 * DAY, bytes: 5 },
      },
      roots: {
        [`${DIRECTORY}/chk-7`]: { age: 4 * DAY, names: [file(DIRECTORY, 1), file(DIRECTORY, 2)] },
        [`${OTHER_DIRECTORY}/chk-8`]: { age: 2 * HOUR, names: [file(DIRECTORY, 1), file(DIRECTORY, 2)] },
        [`${OTHER_DIRECTORY}/chk-9`]: { age: HOUR, names: [file(DIRECTORY, 1), file(OTHER_DIRECTORY, 3)] },
      },
    });

    expect(found).toEqual([
      { from: OTHER_JOB, to: JOB, directory: `${DIRECTORY}/`, objects: 2, bytes: 17, oldest: NOW - 9 * DAY, roots: 2 },
    ]);
  });

  it('may lie with no job', () => {
    const found = find({
      objects: { [file('gone', 1)]: { age: 9 * DAY, bytes: 10 } },
      roots: { [`${DIRECTORY}/chk-7`]: { age: HOUR, names: [file('gone', 1)] } },
    });

    expect(found).toMatchObject([{ from: JOB, to: null, directory: 'gone/', objects: 1 }]);
  });

  it('are none where a savepoint of the job itself holds them', () => {
    const found = find({
      objects: { [`${SAVEPOINT}/${uuid(1)}`]: 9 * DAY },
      roots: {
        [`${DIRECTORY}/chk-7`]: { age: HOUR, names: [`${SAVEPOINT}/${uuid(1)}`] },
        [SAVEPOINT]: { age: 8 * DAY, kind: 'savepoint-native', names: [`${SAVEPOINT}/${uuid(1)}`] },
      },
    });

    expect(found).toEqual([]);
  });

  it('come with the most bytes first', () => {
    const third = `cp/${'c'.repeat(32)}`;
    const found = find({
      objects: { [file(DIRECTORY, 1)]: { age: DAY, bytes: 10 }, [file(OTHER_DIRECTORY, 2)]: { age: DAY, bytes: 20 } },
      roots: { [`${third}/chk-7`]: { age: HOUR, names: [file(DIRECTORY, 1), file(OTHER_DIRECTORY, 2)] } },
    });

    expect(found.map(({ to }) => to)).toEqual([OTHER_JOB, JOB]);
  });
});
