import { describe, expect, it } from 'vitest';
import { MOST_JOBS, nextLooks, spread } from '#core/discovery/next-looks.ts';
import { J1 } from './looks.ts';

function below(path: string, ...folders: readonly string[]) {
  return nextLooks({ path, folders, files: [], isWhole: true });
}

describe('The next folders to look into', () => {
  it('are first jobs, then what is named for state, then the rest, and partitions of tables last', () => {
    const { looks } = below('x/', 'misc', 'dt=1', 'checkpoints', J1);

    expect(looks.toSorted((a, b) => a.rank - b.rank).map(({ path }) => path)).toEqual([
      `x/${J1}/`,
      'x/checkpoints/',
      'x/misc/',
      'x/dt=1/',
    ]);
  });

  it('are none below a job, below blobs, and at a depth that no configuration has', () => {
    const none = { looks: [], leftOut: 0 };

    expect(below(`x/${J1}/`, 'chk-1', 'shared')).toEqual(none);
    expect(below('ha/c/blob/', `job_${J1}`)).toEqual(none);
    expect(below('a/'.repeat(13), 'x')).toEqual(none);
  });

  it('are no savepoints and no checkpoints', () => {
    expect(below('x/', 'savepoint-aaaaaa-0123456789ab', 'more')).toEqual({
      looks: [{ path: 'x/more/', rank: 2 }],
      leftOut: 0,
    });
  });

  it('are some of many, and the others are counted', () => {
    const many = Array.from({ length: 100 }, (_, at) => `f${at}`);
    const jobs = Array.from({ length: 100 }, (_, at) => at.toString(16).padStart(32, '0'));

    expect(below('x/', ...many)).toMatchObject({ leftOut: 80 });
    expect(below('x/', ...jobs)).toMatchObject({ leftOut: 0, looks: { length: MOST_JOBS } });
    expect(below('x/', ...many.map((name) => `n=${name}`)).looks.map(({ path }) => path)).toEqual([
      'x/n=f0/',
      'x/n=f99/',
    ]);
  });
});

describe('Spreading', () => {
  it('takes the first, the last, and some between', () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8]);
    expect(spread([1, 2], 3)).toEqual([1, 2]);
  });
});
