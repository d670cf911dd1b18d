import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NamedBy } from '#core/collect/named-by.ts';
import type { Root } from '#core/collect/roots.ts';
import { ObjectSet } from '#core/inventory/object-set.ts';
import { unreadRoot } from '#test/support/world.ts';

const WINDOW = 65_536;
const OBJECT = fc.constantFrom(0, 1, 2, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW, 5 * WINDOW + 7);

function rootNaming(objects: readonly number[], index: number): Root {
  return { ...unreadRoot({ key: `chk-${index}/_metadata` }), objects: ObjectSet.of(...objects) };
}

describe('the roots of an object', () => {
  it('are counted, and the first of them given, wherever the object lies', () => {
    fc.assert(
      fc.property(fc.array(fc.array(OBJECT), { maxLength: 9 }), fc.array(OBJECT), (named, asked) => {
        const roots = named.map(rootNaming);
        const namedBy = new NamedBy(roots, 3);
        for (const object of asked) {
          const expected = roots.filter((_, root) => named[root]?.includes(object));
          expect(namedBy.count(object)).toBe(expected.length);
          expect(namedBy.some(object)).toEqual(expected.slice(0, 3));
        }
      }),
      { seed: 24, numRuns: 100 },
    );
  });

  it('are gathered anew when a root was read since', () => {
    const roots = [rootNaming([7], 1)];
    const namedBy = new NamedBy(roots, 5);
    expect(namedBy.count(7)).toBe(1);

    roots.push(rootNaming([7, 8], 2));
    namedBy.forget();

    expect([namedBy.count(7), namedBy.count(8), namedBy.count(9)]).toEqual([2, 1, 0]);
    expect(namedBy.some(7)).toEqual(roots);
  });
});
