import { describe, expect, it } from 'vitest';
import { liveAll } from './lives.ts';
import { useVirtualTime } from './virtual-time.ts';

useVirtualTime();

describe('Stewards beside Flink, step by step', () => {
  it('lose nothing that a restore needs, and leave no garbage once Flink rests', async () => {
    const { deleted, deletedCopies, retired, undone, deaths, failures, undecidable } = await liveAll({
      seed: 20_270_401,
      runs: 70,
      steps: 300,
    });

    // Else it would hold for stewards that do nothing, and for a world in which nothing fails.
    expect(deleted).toBeGreaterThan(500);
    expect(deletedCopies).toBeGreaterThan(50);
    expect(retired).toBeGreaterThan(15);
    expect(undone).toBeGreaterThan(4);
    expect(deaths).toBeGreaterThan(8);
    expect(failures).toBeGreaterThan(25);
    expect(undecidable).toBeGreaterThan(4);
  });
});
