import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeySpan, SpanWalk, spansOfRoots, unionOf } from '#core/collect/root-spans.ts';
import { compareKeys } from '#core/key-order.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '-', '/'), maxLength: 3 });
const span = fc.tuple(key, key).map(([a, b]) => (compareKeys(a, b) <= 0 ? { from: a, to: b } : { from: b, to: a }));

function holds({ from, to }: KeySpan, of: string): boolean {
  return compareKeys(from, of) <= 0 && compareKeys(of, to) < 0;
}

describe('Spans of keys', () => {
  it('are those of a root and of the checkpoints of a directory', () => {
    const [root, checkpoints] = spansOfRoots('x/');

    const inside = ['x/_metadata', 'x/chk-1/_metadata', 'x/chk-\u{1f600}'];
    const outside = ['x/_metadat', 'x/_metadata1', 'x/chk', 'x/chk.', 'y/_metadata'];
    expect(inside.map((each) => holds(root, each) || holds(checkpoints, each))).toEqual([true, true, true]);
    expect(outside.filter((each) => holds(root, each) || holds(checkpoints, each))).toEqual([]);
  });

  it('hold the same keys when they are united, each in one span, in order', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), key, (spans, of) => {
        const united = unionOf(spans);

        expect(united.some((each) => holds(each, of))).toBe(spans.some((each) => holds(each, of)));
        for (const [at, { to }] of united.entries()) {
          const next = united[at + 1];
          if (next !== undefined) expect(compareKeys(to, next.from)).toBeLessThan(0);
        }
      }),
      { numRuns: 500, seed: 20_261_130 },
    );
  });

  it('are met between two keys wherever one of their keys can lie there', () => {
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 6 }),
        fc.uniqueArray(key, { minLength: 2, maxLength: 6 }),
        (spans, keys) => {
          const walk = new SpanWalk(unionOf(spans));
          const inOrder = keys.toSorted(compareKeys);
          for (const [at, after] of inOrder.slice(0, -1).entries()) {
            const before = inOrder[at + 1] ?? '';
            const expected = unionOf(spans).some(
              ({ from, to }) => compareKeys(from, before) < 0 && compareKeys(after, to) < 0,
            );

            expect(walk.covers(before)).toBe(spans.some((each) => holds(each, before)));
            expect(walk.meets(after, before)).toBe(expected);
            expect([...walk.beginnings(after, before)]).toEqual(
              unionOf(spans).flatMap(({ from }) =>
                compareKeys(after, from) < 0 && compareKeys(from, before) < 0 ? [from] : [],
              ),
            );
          }
        },
      ),
      { numRuns: 500, seed: 20_261_130 },
    );
  });
});
