import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyArea, anyCuts } from '#test/support/any-area.ts';
import { decideBoth, rulesOf } from '#test/support/sharded-area.ts';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);

describe('Areas in shards', () => {
  it.each(SEEDS)('are judged as by one process (seed %i)', async (seed) => {
    const rules = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anyArea, anyCuts, async (area, cuts) => {
        const { atOnce, inShards } = await decideBoth(area, cuts);

        expect(inShards).toEqual(atOnce);
        for (const rule of rulesOf(atOnce)) rules.set(rule, (rules.get(rule) ?? 0) + 1);
      }),
      { seed, numRuns: 500 },
    );
    expect(rules.get('garbage')).toBeGreaterThan(0);
  });
});
