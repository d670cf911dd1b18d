import fc from 'fast-check';
import pc from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  age,
  bytes,
  count,
  paragraph,
  printable,
  printableLines,
  shorten,
  shortenStart,
  table,
} from '#cli/print/text.ts';

function io(columns: number) {
  return {
    cwd: '/',
    clock: () => 0,
    columns,
    colors: pc.createColors(false),
    out: () => undefined,
    err: () => undefined,
  };
}

describe('Texts for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [99_949, '99.9 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [12_345_678_901_234, '12.3 TB'],
    [5e18, '5000 PB'],
  ])('%i bytes are %s', (amount, expected) => {
    expect(bytes(amount)).toBe(expected);
  });

  it.each([
    [-1, 'in the future'],
    [0, '0 s old'],
    [119, '119 s old'],
    [120, '2 min old'],
    [7_199, '119 min old'],
    [7_200, '2 h old'],
    [172_799, '47 h old'],
    [172_800, '2 d old'],
  ])('an age of %i seconds is %s', (seconds, expected) => {
    expect(age(seconds)).toBe(expected);
  });

  it('counts one and many', () => {
    expect([count(1, 'file'), count(2, 'file'), count(1_234, 'one', 'of many')]).toEqual([
      '1 file',
      '2 files',
      '1,234 of many',
    ]);
  });

  it('shortens in the middle', () => {
    expect([shorten('abcdef', 6, {}), shorten('abcdef', 5, {}), shorten('abcdef', 4, {})]).toEqual([
      'abcdef',
      'ab…ef',
      'ab…f',
    ]);
  });

  it.each([
    ['注文処理注文処理', 16, '注文処理注文処理', '注文処理注文処理'],
    ['注文処理注文処理', 15, '注文処…文処理', '…文処理注文処理'],
    ['注文処理', 7, '注…理', '…文処理'],
    ['注文処理', 6, '注…理', '…処理'],
    ['注文処理', 5, '注…理', '…処理'],
    ['e\u0301e\u0301e\u0301e\u0301', 3, 'e\u0301…e\u0301', '…e\u0301e\u0301'],
    ['👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 5, '👩‍👩‍👧…👩‍👩‍👧', '…👩‍👩‍👧👩‍👩‍👧'],
  ])('shortens %s to %i columns, no character torn', (text, width, middle, start) => {
    expect([shorten(text, width, {}), shortenStart(text, width, {})]).toEqual([middle, start]);
  });

  it('shortens nothing that a program reads', () => {
    const io = { keepsNames: true };
    expect([shorten('abcdef', 4, io), shortenStart('abcdef', 4, io)]).toEqual(['abcdef', 'abcdef']);
  });

  it('never shortens to more columns than there are', () => {
    const characters = fc.constantFrom('a', '注', 'é', 'e\u0301', '👩‍👩‍👧', '…', 'ﾊﾞ', '한');
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 30 }), fc.integer({ min: 2, max: 30 }), (all, width) => {
        const text = all.join('');
        for (const shortened of [shorten(text, width, {}), shortenStart(text, width, {})]) {
          expect(stringWidth(shortened)).toBeLessThanOrEqual(width);
          expect(shortened === text || stringWidth(text) > width).toBe(true);
        }
      }),
      { seed: 20_271 },
    );
  });

  it.each([
    ['plain ünï 日本 \u{1f600}', 'plain ünï 日本 \u{1f600}'],
    ['a\nb\tc\u0000\u001b\u007f\u009b', 'a\\x0ab\\x09c\\x00\\x1b\\x7f\\x9b'],
    ['\u202eexe.txt\u2066', '\\u202eexe.txt\\u2066'],
    ['lone \udc80', 'lone \\udc80'],
  ])('shows %j without anything that moves a cursor', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('keeps the line breaks of a text of several lines', () => {
    expect(printableLines('a\u0007\nb')).toBe('a\\x07\nb');
  });
});

describe('A paragraph', () => {
  it('is broken at spaces, words whole', () => {
    const long = 'x'.repeat(60);

    expect(paragraph(`one two three four five six seven eight nine ${long} end`, io(40), '- ', '  ')).toBe(
      `- one two three four five six seven\n  eight nine\n  ${long}\n  end\n`,
    );
  });

  it('keeps an option and its value in one line, so that both are copied', () => {
    expect(paragraph('Give the name of this place with --as s3://bucket and run again', io(40))).toBe(
      'Give the name of this place with\n--as s3://bucket and run again\n',
    );
  });

  it('is broken by columns, of which some characters take two', () => {
    const words = '注文処理 '.repeat(12).trim();

    expect(paragraph(words, io(40), '注: ')).toBe(
      [
        '注: 注文処理 注文処理 注文処理 注文処理',
        '    注文処理 注文処理 注文処理 注文処理',
        '    注文処理 注文処理 注文処理 注文処理',
        '',
      ].join('\n'),
    );
  });

  it('is never wider than 120 columns, nor narrower than 40', () => {
    const text = 'word '.repeat(60).trim();

    expect(
      Math.max(
        ...paragraph(text, io(500))
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBe(119);
    expect(
      Math.max(
        ...paragraph(text, io(10))
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBe(39);
  });
});

describe('A table', () => {
  it('has its columns one under the other, without trailing spaces', () => {
    const drawn = table(
      [{ head: 'name' }, { head: 'size', right: true }, { head: '' }],
      [
        ['a', '1', 'x'],
        ['bcdefg', '22', ''],
      ],
      io(80),
    );

    expect(drawn).toBe('name    size\na          1  x\nbcdefg    22\n');
  });

  it('has its columns one under the other where characters take two columns or none', () => {
    const drawn = table(
      [{ head: 'name' }, { head: 'why', wrap: true }],
      [
        ['注文処理', 'one 二二 three four five six'],
        ['orders', '\u001b[2mdim\u001b[22m'],
      ],
      io(30),
    );

    expect(drawn).toBe(
      'name      why\n注文処理  one 二二 three four\n          five six\norders    \u001b[2mdim\u001b[22m\n',
    );
  });

  it('breaks the text of the column that may be broken, where it would be too wide', () => {
    const drawn = table(
      [{ head: 'name' }, { head: 'why', wrap: true }],
      [
        ['a', 'one two three four five six'],
        ['b', 'x'],
      ],
      io(30),
    );

    expect(drawn).toBe('name  why\na     one two three four five\n      six\nb     x\n');
  });
});
