import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHalf, printHex, readHalf } from '#core/hex-words.ts';

describe('words of hex digits', () => {
  it('prints eight digits and reads them again', () => {
    expect([0, 1, 0xffff, 0x10000, 0xffff_ffff].map(printHex)).toEqual([
      '00000000',
      '00000001',
      '0000ffff',
      '00010000',
      'ffffffff',
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (word) => {
        expect(printHex(word)).toBe(word.toString(16).padStart(8, '0'));
        expect(parseHalf(`x${printHex(word)}y`, 1)).toBe(word >>> 16);
        expect(readHalf(Buffer.from(`x${printHex(word)}y`), 1)).toBe(word >>> 16);
        expect(parseHalf(`x${printHex(word)}`, 5)).toBe(word & 0xffff);
      }),
      { seed: 14 },
    );
  });

  it.each([
    '000A',
    '000g',
    '000`',
    '000/',
    '000:',
    '000',
    '',
    '-001',
    '0x01',
    '０000',
    '00\u{7f}0',
    '00\u{80}0',
    '00é0',
  ])('reads no number from %j', (text) => {
    expect(parseHalf(text, 0)).toBeLessThan(0);
    expect(readHalf(Buffer.from(text), 0)).toBeLessThan(0);
  });
});
