import { describe, expect, it } from 'vitest';
import { ALARMS, type AlarmKind, JOB_ALARMS } from '#core/signals/alarms.ts';
import {
  ALARM_JOB_METRICS,
  DEFAULT_JOB_METRICS,
  METRICS,
  type Metric,
  SELECTABLE_METRICS,
  SPARING_FLEET_METRICS,
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

  it('publishes two of a job unless told otherwise', () => {
    expect(DEFAULT_JOB_METRICS).toEqual(['CheckpointBytes', 'TotalBytes']);
  });

  it('publishes while they matter those of jobs that alarms compare, and no others', () => {
    const compared = JOB_ALARMS.map(({ source }) => source.metric);
    expect([...ALARM_JOB_METRICS].sort()).toEqual([...compared].sort());
  });

  it('has each metric of the fleet that an alarm compares published while it matters, but the heartbeat and what is told at once', () => {
    const kinds: readonly AlarmKind[] = ALARMS;
    const compared = kinds.flatMap(({ source }) => (source.of === 'fleet' ? [source.metric] : []));
    expect(compared.filter((name) => !SPARING_FLEET_METRICS.some((sparing) => sparing === name))).toEqual([
      'LostObjects',
      'Heartbeat',
    ]);
  });

  it('lets all be selected but those that only exist while they matter', () => {
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
