import { describe, expect, it } from 'vitest';
import { type CsvValue, csvLines } from '#core/csv.ts';

const cell = (value: CsvValue): string | undefined => [...csvLines({ name: () => value }, [null])][1];

describe('A table as CSV', () => {
  it('has the names of its columns, then a line for each row, each ended as RFC 4180 has it', () => {
    const columns = { key: ({ key }: { key: string }) => key, live_bytes: () => 1234567, none: () => null };

    const lines = [...csvLines(columns, [{ key: 'a' }, { key: 'b' }])];

    expect(lines).toEqual(['key,live_bytes,none\r\n', 'a,1234567,\r\n', 'b,1234567,\r\n']);
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "a"', '"say ""a"""'],
    ['ünïcode 東京', 'ünïcode 東京'],
    ['a\nb\u001b[31m', 'a\\x0ab\\x1b[31m'],
    ['', ''],
    [true, 'true'],
    [-12.5, '-12.5'],
  ])('writes %j as %s', (value, written) => {
    expect(cell(value)).toBe(`${written}\r\n`);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)'])('gives %s to no spreadsheet as a formula', (text) => {
    expect(cell(text)).toBe(`'${text}\r\n`);
  });

  it('keeps a formula a text where it is quoted too', () => {
    expect(cell('=HYPERLINK("http://x","y")')).toBe(`"'=HYPERLINK(""http://x"",""y"")"\r\n`);
  });
});
