import { describe, expect, it } from 'vitest';
import { renamedRootCandidates } from '#core/collect/renamed-root-candidates.ts';
import { DAY, DIRECTORY, world } from '#test/support/world.ts';

describe('The candidates for roots under other names', () => {
  it('are no more than a run may look at of each kind, and the others are counted', () => {
    const names = ['_metadata.bak', '_metadata.old', '_metadata.1'].map((name) => `${DIRECTORY}/chk-7/${name}`);
    const { objects } = world({ objects: Object.fromEntries(names.map((key) => [key, { age: DAY, bytes: 100 }])) });

    const { left } = renamedRootCandidates(objects, 1);

    expect(left).toBe(2);
  });
});
