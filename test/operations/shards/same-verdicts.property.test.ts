import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyArea, anyCuts } from '#test/support/any-area.ts';
import { decideBoth, retentionRulesOf, rulesOf } from '#test/support/sharded-area.ts';

const SEED = 20_270_301;

describe('An area in shards', () => {
  it('is judged as by one process, whatever lies in it and wherever it is cut', async () => {
    const rules = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyArea, anyCuts, async (area, cuts) => {
        const { atOnce, inShards } = await decideBoth(area, cuts);

        expect(inShards).toEqual(atOnce);
        for (const rule of [...rulesOf(atOnce), ...retentionRulesOf(atOnce)]) rules.add(rule);
      }),
      { seed: SEED, numRuns: 60 },
    );
    // Else the property would hold for areas in which nothing is decided.
    expect([...rules]).toEqual(
      expect.arrayContaining([
        ...['pinned', 'named-by-root', 'base-name', 'named-by-renamed-root', 'copy', 'foreign-directory', 'garbage'],
        ...['needed-by-name', 'repairable', 'starting-job', 'restored-from', 'ambiguous-savepoint', 'keep-last'],
        ...['rootless-directory', 'no-later-checkpoint', 'quarantine', 'other-name', 'lost-directory'],
      ]),
    );
  });
});
