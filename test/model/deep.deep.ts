import { describe, expect, it } from 'vitest';
import { liveAll } from './lives.ts';
import { profileOf, shakenProfileOf } from './profile.ts';
import { useVirtualTime } from './virtual-time.ts';

useVirtualTime();

const HOUR = 3_600_000;
const LENGTHS = [
  [300, 1_000],
  [1_000, 400],
  [3_000, 100],
] as const;

/** Lives of different lengths, a million steps together; by another seed every day. */
describe.each([
  { settings: 'as sharp as they may be', profile: profileOf },
  { settings: 'at random', profile: shakenProfileOf },
])('Lives with settings $settings', ({ profile }) => {
  it.each(LENGTHS)('of %i steps, %i of them, lose nothing', { timeout: 4 * HOUR }, async (steps, runs) => {
    const seed = Math.floor(Date.now() / (24 * HOUR));
    console.log(`--seed ${seed}`);

    const sum = await liveAll({ seed, runs, steps }, profile);

    expect(sum.steps).toBe(steps * runs);
  });
});
