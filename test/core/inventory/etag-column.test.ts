import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EtagColumn } from '#core/inventory/etag-column.ts';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

function columnOf(etags: readonly string[]): EtagColumn {
  const column = new EtagColumn();
  for (const etag of etags) {
    column.push(etag);
  }
  return column;
}

function roundTrip(etags: readonly string[]): readonly string[] {
  const column = columnOf(etags);
  return etags.map((_, index) => column.get(index));
}

describe('a column of ETags', () => {
  it('gives back what S3 and others write, to the letter', () => {
    const etags = [
      MD5,
      '0'.repeat(32),
      `0000000a${'f'.repeat(24)}`,
      `${MD5}-1`,
      `${MD5}-0`,
      `${MD5}-01`,
      `${MD5}-255`,
      `${MD5}-256`,
      `${MD5}-10000`,
      `${MD5}-10001`,
      `${MD5}-65535`,
      `${MD5}-99999`,
      `${MD5}-100000`,
      `${MD5}-`,
      `${MD5}-x`,
      MD5.toUpperCase(),
      `"${MD5}"`,
      `W/"${MD5}"`,
      `${MD5}\n`,
      MD5.slice(1),
      `${MD5}0`,
      '',
      '1715000000000-4711',
    ];
    expect(roundTrip(etags)).toEqual(etags);
  });

  it('gives back any text', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
    const s3 = fc.tuple(hex, fc.constantFrom('', '-'), fc.integer({ min: 0, max: 70_000 }));
    const etag = fc.oneof(
      hex,
      s3.map(([digits, hyphen, parts]) => `${digits}${hyphen}${parts}`),
      hex.map((digits) => digits.toUpperCase()),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(etag), (etags) => {
        expect(roundTrip(etags)).toEqual(etags);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('lets two of them change places, whatever they are', () => {
    const etags = [MD5, `${'0'.repeat(31)}1-7`, '1715000000000-4711', '', `${MD5}-300`];
    for (const [row] of etags.entries()) {
      for (const [other] of etags.entries()) {
        const column = columnOf(etags);
        const expected = [...etags];
        [expected[row], expected[other]] = [etags[other] ?? '', etags[row] ?? ''];

        column.swap(row, other);

        expect(etags.map((_, each) => column.get(each))).toEqual(expected);
      }
    }
  });
});
