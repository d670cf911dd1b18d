import { describe, expect, it } from 'vitest';
import { ALARMS, type AlarmKind, breaches, DEFAULT_THRESHOLDS, JOB_ALARMS, thresholdOf } from '#core/signals/alarms.ts';
import { METRICS } from '#core/signals/metrics.ts';
import { FUNCTION_METRICS } from '#functions/shared/runtime.ts';

describe('The alarms', () => {
  const kinds: readonly AlarmKind[] = ALARMS;

  it('have names of their own that fit into a link', () => {
    expect(new Set(kinds.map(({ id }) => id)).size).toBe(kinds.length);
    for (const { id, runbook } of kinds) {
      expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(runbook).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    }
  });

  it('compare what is published for their scope', () => {
    const scopes = new Map<string, string>(METRICS.map(({ name, scope }) => [name, scope]));
    for (const { source } of kinds) {
      if (source.of === 'job') expect(['job', 'both']).toContain(scopes.get(source.metric));
      if (source.of === 'fleet') expect(['fleet', 'both']).toContain(scopes.get(source.metric));
      if (source.of === 'functions') expect(Object.values(FUNCTION_METRICS)).toContain(source.metric);
    }
  });

  it('look back no further than queries over many jobs can', () => {
    for (const { hours } of kinds) {
      expect(hours).toBeGreaterThanOrEqual(1);
      expect(hours).toBeLessThanOrEqual(3);
    }
  });

  it('count those on single jobs apart', () => {
    expect(JOB_ALARMS.map(({ id }) => id)).toEqual([
      'size-jump',
      'budget',
      'reclaimable-share',
      'late-checkpoint',
      'no-restore-point',
      'damaged-newest',
    ]);
  });

  it('take their threshold from the settings where there is one', () => {
    expect(thresholdOf({ threshold: 'lateness' }, { ...DEFAULT_THRESHOLDS, lateness: 7 })).toBe(7);
    expect(thresholdOf({ threshold: 1 }, DEFAULT_THRESHOLDS)).toBe(1);
  });

  it.each([
    ['above', 3, false],
    ['above', 3.01, true],
    ['below', 3, false],
    ['below', 2.99, true],
  ] as const)('%s 3 judge %d as %s', (comparison, value, expected) => {
    const kind = { comparison, threshold: 3, missing: 'notBreaching' } as const;
    expect(breaches(kind, value, DEFAULT_THRESHOLDS)).toBe(expected);
  });

  it('take a missing value as each of them says', () => {
    const kind = { comparison: 'below', threshold: 1 } as const;
    expect(breaches({ ...kind, missing: 'breaching' }, null, DEFAULT_THRESHOLDS)).toBe(true);
    expect(breaches({ ...kind, missing: 'notBreaching' }, null, DEFAULT_THRESHOLDS)).toBe(false);
  });
});
