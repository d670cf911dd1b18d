import { assert, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASCII, decodeModifiedUtf8, MULTIBYTE, scanModifiedUtf8 } from '#core/flink/metadata/modified-utf8.ts';
import { modifiedUtf8 } from '#test/support/byte-sink.ts';

function scan(bytes: Uint8Array): number {
  return scanModifiedUtf8(viewOf(bytes), 0, bytes.length);
}

function decode(bytes: Uint8Array): string {
  return decodeModifiedUtf8(viewOf(bytes), 0, bytes.length);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

describe('Modified UTF-8', () => {
  it.each(['', 'a', 'abcdefg', 's3://bucket/key'])('knows "%s" for ASCII', (text) => {
    expect(scan(Buffer.from(text))).toBe(ASCII);
  });

  it.each([
    ['a null in two bytes', 'c080', '\u0000'],
    ['a null in one byte before others', '00c3bc', '\u0000ü'],
    ['two bytes', '61c3bc62', 'aüb'],
    ['three bytes', 'e282ac', '€'],
    ['a character of two surrogates', 'eda0bdedb880', '😀'],
    ['a lone surrogate', 'eda0bd', '\ud83d'],
    ['an over-long form', 'c1a1', 'a'],
    ['a long group after a run of ASCII', '6161616161616161e282ac', 'aaaaaaaa€'],
  ])('decodes %s', (_, hex, text) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(scan(bytes)).toBe(MULTIBYTE);
    expect(decode(bytes)).toBe(text);
  });

  it.each([
    ['a group of two cut off', '6162c3', 2],
    ['a group of three cut off', 'e282', 0],
    ['a second byte that continues nothing', '61c341', 1],
    ['a second byte of three that continues nothing', 'e28241', 0],
    ['a third byte that begins a group', 'e282c3', 0],
    ['a continuation without a beginning', 'c3bc80', 2],
    ['a group of four', 'f09f9880', 0],
    ['a byte of all ones', 'ff', 0],
  ])('refuses %s and says where', (_, hex, at) => {
    expect(scan(Buffer.from(hex, 'hex'))).toBe(at);
  });

  it('gives back any text, lone surrogates included', () => {
    assert(
      property(string({ unit: 'binary' }), string({ unit: 'binary-ascii' }), (before, after) => {
        const text = `${before}\ud801${after}`;
        expect(decode(modifiedUtf8(text))).toBe(text);
      }),
      { seed: 20_250_609 },
    );
  });

  it('decodes the longest text that a file can hold', () => {
    const text = 'ü'.repeat(32_767);
    expect(decode(modifiedUtf8(text))).toBe(text);
  });

  it('answers for any bytes', () => {
    assert(
      property(uint8Array({ maxLength: 40 }), (bytes) => {
        const found = scan(bytes);
        if (found === MULTIBYTE) {
          expect(decode(bytes).length).toBeGreaterThan(0);
        } else {
          expect(found).toBeGreaterThanOrEqual(ASCII);
          expect(found).toBeLessThan(Math.max(bytes.length, 1));
        }
      }),
      { seed: 20_250_610 },
    );
  });
});
