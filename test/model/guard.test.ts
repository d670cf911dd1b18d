import { describe, expect, it } from 'vitest';
import { playBusily } from './busy-flink.ts';
import { liveGuardedLives } from './guarded-flink.ts';

// Many more of each: guard.deep.ts.
describe('A guard that is told of all deletions', () => {
  it('takes none of those of busy jobs for a loss', async () => {
    const { told, losses } = await playBusily(20_270_703, { jobs: 50, minutes: 26, churn: 100, surveyed: 20 });

    expect(losses).toEqual([]);
    expect(told).toBeGreaterThan(110_000);
  });

  it('takes none of a Flink that fails, claims, cancels and dies for a loss, and finds what a rule takes', async () => {
    const { told, suspected, falseAlarms, leftBroken, taken, found } = await liveGuardedLives(20_270_700, 16, 1_500);

    expect(falseAlarms).toEqual([]);
    expect(found).toBe(taken);
    // Else it would hold for a guard that never looks, and for a Flink that deletes nothing.
    expect(told).toBeGreaterThan(500);
    expect(suspected).toBeGreaterThan(100);
    expect(taken).toBeGreaterThan(20);
    expect(leftBroken).toBeLessThan(told / 50);
  });
});
