import { describe, expect, it } from 'vitest';
import type { FleetGauges, JobGauges } from '#core/signals/metrics.ts';
import {
  fleetValuesOf,
  jobValuesOf,
  OTHER_JOBS,
  type PublishedJob,
  type PublishedValue,
} from '#core/signals/publication.ts';

const NOTHING: JobGauges = {
  CheckpointBytes: null,
  IncrementBytes: null,
  GrowthRatio: null,
  LiveBytes: null,
  ReclaimableBytes: null,
  TotalBytes: null,
  GrowthBytesPerDay: null,
  DaysToBudget: null,
  Lateness: null,
  RestorePoints: null,
  DamagedRoots: null,
  MonthlyCost: null,
  JumpRatio: null,
  ReclaimableShare: null,
  DamagedNewest: null,
};

function job(label: string, gauges: Partial<JobGauges>): PublishedJob {
  return { label, gauges: { ...NOTHING, ...gauges } };
}

function rows(values: readonly PublishedValue[]): readonly string[] {
  return values.map(({ job: ofJob, name, value }) => `${ofJob} ${name} ${value}`).toSorted();
}

describe('what is published of the jobs', () => {
  it('are the selected metrics that are known, and those that alarms compare', () => {
    const { values, folded } = jobValuesOf(
      [job('a', { LiveBytes: 0, TotalBytes: 9, JumpRatio: 4, Lateness: 1 }), job('b', { LiveBytes: 2 })],
      { metrics: ['LiveBytes', 'RestorePoints'], maxJobs: 2 },
    );

    expect(folded).toBe(0);
    expect(rows(values)).toEqual(['a JumpRatio 4', 'a Lateness 1', 'a LiveBytes 0', 'b LiveBytes 2']);
  });

  it('of more jobs than have a name of their own is one of the small ones together: sums, and the worst of each', () => {
    const { values, folded } = jobValuesOf(
      [
        job('small', { TotalBytes: 1, LiveBytes: 1, Lateness: 5, DaysToBudget: 3, RestorePoints: 0 }),
        job('large', { TotalBytes: 100, LiveBytes: 90 }),
        job('middle', { TotalBytes: 2, LiveBytes: 2, Lateness: 1, DaysToBudget: 30, RestorePoints: 4 }),
        job('unknown', {}),
      ],
      { metrics: ['TotalBytes', 'LiveBytes', 'Lateness', 'DaysToBudget', 'RestorePoints'], maxJobs: 1 },
    );

    expect(folded).toBe(3);
    expect(rows(values)).toEqual([
      'large LiveBytes 90',
      'large TotalBytes 100',
      `${OTHER_JOBS} DaysToBudget 3`,
      `${OTHER_JOBS} Lateness 5`,
      `${OTHER_JOBS} LiveBytes 3`,
      `${OTHER_JOBS} RestorePoints 0`,
      `${OTHER_JOBS} TotalBytes 3`,
    ]);
  });

  it('does not depend on the order of jobs of equal size', () => {
    const jobs = ['b', 'a', 'c'].map((label) => job(label, { LiveBytes: 1 }));
    const selection = { metrics: ['LiveBytes'], maxJobs: 1 } as const;

    expect(jobValuesOf(jobs.toReversed(), selection)).toEqual(jobValuesOf(jobs, selection));
    expect(rows(jobValuesOf(jobs, selection).values)).toEqual(['a LiveBytes 1', 'other LiveBytes 2']);
  });
});

describe('what is published of the fleet', () => {
  it('is all that is known', () => {
    const gauges = { Jobs: 2, Heartbeat: null, LiveBytes: 0 } as unknown as FleetGauges;
    expect(fleetValuesOf(gauges, { metrics: [] })).toEqual([
      { name: 'Jobs', value: 2, job: null },
      { name: 'LiveBytes', value: 0, job: null },
    ]);
    const growth = { ...gauges, GrowthBytesPerDay: 7 };
    expect(fleetValuesOf(growth, { metrics: ['LiveBytes'] })).toHaveLength(2);
    expect(fleetValuesOf(growth, { metrics: ['GrowthBytesPerDay'] })).toContainEqual({
      name: 'GrowthBytesPerDay',
      value: 7,
      job: null,
    });
  });
});
