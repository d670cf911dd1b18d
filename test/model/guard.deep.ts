import { describe, expect, it } from 'vitest';
import { playBusily } from './busy-flink.ts';
import { liveGuardedLives } from './guarded-flink.ts';

describe('A guard that is told of all deletions', () => {
  it('takes none of a million of busy jobs for a loss', async () => {
    const { told, losses } = await playBusily(20_270_704, { jobs: 100, minutes: 110, churn: 100, surveyed: 30 });

    expect(losses).toEqual([]);
    expect(told).toBeGreaterThan(1_000_000);
  });

  it('takes none of a Flink that fails, claims, cancels and dies for a loss, and finds what a rule takes', async () => {
    const { falseAlarms, taken, found } = await liveGuardedLives(20_270_801, 150, 2_000);

    expect(falseAlarms).toEqual([]);
    expect(found).toBe(taken);
  });
});
