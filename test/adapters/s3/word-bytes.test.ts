import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordBytes } from '#adapters/s3/word-bytes.ts';

/** Few different ones, so that texts are often the same, and those next to the one that is searched. */
const BYTES = fc
  .array(fc.constantFrom(0x00, 0x01, 0x3b, 0x3c, 0x3d, 0x80, 0xbc, 0xff), { maxLength: 40 })
  .map((bytes) => Buffer.from(bytes));

describe('Bytes that are looked through four at a time', () => {
  it('are found as one by one', () => {
    fc.assert(
      fc.property(BYTES, fc.nat({ max: 45 }), fc.constantFrom(0x00, 0x3c, 0xff), (bytes, from, byte) => {
        expect(new WordBytes(bytes).find(byte, from)).toBe(
          bytes.subarray(from).includes(byte) ? bytes.indexOf(byte, from) : -1,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('are the same as one by one', () => {
    fc.assert(
      fc.property(BYTES, BYTES, fc.nat({ max: 10 }), fc.nat({ max: 20 }), (text, between, first, length) => {
        // The text stands there twice, so that it is the same for long.
        const bytes = Buffer.concat([text, between, text]);
        const second = first + text.length + between.length;
        const isThere = second + length <= bytes.length;
        const areSame = bytes.subarray(first, first + length).equals(bytes.subarray(second, second + length));

        expect(new WordBytes(bytes).areSame(first, second, length)).toBe(isThere && areSame);
        expect(new WordBytes(bytes).areSame(0, first, length)).toBe(
          first + length <= bytes.length && bytes.subarray(0, length).equals(bytes.subarray(first, first + length)),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
