import { expect, it } from 'vitest';
import { liveAll } from './lives.ts';
import { useVirtualTime } from './virtual-time.ts';

useVirtualTime();

const HOUR = 3_600_000;

/** Lives of different lengths, a million steps together; by another seed every day. */
it.each([
  [300, 1_000],
  [1_000, 400],
  [3_000, 100],
])('lives of %i steps, %i of them, lose nothing', { timeout: 4 * HOUR }, async (steps, runs) => {
  const seed = Math.floor(Date.now() / (24 * HOUR));

  const sum = await liveAll({ seed, runs, steps });

  expect(sum.steps).toBe(steps * runs);
});
