import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Md5, Md5Reader, printMd5 } from '#core/inventory/md5.ts';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

function print({ a, b, c, d, parts }: Md5): string {
  return printMd5(a, b, c, d, parts);
}

describe('an ETag as words', () => {
  it.each([MD5, '0'.repeat(32), 'f'.repeat(32), `${MD5}-1`, `${MD5}-17`, `${MD5}-255`])('gives back %s', (etag) => {
    const reader = new Md5Reader();

    expect(reader.read(etag)).toBe(true);
    expect(print(reader)).toBe(etag);
    expect(reader.readBytes(Buffer.from(`<${etag}>`), 1, 1 + etag.length)).toBe(true);
    expect(print(reader)).toBe(etag);
  });

  it.each([
    '',
    MD5.slice(1),
    `${MD5}0`,
    MD5.toUpperCase(),
    `${MD5}-`,
    `${MD5}-0`,
    `${MD5}-01`,
    `${MD5}-256`,
    `${MD5}-1000`,
    `${MD5}-12345`,
    `${MD5}-1x`,
    `g${MD5.slice(1)}`,
    `${MD5.slice(0, 31)}g`,
    `${MD5.slice(0, 15)}é${MD5.slice(16)}`,
  ])('is not made of %s', (etag) => {
    const bytes = Buffer.from(`${etag}aaaaaaaa`);

    expect(new Md5Reader().read(etag)).toBe(false);
    expect(new Md5Reader().readBytes(bytes, 0, bytes.length - 8)).toBe(false);
  });

  it('is read alike from a text and from its bytes', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 31, maxLength: 33 });
    const etag = fc.tuple(digits, fc.constantFrom('', '-', '-1', '-30', '-300')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(etag, fc.nat(3), (text, before) => {
        const [ofText, ofBytes] = [new Md5Reader(), new Md5Reader()];
        const isMd5 = ofText.read(text);

        expect(ofBytes.readBytes(Buffer.from('x'.repeat(before) + text), before, before + text.length)).toBe(isMd5);
        if (isMd5) expect(print(ofBytes)).toBe(print(ofText));
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
