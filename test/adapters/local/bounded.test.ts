import { describe, expect, it } from 'vitest';
import { mapBounded } from '#adapters/local/bounded.ts';

describe('mapBounded', () => {
  it('keeps the order of the items, whichever ends first', async () => {
    const results = await mapBounded([3, 1, 2], 3, async (turns) => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      return turns * 10;
    });

    expect(results).toEqual([30, 10, 20]);
  });

  it('begins nothing after a failure, and waits for what is under way before it throws', async () => {
    // Prepare
    const begun: number[] = [];
    const ended: number[] = [];

    // Act
    const mapping = mapBounded([0, 1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error('one failed');
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      ended.push(item);
    });

    // Assess
    await expect(mapping).rejects.toThrow('one failed');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([0]);
  });

  it('maps nothing to nothing', async () => {
    expect(await mapBounded([], 4, async () => 1)).toEqual([]);
  });
});
