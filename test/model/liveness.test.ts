import { describe, expect, it } from 'vitest';
import { liveKind } from './first-loss.ts';
import { ORDINARY } from './kinds.ts';
import { useVirtualTime } from './virtual-time.ts';

useVirtualTime();

// Many more of each: liveness.deep.ts.
describe('In a life with', () => {
  it.each(ORDINARY)('$what all garbage goes, and retiring goes on', async ({ kind }) => {
    const lives = await liveKind(kind, { most: 5, steps: 300 });

    expect(lives.some(({ deleted }) => deleted > 20)).toBe(true);
    expect(lives.some(({ retired }) => retired > 0)).toBe(true);
  });
});
