import { describe, expect, it } from 'vitest';
import {
  ALARM_JOB_METRICS,
  DEFAULT_JOB_METRICS,
  METRICS,
  type Metric,
  SELECTABLE_METRICS,
} from '#core/signals/metrics.ts';

describe('The table of metrics', () => {
  const metrics: readonly Metric[] = METRICS;

  it('has each name once, and a sentence for it', () => {
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
    for (const { name, meaning } of metrics) {
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(meaning).toMatch(/^[A-Z1].*\.$/);
    }
  });

  it('publishes seven of a job unless told otherwise', () => {
    expect(DEFAULT_JOB_METRICS).toEqual([
      'CheckpointBytes',
      'GrowthRatio',
      'LiveBytes',
      'ReclaimableBytes',
      'DaysToBudget',
      'Lateness',
      'RestorePoints',
    ]);
  });

  it('lets all be selected but those that alarms compare anyway', () => {
    expect(ALARM_JOB_METRICS).toEqual(['JumpRatio', 'ReclaimableShare', 'DamagedNewest']);
    expect(SELECTABLE_METRICS).toEqual([
      'CheckpointBytes',
      'IncrementBytes',
      'GrowthRatio',
      'LiveBytes',
      'ReclaimableBytes',
      'TotalBytes',
      'GrowthBytesPerDay',
      'DaysToBudget',
      'Lateness',
      'RestorePoints',
      'DamagedRoots',
      'MonthlyCost',
    ]);
  });
});
