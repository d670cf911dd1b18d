import { describe, expect, it } from 'vitest';
import type { Measure } from '#core/signals/job-history.ts';
import { recordedEvents } from '#core/signals/recorded-events.ts';

const NOTHING = { label: 'orders', completions: [], measures: [], ended: false };

function measure(at: number, newestDamaged?: boolean): Measure {
  const sizes = { live: 1, reclaimable: 0, quarantined: 0, unknown: 0, total: 1 };
  return { at, ...sizes, roots: 1, restorePoints: 1, damagedRoots: 0, newestDamaged, costPerMonth: null };
}

describe('What runs recorded of a job', () => {
  it('has damage in each of the two surveys that saw it, since a record says it of the second', () => {
    const { measures } = recordedEvents({
      ...NOTHING,
      measures: [measure(1), measure(2, false), measure(3, true), measure(4)],
    });
    expect(measures.map(({ newestDamaged }) => newestDamaged)).toEqual([false, true, true, false]);
  });

  it('ends at the last that is known of it, if it has ended', () => {
    const completions = [
      { completed: 7, jobId: null, checkpointId: null, savepoint: false, bytes: null, incrementBytes: null },
    ];
    expect(recordedEvents({ ...NOTHING, completions, measures: [measure(9)], ended: true }).ends).toEqual([9]);
    expect(recordedEvents({ ...NOTHING, completions, ended: true }).ends).toEqual([7]);
    expect(recordedEvents({ ...NOTHING, ended: true }).ends).toEqual([]);
    expect(recordedEvents({ ...NOTHING, completions }).ends).toEqual([]);
  });
});
