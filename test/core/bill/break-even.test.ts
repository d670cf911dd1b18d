import { describe, expect, it } from 'vitest';
import { breakEvenOf, monthlyCostOfCron } from '#core/bill/break-even.ts';
import { monthlyBill } from '#core/bill/monthly-bill.ts';

const PUBLISHED = { metrics: ['TotalBytes'], maxJobs: 200 };

describe('The break-even of a deployment', () => {
  it('is so much garbage as costs as much as all lines of its bill', () => {
    const bill = Object.values(monthlyBill(10, PUBLISHED)).reduce((sum, line) => sum + line, 0);

    expect(breakEvenOf(10, PUBLISHED, 0.5)).toEqual({ jobs: 10, perMonth: bill, bytes: 2 * bill });
  });

  it('is not asked of the command, which costs the requests of its looks alone', () => {
    // Of 10 jobs: 10 LIST for 10,000 objects, and 5 for each job; a GET for each of 30 checkpoints.
    expect(monthlyCostOfCron(10)).toBeCloseTo(30.4 * (60 * 0.000005 + 30 * 0.0000004), 9);
  });

  it('is nowhere where storage costs nothing', () => {
    expect(breakEvenOf(10, PUBLISHED, 0).bytes).toBeNull();
  });
});
