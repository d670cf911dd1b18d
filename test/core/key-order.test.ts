import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '#core/key-order.ts';

const SEED = 20_260_101;

/** Units around every border of the order, so that random strings meet the borders often. */
const unit = fc.constantFrom('/', 'a', '\ud7ff', '\ud800', '\udbff', '\udc00', '\udc80', '\udfff', '\ue000', '\uffff');
const anyString = fc.array(unit, { maxLength: 6 }).map((units) => units.join(''));
const wellFormed = fc.oneof(
  anyString.map((text) => text.replaceAll(/\p{Cs}/gu, '-')),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

describe('compareKeys', () => {
  it('orders well-formed keys as their UTF-8 bytes', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));

        expect(Math.sign(compareKeys(a, b))).toBe(expected);
      }),
      { seed: SEED, numRuns: 5_000 },
    );
  });

  it('orders every string, lone surrogates too, as its code points', () => {
    fc.assert(
      fc.property(anyString, anyString, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(compareCodePoints(a, b));
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  it.each([
    ['', 'a', -1],
    ['chk-10/_metadata', 'chk-9/_metadata', -1],
    ['a-b', 'a/b', -1],
    ['a.b', 'a/b', -1],
    ['a0', 'a/b', 1],
    ['same', 'same', 0],
    ['\uffff', '\u{10000}', -1],
    ['\u{1f600}', '\u{1f601}', -1],
    ['\udc80', '\u{10000}', -1],
    ['\udcff', '\ue000', -1],
    ['\ud83d', '\ud83d\ude00', -1],
    ['\ud83da', '\ud83d\ude00', -1],
  ])('compares %j with %j as %i', (a, b, expected) => {
    expect(Math.sign(compareKeys(a, b))).toBe(expected);
    expect(Math.sign(compareKeys(b, a))).toBe(expected === 0 ? 0 : -expected);
  });
});

function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a, codePoint);
  const right = Array.from(b, codePoint);
  const at = left.findIndex((point, index) => point !== right[index]);
  if (at < 0) return Math.sign(left.length - right.length);
  return (left[at] ?? -1) < (right[at] ?? -1) ? -1 : 1;
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? -1;
}
