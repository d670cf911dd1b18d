import { expect, it } from 'vitest';
import { liveKind } from './first-loss.ts';
import { ORDINARY } from './kinds.ts';
import { useVirtualTime } from './virtual-time.ts';

useVirtualTime();

it.each(ORDINARY)('in lives with $what all garbage goes, and retiring goes on', async ({ kind }) => {
  const lives = await liveKind(kind, { from: 1_000, most: 150, steps: 600 });

  expect(lives.filter(({ deleted }) => deleted > 20).length).toBeGreaterThan(50);
  expect(lives.filter(({ retired }) => retired > 0).length).toBeGreaterThan(10);
});
