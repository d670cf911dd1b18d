import { describe, expect, it } from 'vitest';
import type { JobAudit } from '#operations/report/audit.ts';
import { JOB_ORDERS, sortJobs } from '#operations/report/sort-jobs.ts';

const amount = (bytes: number) => ({ objects: 1, bytes });

/** The columns of a job that can be sorted by. */
function job(label: string, of: { size: number; other?: number | null; time?: string | null }): JobAudit {
  const { size, other = size, time = null } = of;
  return {
    label,
    total: amount(size),
    groups: { live: amount(other ?? 0), reclaimable: amount(-(other ?? 0)) },
    checkpoints: other ?? 0,
    savepoints: 0,
    outlook: { growthBytesPerDay: other },
    lastWrite: time,
    newestRestorePoint: time === null ? null : { completed: time },
  } as unknown as JobAudit;
}

const JOBS = [
  job('b', { size: 3, other: 1, time: '2027-03-01T00:00:00.000Z' }),
  job('c', { size: 2, other: null }),
  job('a', { size: 1, other: 2, time: '2027-02-01T00:00:00.000Z' }),
];

describe('The jobs of an audit', () => {
  it.each([
    ['size', 'bca'],
    ['live', 'abc'],
    ['reclaimable', 'cba'],
    ['checkpoints', 'abc'],
    ['growth', 'abc'],
    ['age', 'abc'],
    ['restore-point', 'cab'],
    ['name', 'abc'],
  ] as const)('are sorted by %s', (order, labels) => {
    expect(sortJobs(JOBS, order).map(({ label }) => label)).toEqual([...labels]);
  });

  it('can be sorted in these orders and no others, and stay as they are where they do not differ', () => {
    expect(JOB_ORDERS).toEqual([
      'size',
      'live',
      'reclaimable',
      'checkpoints',
      'growth',
      'age',
      'restore-point',
      'name',
    ]);
    const equal = [job('x', { size: 1, other: null }), job('x', { size: 1, other: null })];
    for (const order of JOB_ORDERS) expect(sortJobs(equal, order)).toEqual(equal);
  });
});
