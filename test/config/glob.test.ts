import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileProtect, globProblem, ProtectPatterns } from '#config/glob.ts';

const seed = { seed: 20_253, numRuns: 1000 };
/** Whatever an S3 key may hold. */
const anyKey = fc.string({
  unit: fc.oneof(fc.constantFrom(...'/./{}[]()*?!+@|"\\ \n\r$^a-'), fc.string({ unit: 'binary', maxLength: 1 })),
  minLength: 1,
  maxLength: 40,
});

describe('compileProtect', () => {
  it.each([
    ['flink/ha/**', 'flink/ha/job/blob', true],
    ['flink/ha/**', 'flink/hatter/blob', false],
    ['flink/ha', 'flink/ha', true],
    ['flink/ha', 'flink/ha/a/b', true],
    ['flink/ha', 'flink/hat', false],
    ['flink/ha/', 'flink/ha/a', true],
    ['flink/*/keep', 'flink/eu/keep', true],
    ['flink/*/keep', 'flink/eu/west/keep', false],
    ['flink/h*/', 'flink/ha/x/y', true],
    ['**/.hidden', 'a/.hidden', true],
    ['**/*.jar', 'app.jar', true],
    ['**/*.jar', 'a/.b/app.jar', true],
    ['**', 'a\nb/c', true],
    ['a/*', 'a/x\ny', true],
    ['a/**', 'a/../b', true],
    ['a/*/c', 'a/./c', true],
    ['a/./*', 'a/./..', true],
    ['a/./*', 'a/b/c', false],
    ['a/**', 'a//b', true],
    ['a/?', 'a/b', true],
    ['a/?', 'a/bc', false],
    ['a/[0-9]', 'a/7', true],
    ['a/[!0-9]', 'a/7', false],
    ['a/[!0-9]', 'a/x', true],
    ['{a,b}/**', 'b/x', true],
    ['{a,b}/**', 'c/x', false],
    ['a/{b}', 'a/{b}/c', true],
    ['\\{a,b', '{a,b/c', true],
    ['a\\*b', 'a*b/c', true],
    ['a\\*b', 'axb', false],
    ['a\\b', 'a\\b', true],
    ['\\data/*', 'data/x', true],
    ['\\data/*', '7ata/x', false],
    ['copy (1)/*', 'copy (1)/x', true],
    ['a|b/*', 'a|b/x', true],
    ['a|b/*', 'a', false],
    ['[ab]+/*', 'a+/x', true],
    ['[ab]+/*', 'aa/x', false],
    ['"x"/*', '"x"/y', true],
    ['!a/*', '!a/x', true],
    ['!a/*', 'b/x', false],
    ['@(a)/*', '@(a)/x', true],
  ])('%j protects %j: %s', (pattern, key, expected) => {
    expect(compileProtect([pattern])(key)).toBe(expected);
  });

  it('protects nothing without patterns', () => {
    expect(compileProtect([])('a')).toBe(false);
  });

  it('protects by any of several patterns', () => {
    const protects = compileProtect(['a', 'b/*']);
    expect([protects('a/x'), protects('b/x'), protects('c')]).toEqual([true, true, false]);
  });

  it('protects a key by its own text, and what is below it, whatever characters it holds', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (folder, rest) => {
        fc.pre(globProblem(folder) === undefined);
        const protects = compileProtect([folder]);
        expect(protects(folder)).toBe(true);
        expect(protects(`${folder.replace(/\/$/, '')}/${rest}`)).toBe(true);
      }),
      seed,
    );
  });

  it('protects all below a folder by /**, once wildcards in its name are escaped', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (folder, rest) => {
        const pattern = `${folder.replaceAll(/[*?[\]{}\\]/g, '\\$&')}/**`;
        fc.pre(globProblem(pattern) === undefined && !folder.endsWith('/'));
        expect(compileProtect([pattern])(`${folder}/${rest}`)).toBe(true);
      }),
      seed,
    );
  });

  it('matches segments as a plain matcher of * and ** does', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', '.a', 'a(b');
    const inPattern = fc.oneof(segment, fc.constantFrom('*', '**', 'a*', '*b'));
    fc.assert(
      fc.property(
        fc.array(inPattern, { minLength: 1, maxLength: 5 }),
        fc.array(segment, { minLength: 1, maxLength: 5 }),
        (pattern, key) => {
          fc.pre(pattern.some((part) => part.includes('*')));
          expect(compileProtect([pattern.join('/')])(key.join('/'))).toBe(plainMatch(pattern, key));
        },
      ),
      seed,
    );
  });

  it('never throws on a key', () => {
    const protects = compileProtect(['**/ha/**', 'a/{b,c}/[x-z]*', '*?*', 'a\\[b/*']);
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(protects(key)).toBeTypeOf('boolean');
      }),
      seed,
    );
  });

  it.each([
    ['', 'Write a pattern of 1 to 1024 characters, such as flink/ha/**.'],
    ['x'.repeat(1025), 'Write a pattern of 1 to 1024 characters, such as flink/ha/**.'],
    ['s3://bucket/ha/**', 'Patterns match keys: write the key without scheme and bucket, such as flink/ha/**.'],
    ['flink/ha**', '** must be a whole segment of the path: write /**/ between names, or a single * within one.'],
    ['a\\\\\\\\b*', 'Write a ? for each backslash: several backslashes in a row are not supported.'],
    ['a\0*', 'Write a ? for each zero byte: zero bytes are not supported.'],
    ['./ha/*', 'Patterns match keys: leave out the ./ before the first name.'],
    ['part-{10..20}', 'Ranges in braces are not supported: write the alternatives out, such as {1,2,3}.'],
    [
      '[z-a]',
      'Write a pattern of *, **, ?, [a-z] and {a,b}, and put a backslash before each of these characters that stands for itself.',
    ],
    [
      '{a,b',
      'Write a pattern of *, **, ?, [a-z] and {a,b}, and put a backslash before each of these characters that stands for itself.',
    ],
  ])('refuses %j rather than protect something else', (pattern, advice) => {
    expect(() => compileProtect([pattern])).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: `${JSON.stringify(pattern)} is not a valid pattern. ${advice}`,
      }),
    );
  });
});

describe('ProtectPatterns', () => {
  it('knows which patterns have matched nothing', () => {
    const patterns = new ProtectPatterns(['ha/**', 'old', '**/x']);
    expect(patterns.unused()).toEqual(['ha/**', 'old', '**/x']);
    expect([patterns.matches('ha/x'), patterns.matches('ha/y'), patterns.matches('z')]).toEqual([true, true, false]);
    expect(patterns.unused()).toEqual(['old']);
  });

  it('refuses what compileProtect refuses', () => {
    expect(() => new ProtectPatterns([''])).toThrow('"" is not a valid pattern.');
  });
});

/** Segment by segment: `**` takes any number of segments, `*` any text within one. */
function plainMatch(pattern: readonly string[], key: readonly string[]): boolean {
  const [first, ...others] = pattern;
  if (first === undefined) {
    return key.length === 0;
  }
  if (first === '**') {
    return plainMatch(others, key) || (key.length > 0 && plainMatch(pattern, key.slice(1)));
  }
  const [segment, ...below] = key;
  return segment !== undefined && plainSegment(first, segment) && plainMatch(others, below);
}

function plainSegment(pattern: string, segment: string): boolean {
  const [before = '', after] = pattern.split('*');
  return after === undefined
    ? segment === pattern
    : segment.length >= before.length + after.length && segment.startsWith(before) && segment.endsWith(after);
}
