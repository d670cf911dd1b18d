import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText, spread } from '#core/guard/text-hash.ts';

describe('The hash of a text', () => {
  it('is the same from its beginning and its rest as of the whole', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (beginning, rest) => {
        expect(hashText(rest, hashText(beginning))).toBe(hashText(beginning + rest));
      }),
    );
  });

  it('is spread over all blocks of a filter, for names that differ in one digit only', () => {
    const upper = new Set(Array.from({ length: 256 }, (_, at) => spread(hashText(`s3://b/${at}`)) >>> 24));

    // Of 256 balls thrown into 256 boxes some 160 boxes get one.
    expect(upper.size).toBeGreaterThan(140);
  });
});
