import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFileName, encodeFileName } from '#adapters/local/file-name.ts';

const SEED = 20_260_103;
const RUNS = 20_000;

/** Mostly bytes that begin, continue or break UTF-8 sequences. */
const byte = fc.oneof(
  fc.constantFrom(0x2f, 0x41, 0x80, 0xa9, 0xb2, 0xbf, 0xc0, 0xc3, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff),
  fc.nat(255),
);
const anyBytes = fc.array(byte, { maxLength: 12 }).map((bytes) => Buffer.from(bytes));
const anyText = fc.array(
  fc.constantFrom('a', 'é', '\ud83d', '\ude00', '\udc80', '\udcc3', '\udca9', '\udcff', '\u{1f600}'),
);

describe('file names as keys', () => {
  it('finds every name back, whatever its bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(encodeFileName(decodeFileName(bytes))).toEqual(bytes);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('gives a name one key only: a string has an encoding just when that decodes to it', () => {
    fc.assert(
      fc.property(anyText, (units) => {
        const text = units.join('');

        const bytes = encodeFileName(text);

        if (bytes !== undefined) expect(decodeFileName(bytes)).toBe(text);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('leaves UTF-8 as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeFileName(Buffer.from(text))).toBe(text);
        expect(encodeFileName(text)).toEqual(Buffer.from(text));
      }),
      { seed: SEED },
    );
  });

  it.each([
    ['latin-1', [0x66, 0xfc, 0x72], 'f\udcfcr'],
    ['a cut sequence', [0xf0, 0x9f, 0x98], '\udcf0\udc9f\udc98'],
    ['an encoded surrogate', [0xed, 0xb2, 0x80], '\udced\udcb2\udc80'],
    ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['a good sequence after a bad byte', [0xff, 0xc3, 0xa9, 0x2e], '\udcffé.'],
  ])('escapes %s', (_what, bytes, expected) => {
    expect(decodeFileName(Buffer.from(bytes))).toBe(expected);
  });

  it.each(['\ud83d', 'a\ude00', '\udc7f', '\udcc3\udca9'])('knows no name for %j', (text) => {
    expect(encodeFileName(text)).toBeUndefined();
  });
});
