import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseName,
  type FlinkPath,
  isS3Scheme,
  parseFlinkPath,
  placeOf,
  printFlinkPath,
  printPlace,
  resolveReference,
} from '#core/flink/state-path.ts';

/** What `new Path(text).toString()` prints in Flink 2.3.0 (the same in 1.20.5); null where it throws. */
const AS_FLINK_PRINTS: readonly (readonly [text: string, printed: string | null])[] = [
  ['s3://b/k', 's3://b/k'],
  ['s3a://bucket/flink/cp/x', 's3a://bucket/flink/cp/x'],
  ['S3://Bucket/Key', 'S3://Bucket/Key'],
  ['s3://b', 's3://b'],
  ['s3://b/', 's3://b/'],
  ['s3:///k', 's3:/k'],
  ['s3:/k', 's3:/k'],
  ['s3://', 's3:/'],
  ['s3:', null],
  ['s3:k', null],
  ['s3:.', null],
  ['s3:a/..', null],
  ['file:/tmp/x', 'file:/tmp/x'],
  ['file:///tmp/x', 'file:/tmp/x'],
  ['file://host/x', 'file://host/x'],
  ['hdfs://namenode:8020/a', 'hdfs://namenode:8020/a'],
  ['hdfs://[::1]:8020/a', 'hdfs://[::1]:8020/a'],
  ['//host/a', '//host/a'],
  ['//host', '//host'],
  ['//', '/'],
  ['/', '/'],
  ['/a', '/a'],
  ['a/b', 'a/b'],
  ['a', 'a'],
  ['.', ''],
  ['..', '..'],
  ['./a', 'a'],
  ['../a', '../a'],
  ['/..', '/..'],
  ['/../a', '/../a'],
  ['/a/..', '/'],
  ['/a/../..', '/..'],
  ['a/..', ''],
  ['a/b/..', 'a/'],
  ['/a/./b', '/a/b'],
  ['/a/b/../../c', '/c'],
  ['/a/...', '/a/...'],
  ['/.a', '/.a'],
  ['s3://b/a/..', 's3://b/'],
  ['s3://b/a/.', 's3://b/a/'],
  ['s3://b/./a', 's3://b/a'],
  ['s3://b/../a', 's3://b/../a'],
  ['s3://b/a//b///c/', 's3://b/a/b/c'],
  ['s3://b//a', 's3://b/a'],
  ['s3://b\\c/d', 's3://b\\c/d'],
  ['s3:\\\\b\\c', 's3:/b/c'],
  ['s3://b/a\\b', 's3://b/a/b'],
  ['\\a\\b\\', '/a/b'],
  ['s3://b/a b', 's3://b/a b'],
  ['s3://b/%41', 's3://b/%41'],
  ['s3://b/%', 's3://b/%'],
  ['s3://b/%zz%20', 's3://b/%zz%20'],
  ['s3://b/a?b=c', 's3://b/a?b=c'],
  ['s3://b/a#b', 's3://b/a#b'],
  ['s3://b/a?b#c', 's3://b/a?b#c'],
  ['s3://b/é日本😀', 's3://b/é日本😀'],
  ['s3://b/e\u0301', 's3://b/e\u0301'],
  ['s3://b/\u00a0\u0001\u2028', 's3://b/\u00a0\u0001\u2028'],
  ['s3://b/\ud800', 's3://b/\ud800'],
  ['s3://b/[x]{y}|^~"<>', 's3://b/[x]{y}|^~"<>'],
  ['s3://b/a:b', 's3://b/a:b'],
  ['s3://b/a+b&c=d;e,f@g$h!', 's3://b/a+b&c=d;e,f@g$h!'],
  ['s3://b_c/k', 's3://b_c/k'],
  ['s3://a b/k', 's3://a b/k'],
  ['s3://%41/k', 's3://%41/k'],
  ['s3://b?q/k', 's3://b?q/k'],
  ['s3://[x/k', null],
  ['s3://b]/k', null],
  ['s3://[::1/k', null],
  ['C:', 'C:'],
  ['C:/', 'C:/'],
  ['C:\\x\\', 'C:/x'],
  ['c:x', 'c:x'],
  ['/C:/', 'C:/'],
  ['/C:/x', 'C:/x'],
  ['/ab:/', '/ab:/'],
  ['/ab:/x/', '/ab:/x'],
  ['file:/C:/', 'file:/C:/'],
  ['file:///C:/x', 'file:/C:/x'],
  ['1s://b/k', null],
  ['s_3://b/k', null],
  [':a', null],
  ['s+3.x-y://b/k', 's+3.x-y://b/k'],
  ['a:b', 'a:b'],
  ['ab:c', null],
  ['./a:b', './a:b'],
  ['./a:b/../c:d', './c:d'],
  ['a/../b:c', './b:c'],
  ['/a:b', 'a:b'],
  ['#a', '#a'],
  ['?a', '?a'],
];

/** What `new Path(new Path(directory), text).toString()` prints in Flink 2.3.0; null where it throws. */
const AS_FLINK_RESOLVES: readonly (readonly [directory: string, text: string, printed: string | null])[] = [
  [
    's3://b/cp/j/chk-3',
    '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d',
    's3://b/cp/j/chk-3/0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d',
  ],
  ['s3://b/cp/j/chk-3', 'a b', 's3://b/cp/j/chk-3/a b'],
  ['s3://b/cp/j/chk-3', '%41', 's3://b/cp/j/chk-3/%41'],
  ['s3://b/cp/j/chk-3', 'a/b', 's3://b/cp/j/chk-3/a/b'],
  ['s3://b/cp/j/chk-3', 'a//b/', 's3://b/cp/j/chk-3/a/b'],
  ['s3://b/cp/j/chk-3', '../shared/x', 's3://b/cp/j/shared/x'],
  ['s3://b/cp/j/chk-3', '..', 's3://b/cp/j'],
  ['s3://b/cp/j/chk-3', '../../../..', 's3://b/..'],
  ['s3://b/cp/j/chk-3', '../../../../../x', 's3://b/../../x'],
  ['s3://b/cp/j/chk-3', '.', 's3://b/cp/j/chk-3'],
  ['s3://b/cp/j/chk-3', './', 's3://b/cp/j/chk-3'],
  ['s3://b/cp/j/chk-3', '/x', 's3://b/cp/j/chk-3/x'],
  ['s3://b/cp/j/chk-3', '/', null],
  ['s3://b/cp/j/chk-3', '///x', 's3://b/cp/j/chk-3/x'],
  ['s3://b/cp/j/chk-3', 'x/..', 's3://b/cp/j/chk-3'],
  ['s3://b/cp/j/chk-3', 'x/y/..', 's3://b/cp/j/chk-3/x'],
  ['s3://b/cp/j/chk-3', 'a\\b', 's3://b/cp/j/chk-3/a/b'],
  ['s3://b/cp/j/chk-3', 'a?b#c', 's3://b/cp/j/chk-3/a?b#c'],
  ['s3://b/cp/j/chk-3', './a:b', 's3://b/cp/j/chk-3/a:b'],
  ['s3://b/cp/j/chk-3', 'a:b', null],
  ['s3://b/cp/j/chk-3', '/a:b', null],
  ['s3://b/cp/j/chk-3', 'C:x', null],
  ['s3://b/cp/j/chk-3', 's3://c/x', null],
  ['s3://b/cp/j/chk-3', 's3:/x', null],
  ['s3://b/cp/j/chk-3', '', null],
  ['s3://b/cp/j/chk-3', 'é', 's3://b/cp/j/chk-3/é'],
  ['s3://b/', 'x', 's3://b/x'],
  ['s3://b/', '..', 's3://b/..'],
  ['s3://b', 'x', 's3://b/x'],
  ['s3://b', '..', 's3://b/..'],
  ['/tmp/x', 'x', '/tmp/x/x'],
  ['/tmp/x', '..', '/tmp'],
  ['file:/tmp/x', 'x', 'file:/tmp/x/x'],
  ['file:/tmp/x', '..', 'file:/tmp'],
  ['a/b', 'x', 'a/b/x'],
  ['a/b', '..', 'a'],
  ['C:/x', 'x', 'C:/x/x'],
  ['C:/x', '..', 'C:/'],
  ['.', 'x', 'x'],
  ['.', '..', '..'],
  ['/', 'x', '/x'],
  ['/', '..', '/..'],
];

function parsed(text: string): FlinkPath {
  const path = parseFlinkPath(text);
  if (path === null) {
    throw new Error(`${text} is no path.`);
  }
  return path;
}

function printed(path: FlinkPath | null): string | null {
  return path === null ? null : printFlinkPath(path);
}

const SEGMENT = fc.oneof(
  fc.constantFrom('', '.', '..', 'chk-1', 'a b', '%41', 'a:b', '\\', 'C:', '?', '#', '\ud800'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const TEXT = fc
  .tuple(
    fc.constantFrom('', '/', 's3://b/', 's3a:/', 'file:///', '//h/', 'C:/', 'x:'),
    fc.array(SEGMENT, { maxLength: 6 }),
  )
  .map(([head, segments]) => head + segments.join('/'));

describe('Credentials in a stored path', () => {
  it.each([
    's3a://AKIAEXAMPLE:secret@bucket/flink/x',
    's3n://AKIAEXAMPLE:secret@bucket/flink/x',
    's3://KEY@bucket/flink/x',
  ])('are no part of the name of a bucket: %s', (text) => {
    const path = parseFlinkPath(text);

    expect(path).not.toBeNull();
    expect(path && placeOf(path)).toEqual({ store: 's3://bucket', key: 'flink/x' });
  });

  it('are part of the place in other stores, where they may mean another one', () => {
    const path = parseFlinkPath('abfs://container@account.dfs.core.windows.net/flink/x');

    expect(path && placeOf(path)).toEqual({ store: 'abfs://container@account.dfs.core.windows.net', key: 'flink/x' });
  });

  it('are not printed', () => {
    const path = parseFlinkPath('s3a://AKIAEXAMPLE:secret@bucket/flink/x');

    expect(path && printFlinkPath(path)).toBe('s3a://***@bucket/flink/x');
  });
});

describe('reading a path', () => {
  it.each(AS_FLINK_PRINTS)('reads %j as Flink does: %j', (text, expected) => {
    expect(printed(parseFlinkPath(text))).toBe(expected);
  });

  it('refuses an empty text', () => {
    expect(parseFlinkPath('')).toBeNull();
  });

  it.each(['?a:b', '#a:', '?:/x'])('refuses %j, which is an empty path to Flink and names no file', (text) => {
    expect(parseFlinkPath(text)).toBeNull();
  });

  it('takes a path apart', () => {
    expect(parseFlinkPath('s3a://bucket/a/b')).toEqual({ scheme: 's3a', authority: 'bucket', path: '/a/b' });
    expect(parseFlinkPath('//host')).toEqual({ scheme: null, authority: 'host', path: '' });
    expect(parseFlinkPath('s3:///k')).toEqual({ scheme: 's3', authority: null, path: '/k' });
    expect(parseFlinkPath('C:/x')).toEqual({ scheme: null, authority: null, path: '/C:/x' });
  });

  it('reads every path that Flink wrote, itself printed again, as the same place', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const path = parseFlinkPath(text);
        // Flink's own text may end in a slash (`a/b/..` is `a/`), which reading again takes away.
        fc.pre(path !== null && path.path !== '' && !path.path.endsWith('/'));
        expect(parseFlinkPath(printFlinkPath(path))).toEqual(path);
      }),
      { seed: 2, numRuns: 2_000 },
    );
  });

  it('leaves no backslash, no empty segment and no single dot but before a colon', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const path = parseFlinkPath(text)?.path ?? '';
        expect(path).not.toMatch(/\\|\/\/|\/\.\/|\/\.$|^\.\/[^:]*$|^\.$/);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});

describe('resolving a reference', () => {
  it.each(AS_FLINK_RESOLVES)('resolves, in %j, the relative %j as Flink does: %j', (directory, text, expected) => {
    expect(printed(resolveReference({ path: text, relative: true }, parsed(directory)))).toBe(expected);
  });

  it.each(['//c/x', '//c', 'C:/x', '?a:b', 's3://c'])(
    'refuses the relative %j, which Flink resolves to a place nobody meant',
    (text) => {
      expect(resolveReference({ path: text, relative: true }, parsed('s3://b/chk-1'))).toBeNull();
    },
  );

  it.each(['s3a://c/x', '//c/x', '/x', 'x', 's3:x', ''])(
    'takes the absolute %j as it is, whatever the directory',
    (text) => {
      expect(resolveReference({ path: text, relative: false }, parsed('s3://b/chk-1'))).toEqual(parseFlinkPath(text));
    },
  );

  it('puts a bare file name into the directory, percent signs and all', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !/[\\/:]|^\.\.?$/.test(name)),
        (name) => {
          expect(resolveReference({ path: name, relative: true }, parsed('s3://b/j/chk-1'))).toEqual({
            scheme: 's3',
            authority: 'b',
            path: `/j/chk-1/${name}`,
          });
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe('comparing places', () => {
  it('knows the S3 schemes, in any case', () => {
    expect(['s3', 's3a', 's3n', 's3p', 'S3A'].map(isS3Scheme)).toEqual([true, true, true, true, true]);
    expect(['s3x', 'file', 'hdfs', '', null].map(isS3Scheme)).toEqual([false, false, false, false, false]);
  });

  it.each([
    ['s3://b/a/k', 's3://b', 'a/k'],
    ['s3a://b/a/k', 's3://b', 'a/k'],
    ['S3P://b//a//k/', 's3://b', 'a/k'],
    ['s3n://b', 's3://b', ''],
    ['s3://b/', 's3://b', ''],
    ['s3://B/k', 's3://B', 'k'],
    ['s3://b/%41', 's3://b', '%41'],
    ['s3://b/a b', 's3://b', 'a b'],
    ['file:/tmp/x', 'file://', 'tmp/x'],
    ['file:///tmp/x', 'file://', 'tmp/x'],
    ['FILE:/tmp/x', 'file://', 'tmp/x'],
    ['/tmp/x', 'file://', 'tmp/x'],
    ['tmp/x', 'file://', 'tmp/x'],
    ['C:/x', 'file://', 'C:/x'],
    ['hdfs://namenode:8020/a', 'hdfs://namenode:8020', 'a'],
    ['//host/a', 'file://host', 'a'],
  ])('takes %s for the place %s and %s', (text, store, key) => {
    expect(placeOf(parsed(text))).toEqual({ store, key });
  });

  it('prints a place without any encoding', () => {
    expect(printPlace({ store: 's3://b', key: 'a b/%41' })).toBe('s3://b/a b/%41');
    expect(printPlace({ store: 'file://', key: 'tmp/x' })).toBe('file:///tmp/x');
  });

  it('gives the last segment of a path', () => {
    expect(['s3://b/a/k', 'k', 's3://b/a/', ''].map(baseName)).toEqual(['k', 'k', '', '']);
  });
});
