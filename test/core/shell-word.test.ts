import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord } from '#core/shell-word.ts';

describe('a text as one word of a shell', () => {
  it.each([
    ['s3://bucket/flink/chk-1/_metadata', 's3://bucket/flink/chk-1/_metadata'],
    ['a%41+b=c,d@e', 'a%41+b=c,d@e'],
    ['', "''"],
    ['.', '.'],
    ['..', "'..'"],
    ['a.', "'a.'"],
    ['a:', "'a:'"],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ["'", "''\\'''"],
    ['$HOME', "'$HOME'"],
    ['~', "'~'"],
    ['a\nb', "'a\nb'"],
    ['a\n', "'a\n'"],
    ['é', "'é'"],
  ])('writes %j as %s', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });

  it('is read by a shell as the text that it was', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'ab \'"\\$`!*?[]{}()<>|&;#~=%\n\té/-'.split('')) });
    const texts = fc.sample(hostile, { seed: 6, numRuns: 300 });
    const read = execFileSync('sh', ['-c', `printf '%s\\0' ${texts.map(shellWord).join(' ')}`], { encoding: 'utf8' });
    expect(read.split('\0').slice(0, -1)).toEqual(texts);
  });
});
