import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '#core/key-order.ts';
import { layShards, type Shard, type ShardCut, ShardMap } from '#core/shards/key-ranges.ts';
import { weighedCuts } from '#core/shards/weighed-cuts.ts';

function holds(shard: Shard, at: number, key: string): boolean {
  return shard.some(
    ({ location, after, until }) =>
      location === at &&
      (after === undefined || compareKeys(key, after) > 0) &&
      (until === undefined || compareKeys(key, until) <= 0),
  );
}

describe('Shards of an area', () => {
  it('are the whole area where it is not cut', () => {
    expect(layShards(2, [])).toEqual([[{ location: 0 }, { location: 1 }]]);
  });

  it('may hold a part of a location, several locations, or nothing', () => {
    const cuts: readonly ShardCut[] = [
      { location: 1, key: null },
      { location: 0, key: 'm' },
      { location: 0, key: 'm' },
    ];

    expect(layShards(3, cuts)).toEqual([
      [{ location: 0, until: 'm' }],
      [],
      [{ location: 0, after: 'm' }, { location: 1 }],
      [{ location: 2 }],
    ]);
    expect(layShards(1, [{ location: 0, key: null }])).toEqual([[{ location: 0 }], []]);
  });

  it('hold every key once, and are found by it', () => {
    const anyKey = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'chk-1', '\u{1f600}', '\uffff'), maxLength: 5 });
    const anyCut = fc.record({ location: fc.nat(2), key: fc.option(anyKey, { freq: 9 }) });
    fc.assert(
      fc.property(fc.array(anyCut, { maxLength: 6 }), fc.nat(2), anyKey, (cuts, location, key) => {
        const shards = layShards(3, cuts);

        const found = shards.flatMap((shard, at) => (holds(shard, location, key) ? [at] : []));

        expect(shards).toHaveLength(cuts.length + 1);
        expect(found).toEqual([new ShardMap(shards).shardOf(location, key)]);
      }),
    );
  });

  it('know no location that is not in the area', () => {
    expect(() => new ShardMap(layShards(1, [])).shardOf(1, 'a')).toThrow('No shard holds a location 1.');
  });
});

describe('Cuts by weight', () => {
  it('leave about as many objects in each shard', () => {
    const samples = ['d', 'b', 'a', 'c'].map((key) => ({ location: 0, key, objects: 10 }));

    expect(weighedCuts(samples, 1)).toEqual([]);
    expect(weighedCuts(samples, 2)).toEqual([{ location: 0, key: 'b' }]);
    expect(weighedCuts(samples, 4).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  it('fall together where one place holds most objects, and are none where nothing is known', () => {
    const samples = [
      { location: 0, key: 'a', objects: 1 },
      { location: 1, key: 'b', objects: 98 },
      { location: 1, key: 'c', objects: 1 },
    ];

    expect(weighedCuts(samples, 3).map(({ key }) => key)).toEqual(['b', 'b']);
    expect(weighedCuts([], 3)).toEqual([]);
  });
});
