import { describe, expect, it } from 'vitest';
import { budgetFor, fleetGaugesOf, gaugesOf } from '#core/signals/gauges.ts';
import { METRICS_OF_FLEET, METRICS_OF_JOBS } from '#core/signals/metrics.ts';
import { completion, DAY, GIB, HOUR, historyOf, hourly, measure, START } from '#test/support/job-histories.ts';

const NOW = START + 8 * DAY;
const FACTS = {
  UndecidableRoots: 1,
  HazardousRules: 2,
  BytesAtRisk: 3,
  SweptBytes: 4,
  LostObjects: 0,
  GuardBlind: 0,
  SweptObjects: 5,
  PausedHours: null,
};

const grown = historyOf({
  completions: [
    ...hourly(190, (hour) => completion(hour, { incrementBytes: 5 })),
    completion(190, { bytes: 4 * GIB, incrementBytes: 6 }),
    completion(191, { bytes: 5 * GIB, incrementBytes: 7 }),
  ],
  measures: [
    ...hourly(192, (hour) => measure(hour, { live: 10 * GIB, reclaimable: 20 * GIB + hour * GIB })),
    measure(192, {
      live: 10 * GIB,
      reclaimable: 212 * GIB,
      restorePoints: 1,
      damagedRoots: 1,
      newestDamaged: true,
      costPerMonth: 3.5,
    }),
  ],
});

describe('The gauges of a job', () => {
  it('are all that is known of it', () => {
    const gauges = gaugesOf(grown, { now: NOW, budget: 270 * GIB });

    expect(gauges).toEqual({
      CheckpointBytes: 5 * GIB,
      IncrementBytes: 7,
      GrowthRatio: 5,
      LiveBytes: 10 * GIB,
      ReclaimableBytes: 212 * GIB,
      TotalBytes: 222 * GIB,
      GrowthBytesPerDay: 24 * GIB,
      // The floor is the total of 23 hours ago, the oldest within a day.
      DaysToBudget: (270 - 199) / 24,
      Lateness: 1,
      RestorePoints: 1,
      DamagedRoots: 1,
      MonthlyCost: 3.5,
      JumpRatio: 4,
      ReclaimableShare: 141 / 151,
      DamagedNewest: 1,
    });
  });

  it('are those of the table', () => {
    const names = METRICS_OF_JOBS.map(({ name }) => name);
    expect(Object.keys(gaugesOf(grown, { now: NOW, budget: null }))).toEqual(names);
  });

  it('are null where nothing is known', () => {
    const gauges = gaugesOf(historyOf(), { now: NOW, budget: 1 });
    expect(new Set(Object.values(gauges))).toEqual(new Set([null]));
  });

  it('raise no alarm of a job that has ended, and still tell what it left behind', () => {
    const gauges = gaugesOf({ ...grown, ended: true }, { now: NOW, budget: 270 * GIB });
    expect(gauges).toMatchObject({
      GrowthRatio: null,
      GrowthBytesPerDay: null,
      DaysToBudget: null,
      Lateness: null,
      RestorePoints: null,
      JumpRatio: null,
      ReclaimableShare: null,
      DamagedNewest: null,
    });
    expect(gauges).toMatchObject({ TotalBytes: 222 * GIB, ReclaimableBytes: 212 * GIB, DamagedRoots: 1 });
  });
});

describe('Restore points', () => {
  const none = { roots: 0, restorePoints: 0 };
  const pointsOf = (history: Parameters<typeof historyOf>[0]) =>
    gaugesOf(historyOf(history), { now: NOW, budget: null }).RestorePoints;

  it('are not missing before the first checkpoint', () => {
    expect(pointsOf({ measures: [measure(0, none)] })).toBeNull();
  });

  it('are missing after it', () => {
    expect(pointsOf({ measures: [measure(0, none)], completions: [completion(0)] })).toBe(0);
    expect(pointsOf({ measures: [measure(0, { roots: 1 }), measure(1, none)] })).toBe(0);
  });
});

describe('The share of garbage', () => {
  const shareOf = (hours: number, garbageOf: (hour: number) => number, live = 10 * GIB) =>
    gaugesOf(historyOf({ measures: hourly(hours, (hour) => measure(hour, { live, reclaimable: garbageOf(hour) })) }), {
      now: START + (hours - 1) * HOUR,
      budget: null,
    }).ReclaimableShare;

  it('is the smallest of three days, so that what is collected in time is none', () => {
    expect(shareOf(120, () => 10 * GIB)).toBe(0.5);
    expect(shareOf(120, (hour) => (hour === 60 ? 0 : 10 * GIB))).toBeNull();
    expect(shareOf(120, (hour) => (hour < 49 ? 0 : 10 * GIB))).toBeNull();
    expect(shareOf(120, (hour) => (hour < 48 ? 0 : 10 * GIB))).toBe(0.5);
  });

  it('is not known before three days are', () => {
    expect(shareOf(67, () => 10 * GIB)).not.toBeNull();
    expect(shareOf(66, () => 10 * GIB)).toBeNull();
  });

  it('is no matter below a quarter, and of a small job', () => {
    expect(shareOf(120, () => 3 * GIB)).toBeNull();
    expect(shareOf(120, () => 4 * GIB)).toBeCloseTo(4 / 14);
    expect(shareOf(120, () => GIB / 2, GIB / 2)).toBe(0.5);
    expect(shareOf(120, () => GIB / 2 - 1, GIB / 2)).toBeNull();
  });

  it('is not known where nobody has looked for three days', () => {
    const history = historyOf({ measures: hourly(24, (hour) => measure(hour, { reclaimable: 10 * GIB })) });
    expect(gaugesOf(history, { now: NOW, budget: null }).ReclaimableShare).toBeNull();
  });
});

describe('The budget of a job', () => {
  it('is its own, else that of all, else none', () => {
    const budgets = { default: 5, orders: 7 };
    expect(budgetFor('orders', budgets)).toBe(7);
    expect(budgetFor('payments', budgets)).toBe(5);
    expect(budgetFor('toString', budgets)).toBe(5);
    expect(budgetFor('toString', {})).toBeNull();
  });
});

describe('The gauges of the fleet', () => {
  const jobOf = (history: ReturnType<typeof historyOf>) => ({
    history,
    gauges: gaugesOf(history, { now: NOW, budget: null }),
  });

  it('add up what is known of all jobs, those that have ended included', () => {
    const ended = historyOf({
      label: 'old',
      ended: true,
      measures: [measure(0, { live: GIB, reclaimable: 77 * GIB })],
    });
    const quiet = historyOf({ label: 'new' });

    const gauges = fleetGaugesOf([grown, ended, quiet].map(jobOf), FACTS);

    expect(gauges).toEqual({
      LiveBytes: 11 * GIB,
      ReclaimableBytes: 289 * GIB,
      TotalBytes: 300 * GIB,
      GrowthBytesPerDay: 24 * GIB,
      RestorePoints: 1,
      DamagedRoots: 1,
      MonthlyCost: 3.5,
      ReclaimableShare: 289 / 300,
      Jobs: 2,
      Heartbeat: 1,
      ...FACTS,
    });
    const names = METRICS_OF_FLEET.map(({ name }) => name);
    expect(Object.keys(gauges).toSorted()).toEqual(names.toSorted());
  });

  it('are unknown where no job was measured', () => {
    const gauges = fleetGaugesOf([], FACTS);
    expect(gauges).toMatchObject({ TotalBytes: null, LiveBytes: null, ReclaimableShare: null, Jobs: 0 });
  });

  it('have no share of nothing', () => {
    const empty = historyOf({ measures: [measure(0, { live: 0 })] });
    expect(fleetGaugesOf([jobOf(empty)], FACTS).ReclaimableShare).toBe(0);
  });
});
