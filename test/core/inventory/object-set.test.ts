import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObjectSet } from '#core/inventory/object-set.ts';

const GROUP = 128;
const GREATEST = 0xffff_ffff;

function ascending(objects: Iterable<number>): readonly number[] {
  return [...new Set(objects)].sort((a, b) => a - b);
}

/** Stretches of objects with a distance from one to the next, some of them longer than a group. */
const STRETCH = fc
  .record({
    first: fc.oneof(fc.nat({ max: 5_000 }), fc.integer({ min: 0, max: GREATEST })),
    distances: fc.array(fc.constantFrom(1, 1, 1, 2, 7, 127, 128, 129, 16_384, 3_000_000), { maxLength: 3 * GROUP }),
  })
  .map(({ first, distances }) => {
    let object = first;
    return [first, ...distances.map((distance) => (object += distance))].filter((each) => each <= GREATEST);
  });
const OBJECTS = fc.array(STRETCH, { maxLength: 4 }).map((stretches) => stretches.flat());

describe('a set of objects', () => {
  it('holds what a plain list holds, in ascending order and each once, however it was put in', () => {
    fc.assert(
      fc.property(
        OBJECTS.chain((objects) => fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects))),
        ([objects, again]) => {
          const expected = ascending(objects);
          const set = ObjectSet.of(...again, ...objects);
          expect(set.size).toBe(expected.length);
          expect([...set]).toEqual(expected);
        },
      ),
      { seed: 31, numRuns: 300 },
    );
  });

  it('tells members from their neighbours, and finds those between two objects', () => {
    fc.assert(
      fc.property(OBJECTS, fc.array(fc.nat()), fc.nat(), fc.nat(), (objects, others, from, to) => {
        const members = new Set(objects);
        const set = ObjectSet.of(...objects);
        const near = objects.slice(0, 200).flatMap((object) => [object - 1, object, object + 1]);
        const asked = [...near, ...others, 0, GREATEST, GREATEST + 1].filter((object) => object >= 0);
        expect(asked.filter((object) => set.has(object))).toEqual(asked.filter((object) => members.has(object)));

        const least = asked[from % asked.length] ?? 0;
        const end = asked[to % asked.length] ?? 0;
        expect([...set.between(least, end)]).toEqual(
          ascending(objects).filter((object) => object >= least && object < end),
        );
      }),
      { seed: 32, numRuns: 300 },
    );
  });

  it.each([
    ['one', 1],
    ['a group', GROUP],
    ['a group and one', GROUP + 1],
    ['many groups', 50 * GROUP],
  ])('holds %s, side by side and far from one another', (_, count) => {
    for (const distance of [1, 9, 10, 200, 80_000]) {
      const members = Array.from({ length: count }, (_each, index) => 7 + index * distance);
      expect([...ObjectSet.of(...members)]).toEqual(members);
    }
  });

  it('holds the least and the greatest index there is', () => {
    expect([...ObjectSet.of(GREATEST, 0, GREATEST - 1)]).toEqual([0, GREATEST - 1, GREATEST]);
  });

  it('is empty where nothing was put in', () => {
    const set = ObjectSet.of();

    expect(set).toBe(ObjectSet.EMPTY);
    expect([set.size, ...set]).toEqual([0]);
    expect([set.has(0), set.some(() => true)]).toEqual([false, false]);
  });

  it('asks its members in order until one answers yes', () => {
    const asked: number[] = [];

    const found = ObjectSet.of(30, 10, 20).some((object) => {
      asked.push(object);
      return object === 20;
    });

    expect([found, asked]).toEqual([true, [10, 20]]);
    expect(ObjectSet.of(1, 2).some((object) => object > 2)).toBe(false);
  });
});
