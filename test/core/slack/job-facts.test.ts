import { describe, expect, it } from 'vitest';
import type { Completion, JobHistory, Measure } from '#core/signals/job-history.ts';
import { jobFacts } from '#core/slack/job-facts.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 6);
const GB = 1e9;

function completion(daysAgo: number, gigabytes: number | null, savepoint = false): Completion {
  return {
    completed: NOW - daysAgo * DAY,
    jobId: 'a'.repeat(32),
    checkpointId: '1',
    savepoint,
    bytes: gigabytes === null ? null : gigabytes * GB,
    incrementBytes: null,
  };
}

function measure(daysAgo: number, total: number, more: Partial<Measure> = {}): Measure {
  return {
    at: NOW - daysAgo * DAY,
    live: (total * GB) / 4,
    reclaimable: (total * GB) / 2,
    quarantined: 0,
    unknown: 0,
    total: total * GB,
    roots: 4,
    restorePoints: 3,
    damagedRoots: 0,
    costPerMonth: null,
    ...more,
  };
}

function history(changes: Partial<JobHistory> = {}): JobHistory {
  return { label: 'orders', completions: [], measures: [], ended: false, ...changes };
}

describe('The facts about a job', () => {
  it('are its sizes, its restore points and its cost, with units', () => {
    // Prepare
    const known = history({
      completions: [completion(3, 1), completion(2, 1.5), completion(1, 2), completion(0.5, 6)],
      measures: [measure(2, 8), measure(1, 12, { damagedRoots: 2, costPerMonth: 3.456 })],
    });

    // Act
    const facts = jobFacts(known, 'checkpoint', NOW, 'EUR');

    // Assess
    expect(facts).toEqual({
      numbers: [
        { name: 'Newest checkpoint', text: '6.0 GB (usual: 1.5 GB)' },
        { name: 'Completed', text: '12 h ago, usually every 1 d' },
        { name: 'Stored', text: '12.0 GB: 3.0 GB live, 6.0 GB garbage' },
        { name: 'Restore points', text: '3, 2 damaged' },
        { name: 'Cost', text: 'EUR 3.46 a month' },
      ],
      trend: { of: 'Checkpoint size, 7 days', bars: '·······▁·▂·▂█·' },
      ended: false,
      wait: { age: DAY / 2, usual: DAY },
      jobId: 'a'.repeat(32),
    });
  });

  it('leave out what is not known', () => {
    expect(jobFacts(history({ ended: true }), 'total', NOW, 'USD')).toEqual({
      numbers: [],
      trend: null,
      ended: true,
      wait: null,
      jobId: null,
    });
    expect(jobFacts(history({ completions: [completion(1, null)] }), null, NOW, 'USD').numbers).toEqual([
      { name: 'Completed', text: '1 d ago' },
    ]);
    expect(jobFacts(history({ completions: [completion(1, 2)] }), null, NOW, 'USD').numbers[0]).toEqual({
      name: 'Newest checkpoint',
      text: '2.0 GB',
    });
  });

  it('take savepoints for no checkpoints, and old ones for nothing usual', () => {
    const completions = [completion(8, 100), completion(2, 50, true), completion(1, 2)];
    expect(jobFacts(history({ completions }), null, NOW, 'USD').numbers).toEqual([
      { name: 'Newest checkpoint', text: '2.0 GB' },
      { name: 'Completed', text: '1 d ago' },
    ]);
  });

  it.each([
    ['total', 'Bytes stored, 7 days'],
    ['reclaimable', 'Garbage, 7 days'],
  ] as const)('draw what the alarm is about: %s', (of, words) => {
    const measures = [measure(6, 8), measure(0, 16)];
    expect(jobFacts(history({ measures }), of, NOW, 'USD').trend).toEqual({ of: words, bars: '·▁···········█' });
  });
});
