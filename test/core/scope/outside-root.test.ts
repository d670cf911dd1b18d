import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { Area, type AreaLocation, type PlaceMapping } from '#core/area/area.ts';
import { parseFlinkPath } from '#core/flink/state-path.ts';
import { folderAbove, mayBeRoot, OutsideReading, prefixToAdd, rootFolderOf } from '#core/scope/outside-root.ts';
import { JOB } from '#test/support/played-job.ts';

const FLINK: AreaLocation = { name: 's3://b/flink', store: 's3://b', prefix: 'flink/', hidden: 0 };

function mapping(from: string, to: string): PlaceMapping {
  const [a, b] = [parseFlinkPath(from), parseFlinkPath(to)];
  if (a === null || b === null) throw new Error('No path.');
  return { from: a, to: b };
}

function read(area: Area, paths: readonly string[], { relative = false, key = 'other/savepoint-1/_metadata' } = {}) {
  const reading = new OutsideReading(area, { store: 's3://b', key });
  for (const path of paths) reading.reference({ path, relative, bytes: 1n, segment: false });
  const { files, first, unresolvable } = reading;
  return { files, first, unresolvable };
}

describe('Reading an outside root', () => {
  it('counts the references into the area, and remembers the first', () => {
    const area = new Area([FLINK]);

    const found = read(area, ['s3://b/other/savepoint-1/x', 's3a://b/flink/job/shared/y', 's3://b/flink/z']);

    expect(found).toEqual({ files: 2, first: 's3a://b/flink/job/shared/y', unresolvable: null });
  });

  it('resolves relative references in its own directory, which is outside', () => {
    const area = new Area([FLINK]);

    expect(read(area, ['x'], { relative: true })).toEqual({ files: 0, first: null, unresolvable: null });
  });

  it('finds the area under its other names', () => {
    const area = new Area([FLINK], [], [mapping('s3://point-s3alias', 's3://b')]);

    expect(read(area, ['s3://point-s3alias/flink/x'])).toMatchObject({ files: 1 });
  });

  it('tells the first path that Flink can not resolve', () => {
    expect(read(new Area([FLINK]), ['', 's3://b/flink/x'])).toMatchObject({ files: 1, unresolvable: '' });
  });

  it('takes the directory literally whose name Flink would not write', () => {
    expect(read(new Area([FLINK]), ['x'], { relative: true, key: 'a\\b//_metadata' })).toMatchObject({ files: 0 });
  });
});

describe('The first four bytes of a root', () => {
  it.each([
    [[0x49, 0x60, 0x67, 0x2d], true],
    [[0x49, 0x60], true],
    [[], true],
    [[...Buffer.from('PAR1')], false],
    [[0x49, 0x60, 0x67, 0x2e], false],
  ])('%j: %s', (bytes, expected) => {
    expect(mayBeRoot(Uint8Array.from(bytes))).toBe(expected);
  });
});

describe('The folder of a root', () => {
  it.each([
    [`a/${JOB}/chk-7/_metadata`, `a/${JOB}/`, 'a/'],
    ['a/savepoint-123456-0123456789ab/_metadata', 'a/savepoint-123456-0123456789ab/', 'a/'],
    ['savepoint-1/_metadata', 'savepoint-1/', ''],
    ['_metadata', '', ''],
  ])('of %s is %s, and %s brings it into the area', (key, folder, prefix) => {
    expect(rootFolderOf(key)).toBe(folder);
    expect(prefixToAdd(key, [])).toBe(prefix);
  });

  it('alone is added where the ledger is beside it', () => {
    expect(prefixToAdd('a/savepoint-1/_metadata', ['a/ledger/'])).toBe('a/savepoint-1/');
  });

  it('has one above it, unless it is the top', () => {
    expect([folderAbove('a/b/'), folderAbove('a/'), folderAbove('')]).toEqual(['a/', '', null]);
  });
});
