import { describe, expect, it } from 'vitest';
import type { JobHistory, Measure } from '#core/signals/job-history.ts';
import { completionsOf, mostPointsOfJob, pointsOf, recentGrowth, sumOfAll, trendOf } from '#report/model/trend.ts';

const DAY = 86_400_000;

function measure(at: number, part: Partial<Measure> = {}): Measure {
  return {
    at,
    live: 100,
    reclaimable: 30,
    quarantined: 10,
    unknown: 0,
    total: 150,
    roots: 1,
    restorePoints: 1,
    damagedRoots: 0,
    costPerMonth: null,
    ...part,
  };
}

function history(...measures: readonly Measure[]): JobHistory {
  return { label: 'orders', completions: [], measures, ended: false };
}

function point(at: number, live: number) {
  return { at, live, deletable: 0, quarantined: 0, other: 0 };
}

describe('A job over time', () => {
  it('is what surveys remember, and what this one sees last', () => {
    const points = pointsOf(history(measure(1), measure(5)), point(5, 7));

    expect(points).toEqual([{ at: 1, live: 100, deletable: 20, quarantined: 10, other: 20 }, point(5, 7)]);
  });

  it('is one point where nothing is remembered', () => {
    expect(pointsOf(undefined, point(5, 7))).toEqual([point(5, 7)]);
  });

  it('is thinned out evenly, and keeps its first and its last point', () => {
    const points = Array.from({ length: 1_000 }, (_, at) => point(at, at));

    const { at, live } = trendOf(points, 4);

    expect(at).toEqual([0, 333, 666, 999]);
    expect(live).toEqual(at);
  });
});

describe('All jobs together', () => {
  it('are summed at every time, each as it was last seen, from its first measure to its last', () => {
    const sums = sumOfAll([
      [point(1, 10), point(3, 12)],
      [point(2, 5), point(4, 6)],
    ]);

    expect(sums.map(({ at, live }) => [at, live])).toEqual([
      [1, 10],
      [2, 15],
      [3, 17],
      [4, 6],
    ]);
  });

  it('are nothing where there are none', () => {
    expect(sumOfAll([])).toEqual([]);
  });
});

describe('Growth', () => {
  it('is told over the last week', () => {
    const points = [0, 2, 5, 9].map((day) => point(day * DAY, 100 + day));

    expect(recentGrowth(points)).toEqual({ since: 2 * DAY, from: 102 });
  });

  it('is told over less where less is known', () => {
    expect(recentGrowth([point(0, 100), point(DAY, 110)])).toEqual({ since: 0, from: 100 });
  });

  it.each([[[]], [[point(0, 1)]], [[point(0, 1), point(DAY / 2 - 1, 2)]]])('is not told of %j', (points) => {
    expect(recentGrowth(points)).toBeNull();
  });
});

describe('The completed checkpoints', () => {
  const completion = { jobId: 'a', checkpointId: '1', savepoint: false, bytes: 10, incrementBytes: null };

  it('are those that are known and those that are there, in the order of time', () => {
    const found = completionsOf(
      [{ ...completion, completed: 2, incrementBytes: 3 }],
      [
        { ...completion, completed: 2 },
        { ...completion, completed: 1, savepoint: true, bytes: null },
      ],
      60,
    );

    expect(found).toEqual({ at: [1, 2], bytes: [null, 10], increments: [null, 3], savepoint: [true, false] });
  });
});

describe('The charts of single jobs', () => {
  it('have fewer points the more jobs there are', () => {
    expect([0, 1, 300, 301, 1_000, 100_000].map(mostPointsOfJob)).toEqual([60, 60, 60, 59, 18, 12]);
  });
});
