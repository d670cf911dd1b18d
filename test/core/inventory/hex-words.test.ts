import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHex, printHex } from '#core/inventory/hex-words.ts';

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
        expect(parseHex(`x${printHex(word)}y`, 1, 8)).toBe(word);
      }),
      { seed: 14 },
    );
  });

  it('reads as many digits as it is told', () => {
    expect([parseHex('0a1b2c', 0, 4), parseHex('0a1b2c', 2, 4), parseHex('0a1b2c', 0, 0)]).toEqual([0x0a1b, 0x1b2c, 0]);
  });

  it.each([
    '0000000A',
    '0000000g',
    '0000000`',
    '0000000/',
    '0000000:',
    '0000000',
    '',
    '-0000001',
    '0x000000',
    '０００００００0',
  ])('reads no number from %j', (text) => {
    expect(parseHex(text, 0, 8)).toBe(-1);
  });
});
