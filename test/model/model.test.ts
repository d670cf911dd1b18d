import { describe, expect, it } from 'vitest';
import { liveAll } from './lives.ts';
import { shakenProfileOf } from './profile.ts';
import { useVirtualTime } from './virtual-time.ts';

useVirtualTime();

describe('Stewards beside Flink, step by step', () => {
  it('lose nothing that a restore needs, and leave no garbage once Flink rests', async () => {
    const { deleted, deletedCopies, retired, undone, deaths, failures, undecidable } = await liveAll({
      seed: 20_270_401,
      runs: 62,
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

  // Many more: deep.deep.ts.
  it('lose nothing by any settings, in any area, in shards or not, and an audit finds nothing at the end', async () => {
    const { deleted, retired, sharded, outside } = await liveAll(
      { seed: 20_270_411, runs: 14, steps: 250 },
      shakenProfileOf,
    );

    expect(deleted).toBeGreaterThan(50);
    expect(retired).toBeGreaterThan(0);
    expect(sharded).toBeGreaterThan(0);
    expect(outside).toBeGreaterThan(0);
  });
});
