import { mkdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AreaEntry } from '#config/steward-config.ts';
import { Area } from '#core/area/area.ts';
import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import { LocationError, openArea, urlPath } from '#steward/open-area.ts';
import { failureOf, keysOf } from '#test/support/object-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const clock = (): number => 7;

function directory(path: string, as?: string): AreaEntry {
  return { kind: 'directory', path, ...(as === undefined ? {} : { as }) };
}

async function messageOf(entries: readonly AreaEntry[], cwd: string): Promise<string> {
  const failure = await failureOf(() => openArea(entries, cwd, clock));
  expect(failure).toBeInstanceOf(LocationError);
  return failure instanceof Error ? failure.message : '';
}

/** Where a reference leads in an area that was opened. */
async function locate(entries: readonly AreaEntry[], cwd: string, reference: string): Promise<unknown> {
  const { locations, aliases } = await openArea(entries, cwd, clock);
  const path = parseFlinkPath(reference);
  return path === null
    ? null
    : new Area(
        locations.map(({ area }) => area),
        [],
        aliases,
      ).locate(placeOf(path));
}

describe('openArea', () => {
  it('opens a directory under its own name', async () => {
    // Prepare
    const cwd = await realpath(await makeDirectory({ 'copy/a/b': '' }));

    // Act
    const { locations, aliases } = await openArea([directory('./copy')], cwd, clock);

    // Assess
    expect(locations.map(({ area }) => area)).toEqual([
      { name: './copy', store: 'file://', prefix: `${cwd.slice(1)}/copy/`, hidden: cwd.length + 5 },
    ]);
    expect(aliases).toEqual([]);
    expect(await Promise.all(locations.map(({ store }) => keysOf(store, { prefix: '' })))).toEqual([['a/b']]);
    expect(await Promise.all(locations.map(({ store }) => store.now()))).toEqual([7]);
  });

  it.each([
    ['s3://bucket', 's3a://bucket/a/b', 'a/b'],
    ['s3a://bucket/flink/', 's3://bucket/flink/a', 'flink/a'],
    ['file:///opt/flink', 'file:/opt/flink/a', 'opt/flink/a'],
    ['file:///', 'file:/a', 'a'],
  ])('opens a directory as what it stands for: %s', async (as, reference, key) => {
    const cwd = await makeDirectory();

    expect(await locate([directory('.', as)], cwd, reference)).toEqual({ within: 'area', location: 0, key });
    expect(await locate([directory('.', as)], cwd, 's3://other/a')).toEqual({ within: 'elsewhere' });
  });

  it('knows a directory behind a link by both names', async () => {
    // Prepare
    const cwd = await realpath(await makeDirectory({ 'real/a': '' }));
    await symlink('real', join(cwd, 'link'));
    const key = `${cwd.slice(1)}/link/a`;

    // Act
    const found = await Promise.all(
      ['link', 'real'].map((name) => locate([directory('link')], cwd, `file:${cwd}/${name}/a`)),
    );

    // Assess
    expect(found).toEqual([
      { within: 'area', location: 0, key },
      { within: 'area', location: 0, key },
    ]);
  });

  it('leaves it to the listing to say that a directory is not there', async () => {
    const { locations } = await openArea([directory('none')], await makeDirectory(), clock);

    expect(
      await Promise.all(locations.map(({ store }) => failureOf(() => keysOf(store, { prefix: '' })))),
    ).toMatchObject([{ code: 'no-such-place' }]);
  });

  it('takes directories side by side', async () => {
    const cwd = await makeDirectory({ 'a/x': '', 'ab/x': '' });

    const { locations } = await openArea([directory('a'), directory('ab')], cwd, clock);

    expect(locations.length).toBe(2);
  });

  it.each([
    ['the same directory twice', ['a', './a']],
    ['one within the other', ['.', 'a']],
    ['the same one through a link', ['a', 'link']],
    ['one within the other through a link', ['outer', 'link']],
  ])('refuses %s, for a file would be judged twice', async (_, paths) => {
    // Prepare
    const cwd = await makeDirectory({ 'a/x': '', 'outer/in/x': '' });
    await symlink(paths.includes('outer') ? 'outer/in' : 'a', join(cwd, 'link'));

    // Act
    const message = await messageOf(
      paths.map((path) => directory(path)),
      cwd,
    );

    // Assess
    expect(message).toMatch(/is inside .* judged twice/);
  });

  it('refuses the same directory under two names', async () => {
    const cwd = await makeDirectory({ 'a/x': '' });

    expect(await messageOf([directory('a', 's3://one'), directory('a', 's3://two')], cwd)).toContain('judged twice');
  });

  it('refuses two directories of which one stands for a part of the other', async () => {
    const cwd = await makeDirectory();
    await mkdir(join(cwd, 'a'));
    await mkdir(join(cwd, 'b'));

    const message = await messageOf([directory('a', 's3://b/flink/x'), directory('b', 's3a://b/flink')], cwd);

    expect(message).toBe(
      'The URL of a (as s3://b/flink/x/) is inside the URL of b (as s3://b/flink/), so a reference could mean a file in either of them. Nothing was done. Give them different URLs with "as", or give only the outer location.',
    );
  });

  it.each([
    ['s3://bucket', 's3://bucket', ''],
    ['s3://bucket/', 's3://bucket', ''],
    ['s3a://bucket/flink/a b/', 's3://bucket', 'flink/a b/'],
  ])('opens the bucket of %s', async (url, name, prefix) => {
    const { locations, aliases } = await openArea([{ kind: 's3', url }], '/', clock);

    expect(locations.map(({ area, store }) => ({ area, name: store.name }))).toEqual([
      { area: { name: url, store: 's3://bucket', prefix, hidden: 0 }, name },
    ]);
    expect(aliases).toEqual([]);
  });

  it('refuses a bucket beside a directory that stands for a part of it', async () => {
    const entries: readonly AreaEntry[] = [
      { kind: 's3', url: 's3://bucket/flink' },
      { kind: 'directory', path: 'copy', as: 's3a://bucket/flink/checkpoints' },
    ];

    expect(await messageOf(entries, '/')).toContain('a reference could mean a file in either of them');
  });

  it.each([
    ['s3://jobs--euw1-az1--x-s3/flink', 'is a directory bucket'],
    ['s3://mfzwi23gnjvgw.mrap/flink', 'That is a multi-region access point, and only a bucket can be listed'],
    ['s3://a b/flink', 'is not a valid bucket name'],
    ['s3://', 'this is not a URL'],
  ])('refuses %s', async (url, message) => {
    expect(await messageOf([{ kind: 's3', url }], '/')).toContain(message);
  });
});

describe('urlPath', () => {
  it.each(['', './copy', '/opt/flink', 's3://', 's3:/bucket', '3s://bucket', 's3://[x'])('refuses %j', (url) => {
    expect(() => urlPath(url, 'aliases')).toThrow(LocationError);
    expect(() => urlPath(url, 'aliases')).toThrow(`aliases ${url}: this is not a URL`);
  });

  it.each(['s3://bucket', 'S3A://bucket/x', 'file:///opt', 'file:/opt', 'hdfs://namenode:8020/flink'])(
    'takes %j',
    (url) => {
      expect(urlPath(url, '--as')).toEqual(parseFlinkPath(url));
    },
  );
});
