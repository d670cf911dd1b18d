import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '#core/key-order.ts';
import { isCovered, type KeySpan, spansBetween } from '#core/scope/remainder.ts';

function isIn(key: string, { after, until }: KeySpan): boolean {
  return (after === undefined || compareKeys(key, after) > 0) && (until === undefined || compareKeys(key, until) <= 0);
}

describe('The spans between prefixes', () => {
  it('are none where a prefix covers everything', () => {
    expect(spansBetween([''])).toEqual([]);
  });

  it('lie before, between and behind the prefixes, in the order of keys', () => {
    expect(spansBetween(['m/', 'b/'])).toEqual([{ until: 'b/' }, { after: 'b/~', until: 'm/' }, { after: 'm/~' }]);
  });

  it.each([
    ['before the first prefix', 'a', [{ after: 'a', until: 'b/' }, { after: 'b/~' }]],
    ['at the end of a span', 'b/', [{ after: 'b/~' }]],
    ['between two spans', 'b/x', [{ after: 'b/~' }]],
    ['in the last span', 'z', [{ after: 'z' }]],
  ])('begin behind a cursor %s', (_, cursor, spans) => {
    expect(spansBetween(['b/'], cursor)).toEqual(spans);
  });

  it('hold every key once that no prefix covers, before or behind any cursor', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', '~', '0', '.', 'é', '\u{1F600}'), maxLength: 5 });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 4 }), name, fc.option(name), (names, key, cursor) => {
        const prefixes = names
          .map((one) => `${one}/`)
          .filter((one, at, all) => all.every((other, i) => i === at || !one.startsWith(other)));
        const spans = spansBetween(prefixes, cursor).filter((span) => isIn(key, span));
        const isWanted = !isCovered(key, prefixes) && (cursor === null || compareKeys(key, cursor) > 0);
        expect(spans.length).toBeLessThanOrEqual(1);
        if (isWanted) expect(spans).toHaveLength(1);
      }),
    );
  });
});
