import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { layShards, ShardMap } from '#core/shards/key-ranges.ts';
import { weighedCuts } from '#core/shards/weighed-cuts.ts';
import { sampleKeys } from '#operations/shards/sample-keys.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { BUCKET } from '#test/support/world.ts';

/** How many objects each shard gets. */
async function sizesOf(store: MovingStore, shards: number): Promise<readonly number[]> {
  const area = new Area([BUCKET]);
  const samples = await sampleKeys(area, [{ location: 0, store }], shards, undefined);
  const map = new ShardMap(layShards(1, weighedCuts(samples, shards)));
  const sizes = Array.from({ length: map.count }, () => 0);
  for (const key of store.keys()) {
    const shard = map.shardOf(0, key);
    sizes[shard] = (sizes[shard] ?? 0) + 1;
  }
  return sizes;
}

function randomName(number: number): string {
  return `${Math.floor((number * 2 ** 32) / 5_000)
    .toString(16)
    .padStart(8, '0')}-0b6e-4d38-a3d1-000000000000`;
}

describe('A sample of the keys', () => {
  it('divides a folder with more files than a page shows by the names of the first', async () => {
    const store = new MovingStore({ objectsPerPage: 500 });
    for (let number = 0; number < 5_000; number++) store.put(`flink/job/shared/${randomName(number)}`, '');

    const sizes = await sizesOf(store, 4);

    for (const size of sizes) expect(Math.abs(size - 1_250)).toBeLessThan(130);
  });

  it('divides many small folders', async () => {
    const store = new MovingStore({});
    for (let folder = 0; folder < 40; folder++) {
      for (let number = 0; number < 10; number++) store.put(`flink/${String(folder).padStart(2, '0')}/${number}`, '');
    }

    const sizes = await sizesOf(store, 4);

    for (const size of sizes) expect(Math.abs(size - 100)).toBeLessThanOrEqual(20);
  });

  it('asks of no more folders than it takes, and counts the others as one page each', async () => {
    const store = new MovingStore({});
    for (let folder = 0; folder < 200; folder++) store.put(`flink/${String(folder).padStart(3, '0')}/file`, '');

    const sizes = await sizesOf(store, 2);

    expect(store.calls.filter((call) => call.startsWith('children'))).toHaveLength(64);
    expect(sizes).toHaveLength(2);
    for (const size of sizes) expect(size).toBeGreaterThan(50);
  });

  it('leaves an empty area in one piece', async () => {
    expect(await sizesOf(new MovingStore({}), 3)).toEqual([0]);
  });
});
